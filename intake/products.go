package intake

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"signpost/diagnosis"
)

// productName is a way to call a product.
type productName struct {
	product diagnosis.Product
	text    string // folded; matches from the beginning of a word
	general bool   // also named as the place where another product is onboarded
}

// productOf returns the product that a text is about: the person's own words count before an older mail's, and those
// before the article's title, which is about Desktop Analytics.
func productOf(p *page, message found) diagnosis.Product {
	for _, words := range []string{p.wordsOf(own), p.wordsOf(quoted)} {
		if product := productIn(words); product != "" {
			return product
		}
	}
	return message.product()
}

// What a clause adds to the product that it names.
const (
	inFailure = 4
	inAct     = 2
	specific  = 3
	asPlace   = -3  // "in the Intune admin center"
	wentWell  = -10 // "Intune went fine, but ..."
)

// productIn returns the product that a text names most to the point; of equals the last.
func productIn(text string) diagnosis.Product {
	var product diagnosis.Product
	top := wentWell * 2
	for _, c := range clausesOf(text) {
		weighed := false
		for _, n := range productNames() {
			for from := 0; ; {
				i := strings.Index(c.spaced[from:], n.text)
				if i < 0 {
					break
				}
				i += from
				from = i + len(n.text)
				if !weighed {
					c.weight, weighed = weightOf(c.sentence), true
				}
				if denying.MatchString(before(c.spaced, i, 60) + " ") {
					continue
				}
				if score := c.score(n, from); score >= top {
					product, top = n.product, score
				}
			}
		}
		if product == "" && enrolment.MatchString(c.spaced) && device.MatchString(c.spaced) {
			product = diagnosis.Intune
		}
	}
	return product
}

// clause is a part of a sentence, which tells of one outcome.
type clause struct {
	sentence
	weight int // reckoned when it names a product
}

// score judges a name that ends at an offset of a clause.
func (c clause) score(n productName, end int) int {
	score := c.weight
	switch {
	case !n.general:
		score += specific
	case venue.MatchString(after(c.spaced, end, 40)):
		score += asPlace
	}
	return score
}

// clausesOf splits a text at punctuation and at words like "but".
func clausesOf(text string) []clause {
	var all []clause
	for part := range strings.FieldsFuncSeq(portals.Replace(after(text, 0, storyReach)), func(r rune) bool { return strings.ContainsRune(",.;!?\n。、،؟", r) }) {
		folded := fold(part)
		if folded == "" {
			continue
		}
		for words := range strings.SplitSeq(turn.ReplaceAllString(" "+folded+" ", "\n"), "\n") {
			s := newSentence(apartFromDense(strings.TrimSpace(words)))
			all = append(all, clause{sentence: s})
		}
		if len(all) >= storySentences {
			break
		}
	}
	return all
}

// portals names the products whose portals do not.
var portals = strings.NewReplacer(
	"endpoint.microsoft.com", "intune portal", "devicemanagement.microsoft.com", "intune portal",
	"cmmicrosvc.manage.microsoft.com", "configmgr portal", "manage.microsoft.com", "intune portal",
)

// apartFromDense sets spaces around the Latin words of a text in a script that has none.
func apartFromDense(folded string) string {
	if isASCII(folded) {
		return folded
	}
	return latin.ReplaceAllString(folded, " $0 ")
}

var latin = regexp.MustCompile(`[a-z0-9]+( [a-z0-9]+)*`)

func weightOf(s sentence) int {
	weight := 0
	if s.says(act) {
		weight += inAct
	}
	s, denied := s.without(noFail)
	s, unwell := s.without(notFine)
	good := denied || s.says(fine) || s.says(solved)
	switch bad := unwell || s.says(fail) || s.says(shut) || s.says(trouble); {
	case good && !s.says(fail):
		weight += wentWell
	case bad:
		weight += inFailure
	}
	return weight
}

var (
	// Whose device is enrolled is enrolled in Intune, unless another product is named.
	enrolment = regexp.MustCompile(` (enrol|regist|inscri|pendaftaran|daftar|mendaftar|didaftar)`)
	device    = regexp.MustCompile(` (devices?|laptops?|phones?|iphones?|ipads?|tablets?|macbooks?|pcs?|perangkat\w*|hp|komputer\w*|dispositivos?|appareils?|gerate?) `)

	turn    = regexp.MustCompile(` (but|however|although|whereas|while|tapi|tetapi|namun|sedangkan|aber|jedoch|wahrend|pero|mas|mais|ma|maar|но|ama) `)
	denying = regexp.MustCompile(` (not|isnt|wasnt|arent|bukan|nicht|kein|keine|no es|nao e|pas|non|niet|geen|instead of|rather than|statt|daripada|alih alih|ini bukan|except|unlike|не|değil|degil) ((the|a|an|about|for|in|with|of|is|von|mit|bei|de|d|l|di|soal|tentang|microsoft|windows|azure|untuk|pada|via|through) ?)* $`)
	venue   = regexp.MustCompile(`^ (admin|administration|portal|console|konsole|konsol|cent(er|re)|verwaltung|blade|page|halaman|pusat)`)
)

