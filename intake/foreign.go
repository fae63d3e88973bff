package intake

import (
	"regexp"
	"strings"
	"sync"
)

// What follows tells Microsoft's work services from everybody else's. A token of Facebook's, a pull request or a printer
// is no business of signpost, however much its owner cannot sign in.

// harmless are names of others that people say while they speak of Microsoft's: removed before looking for strangers.
var harmless = strings.NewReplacer(
	" google chrome ", " chrome ", " google authenticator ", " authenticator ", " microsoft sql server ", " sql server ",
	" slack off ", " ", " google edge ", " ", " google it ", " ", " google play ", " ", " apple store ", " ",
)

// strangers are services that are not Microsoft's work services, and things that are no services; folded, whole words.
var strangers = words(`facebook fbtrace gh oauthexception instagram whatsapp github gitlab bitbucket npm npmjs yarn pypi docker
	dockerhub slack google gmail googleapis youtube twitter netflix spotify steam discord telegram tiktok paypal stripe
	dropbox icloud zoom linkedin openai chatgpt huggingface heroku vercel cloudflare aws amazon roblox minecraft xbox
	playstation nintendo tokopedia shopee gojek kubernetes kubectl terraform jenkins mysql postgres postgresql oracle mongodb redis
	sqlserver sql ssh jwt wordpress
	jira confluence atlassian salesforce servicenow sap workday webex trello zendesk hubspot
	printer printers scanner projector proyektor drucker impresora impresoras impressora imprimante imprimantes stampante pencetak
	course kursus yoga gym insurance asuransi school sekolah university exam ujian bank netbanking parking wifi wlan
	courses benefits voucher webinar`)

// family are Microsoft's work services and what belongs to them; folded, from the beginning of a word.
var family = []string{
	" entra", " azure", " intune", " autopatch", " aad ", " microsoft", " office 365", " o365", " m365", " conditional access",
	" company portal", " desktop analytics", " analitik desktop", " endpoint analytics", " tenant", " msal", " adal",
	" aadsts", " outlook", " sharepoint", " onedrive", " teams ", " akses bersyarat", " portal perusahaan", " autopilot",
	" co management", " configmgr", " sccm", " mecm", " configuration manager", " mdm ", " wufb", " windows update",
	" unternehmensportal", " hello for business", " work account", " akun kantor", " portal azure", " exchange", " power bi",
	" defender", " dynamics", " admin center", " admin centre", " work or school",
}

// certainFamily is the part of family that other companies' errors never name: it outweighs a stranger in the text.
var certainFamily = []string{
	" entra", " azure ad", " azure portal", " portal azure", " intune", " autopatch", " conditional access", " company portal",
	" desktop analytics", " analitik desktop", " endpoint analytics", " tenant attach", " msal", " adal", " aadsts",
	" microsoftonline", " microsoft 365", " office 365", " windows update for business",
}

// facebook tells Facebook's "Error validating access token: ..." from the article's message.
var facebook = regexp.MustCompile(`\berror validating access token\b( \d+)? (the session |session |sessions for |the user has not|the user is|this may be because the user logged out|you cannot access the app)`)

// article is how the article's English message begins; Facebook's has no such words.
var article = regexp.MustCompile(`\bthere (was|is|were|has been) (an? )?error validating`)

func hasAny(spaced string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(spaced, p) {
			return true
		}
	}
	return false
}

// hasStranger reports whether a folded text with a space at both ends names somebody else's service.
func hasStranger(spaced string) bool {
	for w := range strings.FieldsSeq(harmless.Replace(spaced)) {
		if strangers[w] {
			return true
		}
	}
	return strings.Contains(spaced, " apple id ") || !isASCII(spaced) && hasAny(spaced, printers())
}

// printers are printers in scripts that set no spaces, or put the article on the word.
var printers = sync.OnceValue(func() []string {
	return foldAll(`プリンタ; 複合機; 打印机; 打印機; 印表機; 프린터; 복합기; طابعه; الطابعه; принтер`)
})

// isFacebooks reports whether a folded text is Facebook's error.
func isFacebooks(folded string) bool {
	return facebook.MatchString(folded) && !hasAny(" "+folded+" ", certainFamily)
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[fold(w)] = true
	}
	return set
}
