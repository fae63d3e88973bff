package intake

import (
	"regexp"
	"strings"
	"sync"

	"signpost/diagnosis"
)

// candidate is an account that a text names.
type candidate struct {
	name string
	rank int // what the text says of it: labelled before bare, own words before quoted ones
}

// The ranks that words around an address add up to.
const (
	atOwn    = 1
	labelled = 2
	contact  = -4 // "reach me at bob@contoso.com"
)

// accountLimit bounds how many accounts are offered, addressLimit how many addresses of a text are looked at.
const (
	accountLimit = 5
	addressLimit = 400
)

// accountsOf returns the one account that a text means, empty when none or several could be meant, and all candidates
// in order. An address in a mail's heading, in a signature or of a service desk is none.
func accountsOf(p *page, ids []guidAt) (account string, all []string) {
	var candidates []candidate
	from, before := 0, 0 // the end and the rank of the address before
	for _, a := range addressesOf(p.text) {
		lead := strings.ToValidUTF8(p.text[max(from, a.start-80):a.start], "")
		joined := from > 0 && joins.MatchString(lead)
		from = a.end
		rank, ok := p.rankAddress(a, lead)
		if !ok {
			continue
		}
		if joined { // what is said of ana in "for ana@contoso.com and bob@contoso.com" is said of bob
			rank = max(rank, before)
		}
		before = rank
		candidates = add(candidates, candidate{a.name, rank})
	}
	if best(candidates) < labelled {
		for _, g := range ids {
			if g.place != heading && g.place != signature && isObjectID(g) {
				candidates = add(candidates, candidate{g.id, labelled + ownRank(g.place)})
			}
		}
	}
	top, several := best(candidates), false
	for _, c := range candidates {
		// What an older mail calls an account is no surer than what the person names bare.
		if c.rank == top || top == labelled && c.rank == atOwn {
			several = several || account != ""
			account = c.name
		}
		if len(all) < accountLimit {
			all = append(all, c.name)
		}
	}
	if several {
		account = ""
	}
	return account, all
}

// joins is what stands between addresses of which the same is said.
var joins = regexp.MustCompile(`(?i)^["'>)]*\s*(,|;|/|\+|&|(,\s*)?(and|or|und|oder|y|o|e|ou|et|dan|atau|serta|en|og|och|i)\b|и|و|和|と|및)?\s*(also\s+|auch\s+|juga\s+)?["'<]*$`)

func best(candidates []candidate) int {
	top := contact
	for _, c := range candidates {
		top = max(top, c.rank)
	}
	return top
}

// add adds a candidate, or what is said of it now to one that is there.
func add(to []candidate, c candidate) []candidate {
	for i := range to {
		if diagnosis.SameAccount(to[i].name, c.name) {
			to[i].rank = max(to[i].rank, c.rank)
			return to
		}
	}
	return append(to, c)
}

func ownRank(at place) int {
	if at == own {
		return atOwn
	}
	return 0
}

// address is an e-mail address or a UPN in a text.
type address struct {
	start, end int
	name       string
}

// addressesOf returns the addresses of a text, in order.
func addressesOf(text string) []address {
	var all []address
	for from := 0; len(all) < addressLimit; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			break
		}
		at += from
		from = at + 1
		start, end := at, at+1
		for start > 0 && at-start < 120 && isNameByte(text[start-1]) {
			start--
		}
		for start < at && strings.IndexByte("'.-#!^~+", text[start]) >= 0 {
			start++
		}
		for end < len(text) && end-at < 200 && (isWordByte(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		domain := domainOf(text[at+1 : end])
		if start == at || domain == "" || start > 0 && text[start-1] == '@' || masked(text[:start]) {
			continue
		}
		end = at + 1 + len(domain)
		if text[start] == '_' && end < len(text) && text[end] == '_' { // _ana@contoso.com_ is italic
			start++
		}
		all = append(all, address{start, end, text[start:end]})
		from = end
	}
	return all
}

// masked reports whether what stands before a name hides its beginning (a***na@contoso.com); **ana@contoso.com** is bold.
func masked(before string) bool {
	bare := strings.TrimRight(before, "*")
	return bare != before && bare != "" && isNameByte(bare[len(bare)-1])
}

