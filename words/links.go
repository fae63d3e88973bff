package words

import (
	"net/url"
	"strconv"

	"signpost/diagnosis"
)

// Link is a page to read on.
type Link struct {
	Title string
	URL   string
}

// The pages. Microsoft documents none of the portal's blade addresses as stable; they are those that its own public
// tools use.
const (
	pageCode         = "https://login.microsoftonline.com/error?code="
	pagePolicy       = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/PolicyBlade/policyId/"
	pageUserSignIns  = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/SignIns/userId/"
	pagePlan         = "https://learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access"
	pageLifetime     = "https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime"
	pageSecurityInfo = "https://mysignins.microsoft.com/security-info"
	pagePassword     = "https://aka.ms/sspr"
	pageAutopatch    = "https://learn.microsoft.com/windows/deployment/windows-autopatch/"
	pageAnalytics    = "https://learn.microsoft.com/intune/analytics/"
)

// links are the pages that help with a finding. Those that show the tenant's own things are for the full answer only.
func (s Speaker) links(f *diagnosis.Finding, detail Detail) []Link {
	var out []Link
	add := func(id, page string, facts ...Facts) { out = append(out, Link{s.Say(id, facts...), page}) }
	code := f.Code
	if code == 0 {
		code = f.SaidCode
	}
	if code != 0 && (detail >= Full || f.SaidCode != 0) {
		number := strconv.Itoa(code)
		add("link.code", pageCode+number, Facts{"Code": number})
	}
	if detail >= Full {
		for _, r := range f.Refusals {
			if r.ID != "" {
				add("link.policy", pagePolicy+url.PathEscape(r.ID), Facts{"Policy": s.policyName(r.Name)})
			}
		}
		if f.SignIn != nil && f.SignIn.UserID != "" {
			add("link.user-sign-ins", pageUserSignIns+url.PathEscape(f.SignIn.UserID))
		}
	}
	for _, cause := range f.Causes {
		switch cause {
		case diagnosis.TokenExpired:
			add("link.lifetime", pageLifetime)
		case diagnosis.MFARequired, diagnosis.Registration:
			add("link.security-info", pageSecurityInfo)
		case diagnosis.PasswordExpired:
			add("link.password", pagePassword)
		case diagnosis.ConditionalBlock:
			if detail >= Full && f.Guide != "security-defaults" { // behind which there is no policy
				add("link.plan", pagePlan)
			}
		default:
		}
	}
	if f.Product.Retired() {
		add("link.autopatch", pageAutopatch)
		add("link.endpoint-analytics", pageAnalytics)
	}
	return out
}
