package main

import (
	"io"
	"log/slog"
)

// logOptions say what is logged, and how.
type logOptions struct {
	level  slog.LevelVar // may change while the server runs
	format string
}

func (o *options) declareLog(s *settings) {
	s.TextVar(&o.log.level, "log-level", new(slog.LevelVar), "`level` of the log: debug, info, warn or error; read again on SIGHUP")
	s.choiceVar(&o.log.format, "log-format", "`format` of the log: text or json", "text", "json")
}

// logger writes to w as the settings say.
func (l *logOptions) logger(w io.Writer) *slog.Logger {
	how := &slog.HandlerOptions{Level: &l.level}
	if l.format == "json" {
		return slog.New(slog.NewJSONHandler(w, how))
	}
	return slog.New(slog.NewTextHandler(w, how))
}
