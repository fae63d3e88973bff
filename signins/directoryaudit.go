package signins

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// wireDirectoryAudit is what is read of a directoryAudit.
// Source: https://learn.microsoft.com/graph/api/resources/directoryaudit
type wireDirectoryAudit struct {
	Time     lenientTime                  `json:"activityDateTime"`
	Service  lenientText                  `json:"loggedByService"`
	Activity lenientText                  `json:"activityDisplayName"`
	Result   lenientText                  `json:"result"`
	By       lenientObject[wireInitiator] `json:"initiatedBy"`
	Targets  lenientList[wireAuditTarget] `json:"targetResources"`
}

// wireInitiator is an auditActivityInitiator. A user's display name is left out: everybody chooses their own.
type wireInitiator struct {
	User lenientObject[struct {
		ID   lenientText `json:"id"`
		Name lenientText `json:"userPrincipalName"`
	}] `json:"user"`
	App lenientObject[struct {
		Name lenientText `json:"displayName"`
	}] `json:"app"`
}

type wireAuditTarget struct {
	ID         lenientText                    `json:"id"`
	Name       lenientText                    `json:"displayName"`
	Properties lenientList[wireAuditProperty] `json:"modifiedProperties"`
}

// wireAuditProperty is a modifiedProperty. The values are JSON in a string, at times in a list or quoted once more.
type wireAuditProperty struct {
	Name lenientText     `json:"displayName"`
	Old  json.RawMessage `json:"oldValue"`
	New  json.RawMessage `json:"newValue"`
}

// decodeAudits decodes a page of Graph's list of directory audits; records of acts that failed, and what is no record, are
// left out. nextLink is empty on the last page.
func decodeAudits(raw []byte) (audits []wireDirectoryAudit, nextLink string, err error) {
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
		if json.Unmarshal(element, &w) == nil && (w.Result == "" || w.Result.id() == "success") {
			audits = append(audits, w)
		}
	}
	return audits, page.NextLink, nil
}

// by names who did it: the user principal name, else the app.
func (w *wireDirectoryAudit) by() string {
	return cmp.Or(w.By.value.User.value.Name.shared(), w.By.value.App.value.Name.shared())
}

// inner takes a value out of the strings and lists that an audit wraps it into: an object, or a plain text or number. It is
// nil when there is nothing in it, or when it is too large to be what it says.
func inner(raw json.RawMessage) json.RawMessage {
	const longest, deepest = 256 << 10, 6
	if len(raw) > longest {
		return nil
	}
	for range deepest {
		if len(raw) == 0 {
			return nil
		}
		switch raw[0] {
		case '"':
			text := unquote(raw)
			if !json.Valid(text) {
				return text // a plain text
			}
			raw = text
		case '[':
			var list []json.RawMessage
			if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
				return nil
			}
			raw = list[0]
		default:
			return raw
		}
	}
	return nil
}

// plainly is a value as a plain text in lower case; empty when it is an object or nothing.
func plainly(raw json.RawMessage) string {
	text := strings.ToLower(strings.TrimSpace(string(inner(raw))))
	if text == "null" || strings.HasPrefix(text, "{") {
		return ""
	}
	return text
}
