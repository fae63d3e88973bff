package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serveCommand runs the bot.
type serveCommand struct {
	config `embed:""`
}

// Run implements the command.
func (s *serveCommand) Run(ctx context.Context, std streams) error {
	ctx, stop := untilStopped(ctx)
	defer stop()
	if err := s.check(); err != nil {
		return fmt.Errorf("the configuration is not right:\n%w", err)
	}
	level, err := s.level()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(std.err, &slog.HandlerOptions{Level: level}))
	log.Info("starting", slog.String("version", version), slog.String("cloud", s.Cloud))
	a, err := openApp(ctx, &s.config, outside{transport: transport(), now: time.Now, log: log})
	if err != nil {
		return err
	}
	return a.run(ctx)
}

// transport reaches Microsoft. It honours the usual proxy variables.
func transport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   64,
		ForceAttemptHTTP2:     true,
	}
}
