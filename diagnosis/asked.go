package diagnosis

// Asked is what a sign-in asked of the person when it stopped. The set is closed; words has a sentence for each.
type Asked string

// What can be asked.
const (
	AskedStaySignedIn Asked = "stay-signed-in"
	AskedConfirmApp   Asked = "confirm-app"
	AskedSecurityInfo Asked = "security-info"
	AskedAccount      Asked = "account"
	AskedConsent      Asked = "consent"
	AskedOtherPage    Asked = "other-page"
	AskedCertificate  Asked = "certificate"
	AskedPassword     Asked = "password"
	AskedSecondStep   Asked = "second-step"
	AskedRegistration Asked = "registration"
	AskedDevice       Asked = "device"
)

// AllAsked returns everything that can be asked.
func AllAsked() []Asked {
	return []Asked{
		AskedStaySignedIn, AskedConfirmApp, AskedSecurityInfo, AskedAccount, AskedConsent, AskedOtherPage, AskedCertificate,
		AskedPassword, AskedSecondStep, AskedRegistration, AskedDevice,
	}
}

// codeAsks tells what the page of a step asks.
// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var codeAsks = map[int]Asked{
	50140: AskedStaySignedIn, 50199: AskedConfirmApp, 50125: AskedSecurityInfo, 50203: AskedSecurityInfo,
	16000: AskedAccount, 16001: AskedAccount, 16002: AskedAccount, 16003: AskedAccount, 160021: AskedAccount, 160011: AskedAccount,
	65001: AskedConsent, 90095: AskedConsent, 50158: AskedOtherPage, 50019: AskedCertificate,
	50055: AskedPassword, 50144: AskedPassword, 50142: AskedPassword, 50135: AskedPassword,
	50074: AskedSecondStep, 50076: AskedSecondStep, 50078: AskedSecondStep,
	50072: AskedRegistration, 50079: AskedRegistration, 50097: AskedDevice, 50129: AskedDevice, 50127: AskedDevice,
}
