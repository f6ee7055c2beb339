package web

import "net/http"

// maxBody bounds what a request may carry. Handlers have tighter bounds of their own.
const maxBody = 1 << 20

// guard sets what every answer has that does not say otherwise: a browser makes no more of
// it than it is, and no other site frames or embeds it. It bounds the body.
func guard(w http.ResponseWriter, r *http.Request) {
	set := w.Header().Set
	set("X-Content-Type-Options", "nosniff")
	set("Referrer-Policy", "same-origin")
	set("Cross-Origin-Resource-Policy", "same-origin")
	set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if r.ContentLength != 0 {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
}