// productNames holds the names, in Microsoft's translations where it translates them.
var productNames = sync.OnceValue(func() []productName {
	var all []productName
	add := func(product diagnosis.Product, general bool, list string) {
		for _, text := range foldAll(list) {
			first, _ := utf8.DecodeRuneInString(text)
			if isASCII(text) || !isDense(first) {
				text = " " + text
			}
			all = append(all, productName{product, text, general})
		}
	}
	add(diagnosis.Intune, true, `endpoint manager; mem admin; intune; in tune; company portal; companyportal; portal perusahaan; aplikasi portal perusahaan; unternehmensportal; portail d entreprise; portal de empresa; portal da empresa;
		portale aziendale; bedrijfsportal; firmaportal; foretagsportal; sirket portali; şirket portalı; portal firmy; корпоративный портал; портал компании; ポータル サイト; 公司门户; 公司入口網站; 회사 포털;
		autopilot; auto pilot; mdm; mobile device management; device enrol; device enrollment; enrol device; enroll device; enrol my device; enroll my device; enrol the device; enroll the device; enrolling my device; enroling my device; enrolling the device; enrolling device; enroll my; enrol my; enrolling my;
		enroll a device; enrol a device; enrolling a device; enroll this; enrol this; enrolling this; pendaftaran perangkat; pendaftaran laptop; mendaftarkan perangkat; mendaftarkan laptop; mendaftarkan hp; daftarkan perangkat; daftarkan laptop; daftar perangkat; registrasi perangkat;
		gerateregistrierung; geraterregistrierung; gerat registrieren; gerat zu registrieren; gerat in intune; inscripcion del dispositivo; inscripcion de dispositivos; inscribir el dispositivo; inscribir mi dispositivo; registro do dispositivo; inscricao do dispositivo; inscription de l appareil;
		inscrire mon appareil; inscription d appareils; enroler mon appareil; enrolement; デバイス登録; デバイスの登録; 设备注册; 裝置註冊; 기기 등록; 장치 등록`)
	// Apps by their ids as in diagnosis/apps.go, as far as they belong to one product.
	add(diagnosis.Intune, true, `d4ebce55-015a-49b5-a083-c84d1797ae8c;
		0000000a-0000-0000-c000-000000000000; 9ba1a5c7-f17a-4de9-a1f1-6178c8d51223; 74bcdadc-2fdc-4bb3-8459-76d06952a0e9; fc0f3af4-6835-4174-b806-f7db311fd2f3; 709110f7-976e-4284-8851-b537e9bcb187`)
	add(diagnosis.TenantAttach, true, `63e61dc2-f593-4a6f-92b9-92e4d2c03d4f`)
	add(diagnosis.Autopatch, true, `c9d36ed4-91b3-4c87-b8d7-68d92826c96c`)
	add(diagnosis.DesktopAnalytics, true, `3cf6df92-2745-4f6f-bbcf-19b59bcdb62a`)
	add(diagnosis.TenantAttach, true, `configuration manager; config manager; configmgr; sccm; mecm; mcm`)
	add(diagnosis.WUfBReports, true, `windows update for business; wufb`)
	add(diagnosis.DesktopAnalytics, false, `desktop analytics; desktopanalytics; dekstop analytics; destop analytics; analytics desktop; desktop analytic; analitik desktop; analisis desktop; desktopanalyse; desktop analyse; analisis de escritorio; analitica de escritorio; analise da area de trabalho; analises do desktop; analyses du bureau;
		analyse de bureau; analyses de bureau; analisi del desktop; analisi desktop; bureaubladanalyse; masaustu analizi; デスクトップ分析; 桌面分析; 데스크톱 분석; аналитика рабочих столов; анализ рабочих столов`)
	add(diagnosis.Autopatch, false, `autopatch; auto patch; autopach; autopacth`)
	add(diagnosis.EndpointAnalytics, false, `endpoint analytics; endpointanalytics; end point analytics; endpoint analytic; analitik titik akhir; analitik endpoint; analisis titik akhir; analisis endpoint; endpunktanalyse; endpunkt analyse; endpoint analyse; analisis de puntos de conexion; analisis de punto de conexion; analisis de extremos; analise de pontos finais; analise de ponto final;
		analise de ponto de extremidade; analyse des points de terminaison; analyses des points de terminaison; analytique des points de terminaison; analisi degli endpoint; analisi endpoint; eindpuntanalyse; uc nokta analizi; エンドポイント分析; 终结点分析; 端點分析; 엔드포인트 분석; аналитика конечных точек`)
	add(diagnosis.TenantAttach, false, `tenant attach; tenantattach; tenant attached; attach tenant; attach the tenant; attach our tenant; attaching the tenant; attaching our tenant; co management; comanagement; co managed; comanaged; cloud attach; cloud attached; cloudattach; lampiran penyewa; melampirkan penyewa; manajemen bersama; pengelolaan bersama; mandantenanfugung; mandanten anfugen; mandantenverknupfung; co verwaltung; coverwaltung;
		cogestion; cogestao; administracion conjunta; asociacion de inquilinos; anexacao de locatario; attachement de locataire; attachement du client; テナントのアタッチ; テナント接続; テナントアタッチ; 共同管理; 租户附加; 租用戶連結; 테넌트 연결; 공동 관리`)
	add(diagnosis.WUfBReports, false, `windows update for business report; wufb report; wufbreport; update compliance; laporan windows update for business; laporan wufb; windows update for business bericht; informes de windows update; relatorios do windows update; rapports windows update; windows update for business の; windows update for business レポート; windows update for business 报告; windows update for business 보고서`)
	return all
})
