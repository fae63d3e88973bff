package signins

import (
	"strings"

	"signpost/diagnosis"
)

// DecodeEdits decodes a page of Graph's list of directory audits into the edits of Conditional Access policies, each with
// what it changed that can make the policy refuse more. Records of anything else are left out, among them those that the
// directory itself writes about the same edits ("Update policy"). nextLink is empty on the last page.
//
// Source: https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-policy-changes-audit-log
func DecodeEdits(raw []byte) (edits []diagnosis.Edit, nextLink string, err error) {
	audits, nextLink, err := decodeAudits(raw)
	if err != nil {
		return nil, "", err
	}
	for i := range audits {
		w := &audits[i]
		ours := w.Service == "" || w.Service.id() == "conditional access"
		if !ours || !strings.Contains(w.Activity.id(), "conditional access policy") || len(w.Targets) == 0 {
			continue
		}
		edits = append(edits, diagnosis.Edit{
			PolicyID: w.Targets[0].ID.id(), Policy: w.Targets[0].Name.shared(), Time: w.Time.Time, By: w.by(),
			Changes: w.policyChanges(),
		})
	}
	return edits, nextLink, nil
}

// policyChanges compares the policy before and after.
func (w *wireDirectoryAudit) policyChanges() []diagnosis.PolicyChange {
	activity := w.Activity.id()
	if strings.HasPrefix(activity, "delete ") {
		return nil
	}
	var before, after *document
	for _, p := range w.Targets[0].Properties {
		if after = readDocument(p.New); after != nil {
			before = readDocument(p.Old)
			break
		}
	}
	switch {
	case after != nil && !after.mayBeOn():
		return nil
	case strings.HasPrefix(activity, "add "):
		return []diagnosis.PolicyChange{{Kind: diagnosis.EditCreated}}
	case before == nil || after == nil:
		return []diagnosis.PolicyChange{{Kind: diagnosis.EditNotShown}}
	}
	return compare(before, after)
}
