package api

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

const (
	// window is how far a request's time may be from the server's, either way.
	window = 10 * time.Minute
	// maxNonce bounds a nonce, in bytes; those of the examples have 16.
	maxNonce = 64
	// maxBody bounds a request's body, in bytes.
	maxBody = 64 << 10
)

// authenticate finds out which app a request comes from. A signature counts once: its
// nonce is refused from then on until its time is over.
func (s *Server) authenticate(query url.Values, now time.Time) (protocol.AppID, error) {
	id, err := strconv.ParseUint(query.Get("AppId"), 10, 32)
	if err != nil || id == 0 {
		return 0, fail(codeAppID, "AppId %.20q is no app id: use a number above 0", query.Get("AppId"))
	}
	at, err := checkCommon(query)
	if err != nil {
		return 0, err
	}
	app, ok := s.apps.Get(uint32(id))
	if !ok {
		return 0, fail(codeNoSecret, "there is no app %d on this server", id)
	}
	if age := now.Sub(time.Unix(at, 0)); age > window || age < -window {
		return 0, fail(codeSignatureExpired, "Timestamp %d is %v from the server's time %d, more than %v: check the clocks", at, age.Abs().Truncate(time.Second), now.Unix(), window)
	}
	if !isSigned(app, query.Get("SignatureNonce"), at, query.Get("Signature"), now) {
		return 0, fail(codeSignature, "the signature is wrong: it is the MD5 of AppId, SignatureNonce, ServerSecret and Timestamp, in lowercase hexadecimal digits")
	}
	return protocol.AppID(id), s.nonces.use(protocol.AppID(id), query.Get("SignatureNonce"), at, now)
}

// checkCommon checks that the common parameters are there, and gives the request's time.
func checkCommon(query url.Values) (at int64, err error) {
	nonce := query.Get("SignatureNonce")
	if query.Get("Timestamp") == "" {
		return 0, fail(codeTimestampEmpty, "Timestamp is missing: send the time in seconds")
	}
	at, err = strconv.ParseInt(query.Get("Timestamp"), 10, 64)
	switch {
	case err != nil || at < 0 || at > 1<<40:
		return 0, fail(codeTimestamp, "Timestamp %.20q is no Unix time in seconds", query.Get("Timestamp"))
	case nonce == "" || len(nonce) > maxNonce:
		return 0, fail(codeNonceEmpty, "SignatureNonce is missing, or has more than %d characters: send 16 random hexadecimal digits", maxNonce)
	case query.Get("Signature") == "":
		return 0, fail(codeSignatureEmpty, "Signature is missing")
	case query.Get("SignatureVersion") == "":
		return 0, fail(codeVersionEmpty, "SignatureVersion is missing: send 2.0")
	case query.Get("SignatureVersion") != "2.0":
		return 0, fail(codeVersionUnsupported, "SignatureVersion %.20q is not supported: send 2.0", query.Get("SignatureVersion"))
	case query.Get("Action") == "":
		return 0, fail(codeActionEmpty, "Action is missing")
	}
	return at, nil
}

// isSigned reports whether the app's secret, or the one that it had until not long ago,
// made the signature. It takes as long for a wrong one as for a right one.
func isSigned(app auth.App, nonce string, at int64, signature string, now time.Time) bool {
	given, err := hex.DecodeString(signature)
	if err != nil {
		return false
	}
	is := subtle.ConstantTimeCompare(given, sign(app.ID, nonce, app.Secret, at))
	was := subtle.ConstantTimeCompare(given, sign(app.ID, nonce, app.Former, at))
	if app.Former == "" || !now.Before(app.FormerUntil) {
		was = 0
	}
	return is|was == 1
}

func sign(app uint32, nonce, secret string, at int64) []byte {
	sum := md5.Sum([]byte(strconv.FormatUint(uint64(app), 10) + nonce + secret + strconv.FormatInt(at, 10)))
	return sum[:]
}

// addBody adds the parameters that a POST has in its body, a JSON object, to the query's.
// Those of the gateway count only in the query.
func addBody(query url.Values, w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return nil
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.UseNumber()
	var body map[string]any
	if err := decoder.Decode(&body); err != nil {
		return fail(codeBody, "the body is not a JSON object of at most %d bytes: %v", maxBody, err)
	}
	for name, value := range body {
		if query.Has(name) {
			continue
		}
		values, ok := value.([]any)
		if !ok {
			values = []any{value}
		}
		for _, v := range values {
			text, ok := plain(v)
			if !ok {
				return fail(codeParameter, "%.50s must be a text, a number or true or false, or a list of them", name)
			}
			query.Add(name, text)
		}
	}
	return nil
}

func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
