package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"expressrtc/server/signaling"
)

// dist is made by server/web/bundle; only its .keep is committed.
//
//go:embed all:dist
var embedded embed.FS

// Config sets up a Server. Its zero value serves the embedded files.
type Config struct {
	// Dist holds the files to serve; without it, those embedded in the program.
	Dist fs.FS
	// Dev says that Dist may change while the server runs.
	Dev bool
	// AllowOrigins are the origins whose pages may connect: "https://host[:port]", or "*".
	// Those of this machine always may.
	AllowOrigins []string
	// TrustHost lets pages connect that come from the host which their request names.
	// A server that only this machine reaches must not set it: any site on the web can
	// let its own name point here (DNS rebinding).
	TrustHost bool
	// StrictTransport tells browsers to come by HTTPS only, from now on.
	StrictTransport bool
	// TrustedProxies are addresses, or prefixes of them, whose word about the client, the
	// host and the scheme of a request counts. ProxyHeader is where they say it:
	// X-Forwarded-For, which is the default, or Forwarded.
	TrustedProxies []string
	ProxyHeader    string
	// Handlers answer what others of the server's packages own, by pattern. The RemoteAddr
	// that they see is the client's, and X-Forwarded-Host and -Proto may be believed.
	Handlers map[string]http.Handler
	// Signaling sets up the sockets.
	Signaling signaling.Config
	// Log gets what operators should know; nothing without it.
	Log *slog.Logger
}

// Server is the http.Handler of the whole server.
type Server struct {
	log     *slog.Logger
	mux     *http.ServeMux
	http    *http.Server
	sockets *signaling.Server
	files   *files
	origins *origins
	strict  bool
	proxies *proxies
	deaf    chan struct{} // closed when the listener is
}

// New makes a Server, or says what is wrong with the configuration.
func New(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Signaling.Log == nil {
		c.Signaling.Log = c.Log
	}
	origins, err := newOrigins(c)
	if err != nil {
		return nil, err
	}
	proxies, err := newProxies(c)
	if err != nil {
		return nil, err
	}
	files, err := newFiles(c)
	if err != nil {
		return nil, err
	}
	s := &Server{
		log:     c.Log,
		mux:     http.NewServeMux(),
		sockets: signaling.New(c.Signaling),
		files:   files,
		origins: origins,
		strict:  c.StrictTransport,
		proxies: proxies,
		deaf:    make(chan struct{}),
	}
	s.mux.HandleFunc("GET /ws", s.serveSocket)
	s.mux.HandleFunc("GET /accesshub", s.serveSocket)
	s.mux.HandleFunc("POST /ws", s.serveSocket)
	s.mux.HandleFunc("POST /accesshub", s.serveSocket)
	s.mux.HandleFunc("GET /healthz", serveHealth)
	s.mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.files.serve(w, r, isPublic) })
	for pattern, h := range c.Handlers {
		s.mux.Handle(pattern, h)
	}
	s.http = NewHTTPServer(s, c.Log)
	s.http.RegisterOnShutdown(sync.OnceFunc(func() { close(s.deaf) }))
	return s, nil
}

// NewHTTPServer makes a server that is bounded in the time of every part of a request and
// its answer, and in the size of headers. Each address of the program has one; those that
// need other bounds set them before it serves.
func NewHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      5 * time.Minute, // the SDK over a very slow line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.strict {
		w.Header().Set("Strict-Transport-Security", "max-age=15552000") // half a year
	}
	guard(w, r)
	s.mux.ServeHTTP(w, s.proxies.resolve(r))
}

// Sockets has the connections.
func (s *Server) Sockets() *signaling.Server { return s.sockets }

// Serve answers the requests that come in by ln until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// Shutdown closes the listener, then the sockets, telling their clients to come back,
// and waits for running requests as long as ctx allows.
func (s *Server) Shutdown(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.http.Shutdown(ctx) }()
	<-s.deaf
	err := errors.Join(s.sockets.Shutdown(ctx), <-stopped)
	if err != nil {
		return fmt.Errorf("stopping: %w", errors.Join(err, s.http.Close()))
	}
	return nil
}

func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, "ok")
}

// serveSocket hands a WebSocket, or a farewell to one, to signaling if its page may connect.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.origins.permit(r) {
		origin := r.Header.Get("Origin")
		if s.origins.firstRefusal(origin) {
			s.log.Warn("origin refused: to let its pages connect, start the server with --allow-origin",
				"origin", origin)
		}
		http.Error(w, fmt.Sprintf("pages from %q may not connect: start the server with --allow-origin %s",
			origin, origin), http.StatusForbidden)
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // or the farewells of other sites' pages are errors in their consoles
	s.sockets.ServeHTTP(w, r)
}
