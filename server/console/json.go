package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"expressrtc/server/protocol"
)

// maxBody bounds what the operator sends.
const maxBody = 64 << 10

// failure is an error as the API answers it; Code has words on the page.
type failure struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (f failure) Error() string { return f.Message }

func badInput(message string) error { return failure{http.StatusBadRequest, "input", message} }

// decode reads a request's body.
func decode[T any](r *http.Request) (body T, err error) {
	reader := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&body); err != nil {
		return body, badInput("the body cannot be read: " + err.Error())
	}
	return body, nil
}

// send writes an answer; a nil body is none.
func send(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // who asked may be gone
}

// fail writes what went wrong. What has no words of its own stays in the log.
func fail(w http.ResponseWriter, err error) {
	var f failure
	var coded *protocol.Error
	switch {
	case errors.As(err, &f):
	case errors.As(err, &coded):
		f = failure{http.StatusBadRequest, "input", coded.Message}
	default:
		f = failure{http.StatusInternalServerError, "internal", "that failed: see the server's log"}
	}
	if f.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="expressrtc"`)
	}
	send(w, f.Status, map[string]failure{"error": f})
}

// number reads a whole number of the query within bounds; what is absent is unset.
func number(r *http.Request, name string, unset, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return unset, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badInput(name + " must be a number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most))
	}
	return n, nil
}
