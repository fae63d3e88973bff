package words

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"signpost/diagnosis"
)

// Detail says how much of a finding an answer may tell: each tells what the one before does, and more.
type Detail int

// The details.
const (
	General Detail = iota // for everybody in a channel or group chat: cause and next step, nothing of the account or tenant
	Full                  // for those who may see the account's sign-ins
	Desk                  // for the helpdesk: also who changed what
)

// Answer is a finding put into words, part by part. Texts are escaped for the medium that the speaker speaks in.
type Answer struct {
	Title    string
	Cause    string   // one plain sentence, and what was different when it worked since
	Certain  string   // how sure that is, and what would settle it
	Retired  string   // that the product was retired, and what replaced it; empty when it was not
	Policies []string // what each policy that refused requires, and why it was not met
	Changes  []string // what was changed before: in those policies, or to the account
	WhatIf   []string // what would happen now; empty in a general answer, and when nobody could ask
	Now      []string // what the person does now, in order
	Others   []Task   // who else must act, and what exactly
	Notes    []string // what else is good to know
	Evidence []Fact   // what the log shows; empty in a general answer
	NotSeen  []string // what could not be seen and might change the answer
	Links    []Link
}

// Summary is what a notification shows: what happened and the first thing to do.
func (s Speaker) Summary(a *Answer) string {
	if len(a.Now) == 0 {
		return a.Title
	}
	s.escape = asIs // both are sentences already
	return s.Say("answer.summary", Facts{"Title": a.Title, "Step": a.Now[0]})
}

// Task is what somebody else has to do.
type Task struct{ Who, What string }

// Fact is a label and its value.
type Fact struct{ Label, Value string }

// Answer puts a finding into words.
func (s Speaker) Answer(f *diagnosis.Finding, detail Detail) Answer {
	a := Answer{
		Title:   s.title(f),
		Certain: s.certainty(f),
		Cause:   s.Say("guide."+f.Guide+".cause", s.guideFacts(f, detail)),
		Now:     s.steps(f.Guide, s.guideFacts(f, detail)),
		Notes:   s.notes(f, detail),
		NotSeen: s.notSeen(f, detail),
		Links:   s.links(f, detail),
	}
	if f.Overtaken() {
		a.Now = []string{s.Say("whatif.try")}
	}
	if detail >= Full {
		a.Policies = s.policies(f)
		a.Changes = s.changes(f, detail)
		a.WhatIf = s.whatIf(f.WhatIf)
		a.Evidence = s.evidence(f)
	} else if len(f.Refusals) > 0 {
		a.Policies = []string{s.Say("policy.public")}
	}
	ranOut := slices.Contains(f.Causes, diagnosis.TokenExpired) && !slices.Contains(f.Causes, diagnosis.ConditionalBlock)
	if ranOut && f.Solved == nil && !slices.Contains(noPolicyBehind, f.Guide) {
		a.Now = append(a.Now, s.Say("note.persists"))
	}
	if !f.Overtaken() {
		a.Others = s.others(f, detail)
	}
	if f.Solved == nil && (signInIsNotEnough(f) || f.StillRefused()) && !slices.Contains(sends, f.Guide) {
		a.Now = append(a.Now, s.Say("guide.blocked-by-policy.now.2"))
	}
	if f.Solved != nil && detail >= Full {
		a.Cause = s.solved(f)
		if len(f.Changed) > 0 {
			a.Now = slices.Insert(a.Now, 1, s.Say("now.as-then", Facts{"Time": s.Time(f.Solved.Time)}))
		}
	}
	if code, known := diagnosis.LookUp(f.SaidCode); f.SaidCode != 0 && !known {
		a.Notes = append(a.Notes, s.Say("note.said-unknown", Facts{"Code": strconv.Itoa(f.SaidCode)}))
	} else if known {
		facts := Facts{"Code": strconv.Itoa(f.SaidCode), "App": s.Say("app.unnamed")}
		a.Notes = append(a.Notes, s.Say("note.said-code", facts)+" "+s.Say("guide."+code.Guide+".cause", facts))
		if f.SignIn == nil {
			a.Now = append(s.steps(code.Guide, facts), a.Now...)
		}
	}
	if f.Product.Retired() { // no sign-in leads there any more
		a.Retired = s.Say("note.retired")
		a.Now, a.Others = []string{s.Say("note.retired.now")}, nil
	}
	return a
}

// signInIsNotEnough reports whether a policy refused besides what ran out, and for something that is not done while signing in.
func signInIsNotEnough(f *diagnosis.Finding) bool {
	return slices.Contains(f.Causes, diagnosis.TokenExpired) && slices.ContainsFunc(f.Refusals, func(r diagnosis.Refusal) bool {
		return !endedSession(f, &r) && r.Why != diagnosis.WhySessionAge && r.Why != diagnosis.WhyMFA
	})
}

// sends are the guides whose steps say already to send the answer to the owner of the policies.
var sends = []string{"conditional-access", "blocked-by-policy", "enrolment-needs-compliance", "policy-misconfigured"}

// noPolicyBehind are the guides of what ran out by itself and that no policy brings back.
var noPolicyBehind = []string{"sign-in-page-stale", "device-code-expired", "qr-code-expired", "obo-token-expired"}

// title is that of the main cause, or the guide's own where that says more.
func (s Speaker) title(f *diagnosis.Finding) string {
	if f.Product.Retired() {
		return s.Say("title.retired-product")
	}
	if id := "title.guide." + f.Guide; f.Solved == nil && s.has(id) {
		return s.Say(id)
	}
	return s.Say("title." + string(f.Main()))
}

