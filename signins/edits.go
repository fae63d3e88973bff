package signins

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/diagnosis"
)

// wireDirectoryAudit is what is read of a directoryAudit about a Conditional Access policy. Who edited it is left out: nobody
// is shown that.
// Source: https://learn.microsoft.com/graph/api/resources/directoryaudit
type wireDirectoryAudit struct {
	Time     lenientTime                  `json:"activityDateTime"`
	Activity lenientText                  `json:"activityDisplayName"`
	Targets  lenientList[wireAuditTarget] `json:"targetResources"`
}

type wireAuditTarget struct {
	ID         lenientText                    `json:"id"`
	Name       lenientText                    `json:"displayName"`
	Properties lenientList[wireAuditProperty] `json:"modifiedProperties"`
}

type wireAuditProperty struct {
	Old lenientDocument `json:"oldValue"`
	New lenientDocument `json:"newValue"`
}

// lenientDocument is a string that holds a JSON object: a whole policy before or after an edit. It is nil for anything else,
// and for what is too long to be one.
type lenientDocument map[string]json.RawMessage

// longestDocument bounds a policy's JSON.
const longestDocument = 256 << 10

// UnmarshalJSON implements json.Unmarshaler.
func (d *lenientDocument) UnmarshalJSON(raw []byte) error {
	if len(raw) > longestDocument {
		return nil
	}
	if inner := unquote(raw); len(inner) > 0 && inner[0] == '{' {
		var members map[string]json.RawMessage
		if json.Unmarshal(inner, &members) == nil {
			*d = members
		}
	}
	return nil
}

// DecodeEdits decodes a page of Graph's list of directory audits into the edits of Conditional Access policies. Records of
// anything else are left out. nextLink is empty on the last page.
func DecodeEdits(raw []byte) (edits []diagnosis.Edit, nextLink string, err error) {
	var page struct {
		Value    []json.RawMessage `json:"value"`
		NextLink string            `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return nil, "", fmt.Errorf("decode a page of audits: %w", err)
	}
	if page.Value == nil {
		return nil, "", errors.New("decode a page of audits: it has no list")
	}
	for _, element := range page.Value {
		var w wireDirectoryAudit
		if json.Unmarshal(element, &w) != nil || !strings.Contains(w.Activity.id(), "conditional access policy") || len(w.Targets) == 0 {
			continue
		}
		e := diagnosis.Edit{
			PolicyID: w.Targets[0].ID.id(), Policy: w.Targets[0].Name.shared(), Time: w.Time.Time,
		}
		if strings.HasPrefix(w.Activity.id(), "add ") {
			e.Parts = []diagnosis.Part{diagnosis.PartCreated}
		} else {
			e.Parts = changedParts(w.Targets[0].Properties)
		}
		edits = append(edits, e)
	}
	return edits, page.NextLink, nil
}

// changedParts compares a policy before and after.
func changedParts(properties []wireAuditProperty) []diagnosis.Part {
	var out []diagnosis.Part
	for _, p := range properties {
		if p.Old == nil || p.New == nil {
			continue
		}
		if before, after := p.Old.text("state"), p.New.text("state"); before != after {
			if after == "enabled" {
				out = append(out, diagnosis.PartSwitchedOn)
			} else {
				out = append(out, diagnosis.PartSwitchedOff)
			}
		}
		before, after := p.Old.object("conditions"), p.New.object("conditions")
		for name, part := range map[string]diagnosis.Part{"users": diagnosis.PartUsers, "applications": diagnosis.PartApps, "locations": diagnosis.PartPlaces} {
			if !sameJSON(before[name], after[name]) {
				out = append(out, part)
			}
			delete(before, name)
			delete(after, name)
		}
		if !sameJSON(marshal(before), marshal(after)) {
			out = append(out, diagnosis.PartConditions)
		}
		if !sameJSON(p.Old["grantControls"], p.New["grantControls"]) {
			out = append(out, diagnosis.PartControls)
		}
		if !sameJSON(p.Old["sessionControls"], p.New["sessionControls"]) {
			out = append(out, diagnosis.PartSession)
		}
	}
	if len(out) == 0 {
		return []diagnosis.Part{diagnosis.PartOther}
	}
	return inOrder(out)
}

// inOrder sorts parts as diagnosis lists them.
func inOrder(parts []diagnosis.Part) []diagnosis.Part {
	var out []diagnosis.Part
	for _, p := range diagnosis.Parts() {
		if slices.Contains(parts, p) {
			out = append(out, p)
		}
	}
	return out
}

func (d lenientDocument) text(name string) string {
	var t lenientText
	if raw := d[name]; len(raw) > 0 {
		_ = t.UnmarshalJSON(raw) // of another type: as good as absent
	}
	return t.id()
}

func (d lenientDocument) object(name string) map[string]json.RawMessage {
	var o map[string]json.RawMessage
	if json.Unmarshal(d[name], &o) != nil || o == nil {
		return map[string]json.RawMessage{}
	}
	return o
}

// sameJSON compares two values without regard to spaces and the order of members; null is the same as absent.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	_ = json.Unmarshal(a, &x) // absent is nil
	_ = json.Unmarshal(b, &y)
	return bytes.Equal(marshal(tidied(x)), marshal(tidied(y)))
}

// tidied drops what is null or empty and sorts lists of texts, which are sets.
func tidied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if v[name] = tidied(member); v[name] == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		if len(v) == 0 {
			return nil
		}
		slices.SortFunc(v, func(a, b any) int { return bytes.Compare(marshal(a), marshal(b)) })
		return v
	default:
		return v
	}
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}
