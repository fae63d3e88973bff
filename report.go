package main

import (
	"time"

	"signpost/diagnosis"
	"signpost/intake"
	"signpost/words"
)

// diagnoseReport is the contract of `signpost diagnose --json`. Fields are added to it and never changed.
type diagnoseReport struct {
	Understood understood        `json:"understood"`
	Causes     []string          `json:"causes"`
	ErrorCode  *int              `json:"error_code"`
	SignIn     *reportedSignIn   `json:"sign_in"`
	Policies   []reportedPolicy  `json:"policies"`
	Fixers     []string          `json:"fixers"`
	NextSteps  []string          `json:"next_steps"`
	NotSeen    []string          `json:"not_seen"`
	Certainty  string            `json:"certainty"`
	Doubts     []string          `json:"doubts"`
	Elsewhere  []reportedSignIn  `json:"elsewhere"` // newest failure of each app that has nothing to do with the product
	WhatIf     *diagnosis.WhatIf `json:"what_if"`   // null for files: only a tenant's Graph can be asked
	Events     struct {
		Read       int `json:"read"`
		Considered int `json:"considered"`
	} `json:"events"`
}

type understood struct {
	OnboardingFailure bool    `json:"onboarding_failure"`
	ErrorCode         *int    `json:"error_code"`
	CorrelationID     *string `json:"correlation_id"`
	RequestID         *string `json:"request_id"`
	Account           *string `json:"account"`
	Product           *string `json:"product"`
	Time              *string `json:"time"`
	Language          string  `json:"language"`
}

type reportedSignIn struct {
	ID            string  `json:"id"`
	Time          *string `json:"time"`
	App           string  `json:"app"`
	AppID         string  `json:"app_id"`
	Resource      string  `json:"resource"`
	Interactive   *bool   `json:"interactive"`
	CorrelationID string  `json:"correlation_id"`
	ErrorCode     int     `json:"error_code"`
}

type reportedPolicy struct {
	ID              string   `json:"id"`
	Name            string   `json:"name"`
	Result          string   `json:"result"`
	GrantControls   []string `json:"grant_controls"`
	SessionControls []string `json:"session_controls"`
	Reason          string   `json:"reason"`
}

// report puts a finding into the contract. Its sentences are English.
func report(said intake.Understood, f *diagnosis.Finding) diagnoseReport {
	s := words.For("en", "", plain)
	answer := s.Answer(f, words.Desk)
	r := diagnoseReport{
		Understood: understoodOf(said),
		Causes:     texts(f.Causes), Fixers: texts(f.Fixers), NotSeen: texts(f.NotSeen),
		Certainty: string(f.Certainty), Doubts: texts(f.Doubts),
		NextSteps: append([]string{}, answer.Now...),
		Policies:  []reportedPolicy{}, Elsewhere: []reportedSignIn{}, WhatIf: f.WhatIf,
	}
	for _, t := range answer.Others {
		r.NextSteps = append(r.NextSteps, t.Who+": "+t.What)
	}
	for i := range f.Refusals {
		p := &f.Refusals[i]
		r.Policies = append(r.Policies, reportedPolicy{
			ID: p.ID, Name: p.Name, Result: string(p.Result), Reason: s.Refusal(p, f.SignIn),
			GrantControls: texts(p.GrantControls), SessionControls: texts(p.SessionControls),
		})
	}
	if f.SignIn != nil {
		r.ErrorCode = &f.Code
		r.SignIn = signInOf(f.SignIn)
	}
	for i := range f.Elsewhere {
		r.Elsewhere = append(r.Elsewhere, *signInOf(&f.Elsewhere[i]))
	}
	r.Events.Read, r.Events.Considered = f.Read, f.Considered
	return r
}

func understoodOf(said intake.Understood) understood {
	u := understood{
		OnboardingFailure: said.OnboardingFailure,
		CorrelationID:     textOrNull(said.CorrelationID), RequestID: textOrNull(said.RequestID),
		Account: textOrNull(said.Account), Product: textOrNull(string(said.Product)),
		Time: timeOrNull(said.Time), Language: said.Language,
	}
	if said.ErrorCode != 0 {
		u.ErrorCode = &said.ErrorCode
	}
	return u
}

func signInOf(row *diagnosis.SignIn) *reportedSignIn {
	out := &reportedSignIn{
		ID: row.ID, Time: timeOrNull(row.Time), App: row.App, AppID: row.AppID, Resource: row.Resource,
		CorrelationID: row.CorrelationID, ErrorCode: row.ErrorCode,
	}
	if row.Kind != diagnosis.KindUnknown {
		interactive := row.Kind == diagnosis.KindInteractive
		out.Interactive = &interactive
	}
	return out
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339Nano)
	return &text
}
