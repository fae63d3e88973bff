package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"signpost/bot"
	"signpost/handlers"
)

// What is kept, and for how long.
const (
	keepCases = 24 * time.Hour
)

// wire puts the rooms together around an open queue.
func (a *app) wire(
	ctx context.Context, c *config, cloud bot.Cloud, client *http.Client, credential azcore.TokenCredential,
	tenants map[string]handlers.Tenant, out outside,
) error {
	cases, err := a.queue.Bucket(ctx, "cases", keepCases)
	if err != nil {
		return err
	}
	greeted, err := a.queue.Bucket(ctx, "greeted", 0)
	if err != nil {
		return err
	}
	a.verifier = bot.NewVerifier(bot.VerifierOptions{AppID: c.AppID, Cloud: cloud, HTTP: client, Now: out.now, Log: out.log})
	connector := bot.NewConnector(bot.ConnectorOptions{
		Cloud: cloud, Credential: credential, HTTP: client, Log: out.log, Unpaced: c.Unpaced,
	})
	a.adapter = bot.NewAdapter(c.AppID, a.verifier, connector)
	a.handlers = handlers.New(handlers.Options{
		Tenants: tenants, Chat: a.adapter,
		Cases: cases, Notes: turnNotes{a.queue.Notes()}, Greeted: greeted, LookUpLater: a.lookUpLater,
		HelpdeskGroups: c.Helpdesk, MostChecks: c.MostChecks, Window: c.LookBack, WideWindow: c.LookWider,
		Now: out.now, Log: out.log,
	})
	if a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen); err != nil {
		return fmt.Errorf("listen on %s: %w; is another program using the port?", c.Listen, err)
	}
	a.server = &http.Server{
		Handler:           a.routes(c, out),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	return nil
}

// routes are the addresses that the process answers.
func (a *app) routes(c *config, out outside) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/messages", bot.NewEndpoint(bot.EndpointOptions{
		Tenants: c.TenantID, Verifier: a.verifier, Invoker: a.handlers,
		Store: func(ctx context.Context, key string, body []byte) error { return a.queue.Put(ctx, turnJobs, key, body) },
		Log:   out.log,
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.ready(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

// ready reports whether the bot can take turns: it can store them, and it can tell who sent them.
func (a *app) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.queue.Healthy(ctx); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if err := a.verifier.Ready(ctx); err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	return nil
}
