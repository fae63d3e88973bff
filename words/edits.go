package words

import (
	"cmp"
	"strconv"
	"strings"

	"signpost/diagnosis"
)

// changes says what changed before the failure: in the policies that refused, and to the account whose session ended.
func (s Speaker) changes(f *diagnosis.Finding, detail Detail) []string {
	var out []string
	for i := range f.Edited {
		e := &f.Edited[i]
		said := s.Say("note.edited", Facts{"Policy": s.policyName(e.Policy), "Time": s.Time(e.Time)}) + " " + s.edits(e.Changes, f.SignIn) + s.by(e.By, detail)
		out = append(out, said)
	}
	if r := f.Revoked; r != nil {
		said := s.Say("revoked."+string(r.Kind), Facts{"Time": s.Time(r.Time)}) + " " + s.Say("revoked.so")
		byPassword := r.Kind == diagnosis.RevokedPasswordChange || r.Kind == diagnosis.RevokedPasswordReset
		if byPassword && f.Guide != "grant-revoked" { // whose steps say so
			said += " " + s.Say("revoked.denied")
		}
		out = append(out, said+s.by(r.By, detail))
	}
	return out
}

// by says who did it, to the helpdesk.
func (s Speaker) by(who string, detail Detail) string {
	if who == "" || detail < Desk {
		return ""
	}
	return " " + s.Say("note.by", Facts{"Who": who})
}

// edits says what was changed in a policy, the most telling first.
func (s Speaker) edits(changes []diagnosis.PolicyChange, row *diagnosis.SignIn) string {
	const most = 3
	var said []string
	for i := range changes {
		if i == most {
			said = append(said, s.Say("edit.more", Facts{"Count": strconv.Itoa(len(changes) - most)}))
			break
		}
		said = append(said, s.edit(&changes[i], row))
	}
	list := strings.Join(said, s.Say("edit.separator"))
	s.escape = asIs // the items are sentences already
	return s.Say("note.edits", Facts{"Changes": list})
}

func (s Speaker) edit(c *diagnosis.PolicyChange, row *diagnosis.SignIn) string {
	plain := s
	plain.escape = asIs
	name := c.Name
	switch c.Kind {
	case diagnosis.EditApp, diagnosis.EditAppNotExcluded:
		name = appName(c.ID, row)
	case diagnosis.EditControl, diagnosis.EditNotEnough:
		name = plain.control(c.Control, c.Name)
	case diagnosis.EditFrequency:
		name = plain.frequency(c.Frequency)
	default:
	}
	id := "edit." + string(c.Kind)
	if unnamed := id + ".unnamed"; name == "" && s.has(unnamed) {
		return s.Say(unnamed)
	}
	return s.Say(id, Facts{"Name": name, "Count": strconv.Itoa(c.Count)})
}

// appName is the name of an app that the row shows, or of one of the groups of apps that policies know; else empty.
func appName(id string, row *diagnosis.SignIn) string {
	switch {
	case id == "office365":
		return "Office 365"
	case id == "microsoftadminportals":
		return "Microsoft Admin Portals"
	case row != nil && strings.EqualFold(id, row.AppID):
		return row.App
	case row != nil && strings.EqualFold(id, row.ResourceID):
		return cmp.Or(row.Resource, row.App)
	default:
		return ""
	}
}