func isNameByte(c byte) bool { return isWordByte(c) || strings.IndexByte("._%+-'#!^~", c) >= 0 }

// domainOf returns the domain that s starts with, empty when it is none. A sentence that follows without a space is cut
// off: contoso.com.Please.
func domainOf(s string) string {
	s = strings.Trim(s, ".-")
	if i := strings.Index(s, ".."); i >= 0 {
		s = s[:i]
	}
	for {
		i := strings.LastIndexByte(s, '.')
		if i <= 0 {
			return ""
		}
		last := s[i+1:]
		sentence := 'A' <= last[0] && last[0] <= 'Z' && s[:i] == strings.ToLower(s[:i]) && strings.Contains(s[:i], ".")
		if len(last) >= 2 && last[0] > '9' && !sentence {
			return s
		}
		s = s[:i]
	}
}

// withoutAddresses returns a text without the addresses in it: the school in ana@school.edu is none.
func withoutAddresses(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	var b strings.Builder
	from := 0
	for _, a := range addressesOf(text) {
		b.WriteString(text[from:a.start])
		from = a.end
	}
	b.WriteString(text[from:])
	return b.String()
}

// rankAddress judges an address by the words before it; ok is false when it is nobody's who signs in.
func (p *page) rankAddress(a address, lead string) (rank int, ok bool) {
	at := placeAt(p.lines, a.start)
	if at == heading || at == signature || p.headsMail(lineIndex(p.lines, a.start)) {
		return 0, false
	}
	label := p.labelled(a, lead)
	local, domain, _ := strings.Cut(strings.ToLower(a.name), "@")
	if machineDomain.MatchString(domain) || automatic.MatchString(local) || !label && desk.MatchString(local) || guid.MatchString(local) {
		return 0, false
	}
	rank = ownRank(at)
	folded := " " + fold(lastLine(lead)) + " "
	switch {
	case label:
		rank += labelled
	case reach.MatchString(folded):
		if !strings.Contains(folded, " me ") && !strings.Contains(folded, " saya ") && !strings.Contains(folded, " mich ") {
			return 0, false
		}
		rank += contact
	case reporter.MatchString(folded):
		rank += contact
	}
	return rank, true
}

var (
	machineDomain = regexp.MustCompile(`^(thread\.|unq\.gbl|.*\.prod\.outlook\.com$|mail\.gmail\.com$|.*teams\.microsoft\.com$|microsoft\.com$|microsoftonline\.com$|msteams|.*\.?teams\.ms$|.*calendar\.google\.com$)`)
	automatic     = regexp.MustCompile(`^(no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer[-_.]?daemon|postmaster|msteams|notifications?|notify|bounces?|alerts?|azure-noreply|msonlineservicesteam)\b`)
	desk          = regexp.MustCompile(`^((it|ict|edv|ti|tim)?[-_.]?(service|help|support|hilfe)[-_.]?(desk|center|centre|team)?|it|ict|edv|info|hello|contact|kontak|kontakt|bantuan|layanan|dukungan|soporte|suporte|ayuda|aide|assistance|security|abuse|sales|hr|team|office|webmaster)([-_.]?(it|team|id|de|global))?$`)
	reach         = regexp.MustCompile(` (contact|hubungi|kontak|kontaktieren|contacter|contactar|contacte|cc|cced|bcc|reply to|reach|email me|mail me|write to|tembusan|call|ask|escalate to) (\w+ ){0,5}$`)
)

// reporter ends what says that somebody told of the failure; they may well be who it happened to, when nobody else is named.
var reporter = regexp.MustCompile(` ((reported|opened|raised|submitted|requested|created) by|reporter|requester|requestor|assigned to|manager|gemeldet von|erstellt von|melder|dilaporkan oleh|pelapor|reportado por|informado por|signale par|demandeur|solicitante) $`)