func (s Speaker) guideFacts(f *diagnosis.Finding, detail Detail) Facts {
	facts := Facts{"App": s.Say("app.unnamed"), "Code": strconv.Itoa(f.Code)}
	if detail == General && f.SignIn != nil && !f.SignIn.AtKnownApp() {
		return facts // an organisation's own app may have a telling name
	}
	if about := f.About(); about != "" {
		facts["App"] = about
	}
	return facts
}

// steps are the guide's next steps, in order.
func (s Speaker) steps(guide string, facts Facts) []string {
	var out []string
	for n := 1; ; n++ {
		id := fmt.Sprintf("guide.%s.now.%d", guide, n)
		if !s.has(id) {
			return out
		}
		out = append(out, s.Say(id, facts))
	}
}

// others says what everybody but the person can do. The owner of a policy is told about that policy, unless the answer
// is a general one.
func (s Speaker) others(f *diagnosis.Finding, detail Detail) []Task {
	var out []Task
	for _, who := range f.Fixers {
		if who == diagnosis.FixUser {
			continue
		}
		role := s.Say("who." + string(who))
		if who == diagnosis.FixConditionalAccess && detail >= Full {
			out = append(out, Task{role, cmp.Or(strings.Join(s.policyTasks(f), " "), s.Say("task."+string(who)))})
		} else if id := "guide." + f.Guide + ".for." + string(who); s.has(id) {
			out = append(out, Task{role, s.Say(id, s.guideFacts(f, detail))})
		} else {
			out = append(out, Task{role, s.Say("task." + string(who))})
		}
	}
	return out
}

// policyTasks says what the owner of the policies does: about a known mistake, else what the guide says, and where to
// look at each policy.
func (s Speaker) policyTasks(f *diagnosis.Finding) []string {
	var out []string
	for i := range f.Refusals {
		if r := &f.Refusals[i]; r.Trap != "" {
			out = append(out, s.Say("trap."+string(r.Trap), Facts{"Policy": s.policyName(r.Name), "App": cmp.Or(f.About(), s.Say("app.unnamed"))}))
		}
	}
	var look []string
	for i := range f.Refusals {
		if r := &f.Refusals[i]; !endedSession(f, r) && r.Trap == "" {
			look = append(look, s.policyName(r.Name))
		}
	}
	toLook := len(look) > 0 && slices.Contains(searches, f.Guide)
	if id := "guide." + f.Guide + ".for." + string(diagnosis.FixConditionalAccess); s.has(id) && !toLook {
		out = append(out, s.Say(id, s.guideFacts(f, Full)))
	}
	switch unnamed := f.Session == nil || f.Session.Policy == ""; {
	case len(look) == 1:
		out = append(out, s.Say("task.conditional-access-admin.policy", Facts{"Policy": look[0]}))
	case len(look) > 1:
		policies := strings.Join(look, s.Say("list.comma"))
		out = append(out, s.Say("task.conditional-access-admin.policies", Facts{"Policies": policies}))
	case f.Guide == "security-policy": // whose task that is already
	case len(f.Refusals) == 0 && unnamed && slices.Contains(f.NotSeen, diagnosis.GapPolicyDetails):
		out = append(out, s.Say("task.conditional-access-admin"))
	}
	return out
}

// searches are the guides that tell the owner of the policies only which ones to look for.
var searches = []string{"terms-or-third-party-mfa", "authentication-flow-blocked", "security-policy"}

// OtherAccounts says that rows of n accounts were looked at together.
func (s Speaker) OtherAccounts(n int) string { return s.count("note.other-accounts", n) }

// notes are what is good to know besides the cause.
func (s Speaker) notes(f *diagnosis.Finding, detail Detail) []string {
	var out []string
	if f.Aside {
		out = append(out, s.Say("note.aside"))
	}
	if f.Asked != "" {
		out = append(out, s.Say("asked."+string(f.Asked)))
	}
	if detail < Full {
		return out
	}
	out = append(out, s.clues(f)...)
	for _, name := range f.ReportOnly {
		out = append(out, s.Say("note.report-only", Facts{"Policy": s.policyName(name)}))
	}
	for _, name := range f.WouldAsk {
		out = append(out, s.Say("note.report-only-asks", Facts{"Policy": s.policyName(name)}))
	}
	for i := range f.Elsewhere {
		out = append(out, s.another("note.elsewhere", &f.Elsewhere[i]))
	}
	if f.Later != nil {
		out = append(out, s.another("note.later", f.Later))
	}
	return out
}

// another names a failure that did not decide.
func (s Speaker) another(id string, row *diagnosis.SignIn) string {
	return s.Say(id, Facts{
		"App": cmp.Or(row.App, row.Resource, s.Say("app.unnamed")), "Code": strconv.Itoa(row.ErrorCode), "Time": s.Time(row.Time),
	})
}

// doubtOf is the doubt that says the same as a gap.
var doubtOf = map[diagnosis.Gap]diagnosis.Doubt{
	diagnosis.GapNonInteractive: diagnosis.DoubtRenewals,
	diagnosis.GapLate:           diagnosis.DoubtLate,
	diagnosis.GapTruncated:      diagnosis.DoubtTruncated,
	diagnosis.GapWhichPolicy:    diagnosis.DoubtWhichPolicy,
}

func (s Speaker) notSeen(f *diagnosis.Finding, detail Detail) []string {
	var out []string
	for _, gap := range f.NotSeen {
		if slices.Contains(f.Doubts, doubtOf[gap]) {
			continue // the certainty says so
		}
		if detail >= Full || gap == diagnosis.GapLate {
			out = append(out, s.Say("gap."+string(gap)))
		}
	}
	return out
}
