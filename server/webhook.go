package main

import (
	"context"
	"time"

	"expressrtc/server/metrics"
	"expressrtc/server/webhook"
)

// webhookOptions are the settings of callbacks; their addresses are the apps'.
type webhookOptions struct {
	timeout  time.Duration
	queue    int
	parallel int
}

func (o *options) declareWebhooks(s *settings) {
	w := &o.webhooks
	s.timeVar(&w.timeout, "callback-timeout", 10*time.Second, time.Second, time.Minute, "how long the receiver of an app's callbacks may take for one")
	s.intVar(&w.queue, "callback-queue", 20_000, 10, 1_000_000, "callbacks that wait, of one app; of more the oldest are lost")
	s.intVar(&w.parallel, "callback-parallel", 16, 1, 1_000, "callbacks of one app on their way at a time; one of each room")
}

// addWebhooks calls the apps' own servers back about what happens in rooms.
func (s *site) addWebhooks() error {
	o := s.options.webhooks
	s.webhooks = webhook.New(webhook.Config{
		App: s.apps.Get, Log: s.log, Timeout: o.timeout, MaxEvents: o.queue, Parallel: o.parallel,
	})
	s.reports = append(s.reports, s.webhooks.Hear)
	s.addCallbackFigures()
	s.services = append(s.services, service{"callbacks", s.webhooks.Serve, func(ctx context.Context) error {
		ctx, cancel := atLeast(ctx, callbackPatience)
		defer cancel()
		return s.webhooks.Shutdown(ctx)
	}})
	return nil
}

// callbackPatience is what callbacks have to be delivered in when the server stops, though
// a client that reads slowly has kept it from stopping for all the time that it had.
const callbackPatience = time.Second

// atLeast is ctx, or where that ends sooner, one that ends after so long.
func atLeast(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); !ok || time.Until(end) >= patience {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), patience)
}

func (s *site) addCallbackFigures() {
	s.metrics.Add(metrics.Series{
		Name: "callbacks_waiting", Help: "Callbacks that wait or are on their way.",
		Read: func() map[string]float64 { return metrics.One(s.webhooks.Stats().Queued) },
	})
	s.metrics.Add(metrics.Series{
		Name: "callbacks_total", Help: "What became of callbacks, and how often one was sent again.", Counter: true, Label: "result",
		Read: func() map[string]float64 {
			now := s.webhooks.Stats()
			return metrics.Labelled(map[string]uint64{
				"delivered": now.Delivered, "failed": now.Failed, "dropped": now.Dropped, "retried": now.Retried,
			})
		},
	})
}