// labelled reports whether the words beside an address call it an account.
func (p *page) labelled(a address, lead string) bool {
	near := lastLine(lead)
	if strings.TrimSpace(near) == "" { // a label on a line of its own
		near = lastLine(strings.TrimRight(lead, " \t\n\r\"'"))
		if len(near) > 40 {
			near = ""
		}
	}
	if i := strings.LastIndexAny(near, ",;"); i >= 0 {
		near = near[i+1:]
	}
	if i := strings.LastIndex(near, ". "); i >= 0 {
		near = near[i+2:]
	}
	folded := fold(near)
	words := strings.Fields(folded)
	for _, w := range words[max(0, len(words)-5):] {
		if accountWords()[w] {
			return true
		}
	}
	if behalf.MatchString(" " + folded + " ") {
		return true
	}
	next := strings.TrimLeft(after(p.text, a.end, 40), " '\"’`>)")
	return hasAny(folded, joinedAccounts) || startsAny(next, accountSuffixes)
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }

func startsAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

var (
	// accountWords call what follows an account; folded.
	accountWords = sync.OnceValue(func() map[string]bool {
		return words(`login_hint loginhint hint user users username upn userprincipalname principal account accounts akun pengguna
			konto kontos benutzer benutzername benutzerkonto benutzers nutzer compte comptes utilisateur cuenta cuentas usuario usuarios conta
			usuário utilizador utente gebruiker gebruikersnaam felhasználó uživatel użytkownik konto utilizator hesap hesabım
			hesabı kullanıcı käyttäjä bruker användare användarnamn bruger identity identifier signinname
			аккаунт аккаунта пользователь пользователя учетная запись хесап حساب المستخدم userid unique_name preferred_username userupn
			tài khoản χρήστης חשבון משתמש`)
	})
	// behalf tells for whom help is asked; folded.
	behalf = regexp.MustCompile(` (for|as|sebagai|como|comme|untuk|buat|bagi|atas nama|fur|pour|para|per|voor|behalf of|dla|pro|як|для|signed in as|sign in as|signing in as|log in as|logged in as|login as|login sebagai|masuk sebagai|masuk dengan|login dengan|login pakai|masuk pakai|sign in with|signing in with|log in with|login with|als|angemeldet als) ((my|our|the|a|an|new|colleague|coworker|kolega|rekan|teman|karyawan|staf|pegawai|kerja|saya|kami|mr|ms|mrs|bapak|ibu|pak|bu|atasan|boss|manager|kollegen|kollegin|meinen|meine|unsere|unseren|mon|ma|notre|collegue|mi|nuestro|nuestra|companero|companera|meu|minha|colega|employee|guest|external|email|e mail|alamat|address|adresse|id) )*$`)
	// joinedAccounts stand before an account in scripts without spaces, accountSuffixes behind one.
	joinedAccounts  = foldAll(`アカウント; ユーザー; サインイン名; 用户; 帐户; 账户; 账号; 帐号; 帳戶; 帳號; 使用者; 계정; 사용자; บัญชี; ผู้ใช้`)
	accountSuffixes = []string{"のアカウント", "アカウント", "账户", "帐户", "账号", "的账", "的帐", "帳戶", "계정", "account", "s account", "'s account", "hesab"}
)

// isObjectID reports whether a GUID is called a user's or an account's.
func isObjectID(g guidAt) bool {
	return called(g.label, objectLabels()) && !notUsers.MatchString(g.spaced)
}

var (
	objectLabels = compactLabels(`object id; objectid; oid; user id; user; username; user object id; account id; account; home account id; local account id; akun; id objek; id pengguna; pengguna;
		objekt-id; objekt id; benutzer-id; benutzer; konto; id de objeto; id. de objeto; id de usuario; usuario; cuenta; conta; id do objeto; id de utilizador; id do usuario; utilizador; id d'objet; id de l'objet; id utilisateur;
		utilisateur; compte; id oggetto; id utente; utente; オブジェクト id; ユーザー id; ユーザー; アカウント; 对象 id; 用户 id; 用户; 帐户; 物件識別碼; 개체 id; 사용자 id; 사용자; 계정; идентификатор объекта; ид объекта`)
	notUsers = regexp.MustCompile(` (device|app|application|client|group|grup|policy|tenant|directory|service principal|principal|storage|subscription|resource|perangkat|gerate|gerat|aplikasi|server|multi user|per user)( \w+){0,2}$`)
)
