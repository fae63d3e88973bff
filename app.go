package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"signpost/bot"
	"signpost/handlers"
	"signpost/queue"
	"signpost/signins/graph"
)

// outside is what a process meets outside itself. Production uses the real ones; demo and tests bring Microsoft's host
// names to the sandbox with a transport of their own. Nothing here turns verification off.
type outside struct {
	transport http.RoundTripper
	now       func() time.Time
	log       *slog.Logger
}

// The kinds of job, and how many of each are worked on at once.
const (
	turnJobs   queue.Kind = "turns"
	lookUpJobs queue.Kind = "look-ups"

	turnsAtOnce   = 64
	lookUpsAtOnce = 8
)

// How long the parts of a stop may take; together less than the 10 s after which an orchestrator kills.
const (
	stopAccepting = 2 * time.Second
	stopWorking   = 6 * time.Second
)

// app is the bot, ready to run.
type app struct {
	queue    *queue.Queue
	adapter  *bot.Adapter
	verifier *bot.Verifier
	handlers *handlers.Bot
	listener net.Listener
	server   *http.Server
	log      *slog.Logger
}

// openApp makes the bot ready: it opens the queue and listens, but answers nothing yet. The configuration must have
// been checked.
func openApp(ctx context.Context, c *config, out outside) (*app, error) {
	cloud, _ := bot.CloudByName(c.Cloud)
	client := &http.Client{Transport: out.transport, Timeout: 30 * time.Second}

	tenants, err := openTenants(c, client, out)
	if err != nil {
		return nil, err
	}
	credential, err := c.credential(c.TenantID[0], client)
	if err != nil {
		return nil, err
	}
	a := &app{log: out.log}
	if a.queue, err = queue.Open(ctx, queue.Options{Dir: c.DataDir, Kinds: []queue.Kind{turnJobs, lookUpJobs}, Log: out.log}); err != nil {
		return nil, err
	}
	if err := a.wire(ctx, c, cloud, client, credential, tenants, out); err != nil {
		a.queue.Close()
		return nil, err
	}
	return a, nil
}

// lookUpLater stores a look-up as a job of its own.
func (a *app) lookUpLater(ctx context.Context, id string, job handlers.LookUp) error {
	body, err := json.Marshal(job)
	if err != nil {
		return fmt.Errorf("encode the look-up: %w", err)
	}
	return a.queue.Put(ctx, lookUpJobs, id, body)
}

func openTenants(c *config, client *http.Client, out outside) (map[string]handlers.Tenant, error) {
	cloud, _ := graph.CloudByName(c.Cloud)
	tenants := map[string]handlers.Tenant{}
	for _, id := range c.TenantID {
		credential, err := c.credential(id, client)
		if err != nil {
			return nil, err
		}
		source, err := graph.New(graph.Options{
			Cloud: cloud, Credential: credential, Transport: out.transport, Log: out.log, Now: out.now,
			Window: c.LookBack, WideWindow: c.LookWider,
		})
		if err != nil {
			return nil, err
		}
		tenants[strings.ToLower(id)] = handlers.Tenant{SignIns: source, Directory: source, WhatIf: source}
	}
	return tenants, nil
}

// run answers until ctx is done, then stops within 10 s: nothing new is accepted, what is in flight is finished or
// handed back to the queue.
func (a *app) run(ctx context.Context) error {
	defer a.queue.Close()
	working, stop := context.WithCancel(ctx)
	defer stop()

	var busy sync.WaitGroup
	failed := make(chan error, 3)
	busy.Go(func() { failed <- a.workTurns(working) })
	busy.Go(func() { failed <- a.workLookUps(working) })
	go func() { failed <- a.server.Serve(a.listener) }()
	a.log.Info("listening", slog.String("address", a.listener.Addr().String()))

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	a.log.Info("stopping")
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopAccepting)
	defer cancel()
	if closed := a.server.Shutdown(closing); closed != nil {
		a.log.Warn("some requests were cut off", slog.Any("error", closed))
		_ = a.server.Close() // what was cut off got no answer, so Teams sends it again
	}
	stop()
	busy.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	a.log.Info("stopped")
	return err
}

func (a *app) workTurns(ctx context.Context) error {
	return a.queue.Work(ctx, queue.Worker{
		Kind: turnJobs, Parallel: turnsAtOnce, Timeout: 30 * time.Second, Grace: stopWorking,
		Handle: func(ctx context.Context, job queue.Job) error {
			activity, err := bot.DecodeActivity(job.Body)
			if err != nil {
				return fmt.Errorf("decode the stored turn: %w", err)
			}
			err = a.adapter.Dispatch(ctx, activity, a.handlers)
			var refused *bot.SendError
			if errors.As(err, &refused) && refused.Gone {
				a.log.Info("the conversation is gone", slog.Any("error", err))
				return nil
			}
			return putOff(err)
		},
	})
}

// turnNotes are the notes about turns.
type turnNotes struct{ notes *queue.Notes }

// Note implements handlers.Notes.
func (n turnNotes) Note(ctx context.Context, turn string, fact []byte) error {
	return n.notes.Note(ctx, turnJobs, turn, fact)
}

// Noted implements handlers.Notes.
func (n turnNotes) Noted(turn string) []byte { return n.notes.Noted(turnJobs, turn) }

// putOff keeps a job whose message Teams could not take at the moment: that is no fault of the job's.
func putOff(err error) error {
	var refused *bot.SendError
	if errors.As(err, &refused) && refused.Passing() {
		return queue.Later(err, refused.RetryAfter)
	}
	return err
}

func (a *app) workLookUps(ctx context.Context) error {
	decode := func(job queue.Job) (handlers.LookUp, error) {
		var l handlers.LookUp
		err := json.Unmarshal(job.Body, &l)
		return l, err
	}
	return a.queue.Work(ctx, queue.Worker{
		Kind: lookUpJobs, Parallel: lookUpsAtOnce, Timeout: 90 * time.Second, Grace: stopWorking,
		Handle: func(ctx context.Context, job queue.Job) error {
			l, err := decode(job)
			if err != nil {
				return fmt.Errorf("decode the stored look-up: %w", err)
			}
			return putOff(a.handlers.OnLookUp(ctx, l))
		},
		Parked: func(ctx context.Context, job queue.Job, _ error) {
			if l, err := decode(job); err == nil {
				a.handlers.OnLookUpParked(ctx, l)
			}
		},
	})
}
