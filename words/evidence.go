package words

import (
	"strconv"
	"strings"

	"signpost/diagnosis"
)

// evidence lists what the deciding row shows.
func (s Speaker) evidence(f *diagnosis.Finding) []Fact {
	var out []Fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, Fact{s.Say("evidence." + label), value})
		}
	}
	row := f.SignIn
	if row == nil {
		add("read", strconv.Itoa(f.Considered))
		return out
	}
	if !row.Time.IsZero() {
		add("time", s.Time(row.Time))
	}
	if f.Streak.Times > 1 {
		add("streak", s.Say("evidence.streak.value", Facts{"Time": s.Time(f.Streak.Since), "Times": strconv.Itoa(f.Streak.Times)}))
	}
	if !f.Streak.LastGood.IsZero() {
		add("last-good", s.Time(f.Streak.LastGood))
	}
	add("account", s.escape(row.UserPrincipalName))
	add("app", s.escape(row.App))
	add("resource", s.escape(row.Resource))
	add("code", s.code(row.ErrorCode))
	add("reason", s.escape(strings.TrimSpace(row.FailureReason)))
	if row.Kind == diagnosis.KindInteractive || row.Kind == diagnosis.KindNonInteractive {
		add("kind", s.Say("evidence.kind."+string(row.Kind)))
	}
	add("device", s.escape(s.device(&row.Device)))
	add("client", s.escape(row.ClientApp))
	add("ip", s.escape(row.IPAddress))
	if row.Location.Country != "" || row.Location.City != "" {
		add("location", s.escape(s.where(row)))
	}
	if level := strings.ToLower(row.RiskLevel); level != "none" && level != "hidden" {
		add("risk", s.escape(row.RiskLevel))
	}
	add("correlation", s.escape(row.CorrelationID))
	add("request", s.escape(row.ID))
	return out
}

func (s Speaker) code(number int) string {
	if code, known := diagnosis.LookUp(number); known {
		return s.Say("evidence.code.value", Facts{"Code": strconv.Itoa(number), "Name": code.Name})
	}
	return strconv.Itoa(number)
}

func (s Speaker) device(d *diagnosis.Device) string {
	var parts []string
	for _, part := range []string{d.Name, d.OperatingSystem, d.Browser, d.TrustType} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if d.ID == "" {
		parts = append(parts, s.Say("evidence.device.none"))
	}
	return strings.Join(parts, ", ")
}
