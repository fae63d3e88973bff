package handlers

import (
	"context"
	"log/slog"
	"time"

	"signpost/diagnosis"
)

// whatIfTimeout is how long an answer waits to learn what would happen now.
const whatIfTimeout = 5 * time.Second

// whatIf asks what would happen if the sign-in were made again now, and, if it would be refused, with what it would not. It is
// nil when nobody can tell: that is good to know, and never costs the answer.
func (b *Bot) whatIf(ctx context.Context, tool Evaluator, f *diagnosis.Finding, reference string) *diagnosis.WhatIf {
	s, ok := f.Scenario()
	if tool == nil || !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, whatIfTimeout)
	defer cancel()
	ask := func(s diagnosis.Scenario) []diagnosis.Evaluated {
		answer, err := tool.Evaluate(ctx, s)
		if err != nil {
			failure := asFailure(err)
			b.opts.Log.Warn("what if could not be asked", slog.String("reference", reference),
				slog.String("reason", string(failure.Reason)), slog.Any("error", failure))
			return nil
		}
		return answer
	}
	answer := ask(s)
	if answer == nil {
		return nil
	}
	found := &diagnosis.WhatIf{Now: f.JudgeNow(s, answer)}
	better, remedies, ok := f.Remedied(s, answer)
	if !ok {
		return found
	}
	if then := ask(better); then != nil {
		verdict := f.JudgeThen(s, answer, better, then)
		found.Remedies, found.Then = remedies, &verdict
	}
	return found
}
