package intake

import (
	"regexp"
	"strings"
	"sync"
)

// guidAt is a GUID in a text and what it is called there.
type guidAt struct {
	id      string // lower case
	spelled string
	at      int
	label   string // folded and compact: the words before it, at most some
	spaced  string // the same with its spaces
	place   place
}

var guid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// guidLimit bounds how many GUIDs of a text are looked at.
const guidLimit = 500

const emptyID = "00000000-0000-0000-0000-000000000000"

var labelEnd = regexp.MustCompile(`( (is|was|adalah|ist|lautet|war|es|est|e|value|the|urn|uuid|guid))+$`)

func guidsOf(p *page) []guidAt {
	var all []guidAt
	from := 0
	for _, m := range guid.FindAllStringIndex(p.text, guidLimit) {
		if m[0] > 0 && isHex(p.text[m[0]-1]) || m[1] < len(p.text) && isHex(p.text[m[1]]) {
			continue
		}
		spelled := p.text[m[0]:m[1]]
		id := strings.ToLower(spelled)
		lead := before(p.text, m[0], min(64, m[0]-from))
		from = m[1]
		if id == emptyID {
			continue
		}
		spaced := labelEnd.ReplaceAllString(" "+fold(lead), "")
		all = append(all, guidAt{id: id, spelled: spelled, at: m[0], label: compact(spaced), spaced: spaced, place: placeAt(p.lines, m[0])})
	}
	return all
}

func isHex(c byte) bool {
	_, ok := hexDigit(c)
	return ok || c == '-'
}

// idsOf returns the correlation id and the request id of the error that the code at offset near belongs to: those that
// follow it, before those that stand anywhere else. near is negative when there is no code.
func idsOf(all []guidAt, near int) (correlation, request string) {
	correlation = nearest(all, near, func(g guidAt) bool { return called(g.label, correlationLabels()) })
	if correlation == "" { // MSAL and ADAL send their correlation id as client-request-id
		correlation = nearest(all, near, func(g guidAt) bool { return called(g.label, clientLabels()) })
	}
	if correlation == "" {
		correlation = nearest(all, near, func(g guidAt) bool { return stamped.MatchString(g.label) })
	}
	request = nearest(all, near, func(g guidAt) bool {
		return called(g.label, requestLabels()) && !called(g.label, clientLabels())
	})
	return correlation, request
}

// stamped is how MSAL's log lines give the correlation id: behind the time.
var stamped = regexp.MustCompile(`\d(gmt|z)$`)

// nearest returns the first wanted id at or after an offset, else the last before it; older mail comes last.
func nearest(all []guidAt, near int, wanted func(guidAt) bool) string {
	for _, old := range [...]bool{false, true} {
		best := ""
		for _, g := range all {
			if (g.place == quoted) != old || !wanted(g) {
				continue
			}
			if g.at >= near {
				return g.id
			}
			best = g.id
		}
		if best != "" {
			return best
		}
	}
	return ""
}

func called(label string, names []string) bool {
	for _, n := range names {
		if strings.HasSuffix(label, n) {
			return true
		}
	}
	return false
}

// The labels, folded and compact, in English as in Microsoft's errors and logs and as its pages are translated.
var (
	correlationLabels = compactLabels(`correlation id; correlation; correlation identifier; x-ms-correlation-id; id korelasi; pengidentifikasi korelasi; korelasi; korrelations-id;
		korrelations id; identificador de correlacion; id. de correlacion; id de correlacion; id correlacion; identificador de correlacao; id de correlacao; id da correlacao; identifiant de correlation;
		id de correlation; id correlazione; id di correlazione; correlatie-id; correlatie id; korrelasjons-id; korrelations-id; korrelaatiotunnus; identyfikator korelacji; id korelacji;
		id korelace; korelacios azonosito; korrelacios azonosito; id de corelare; id corelare; bagıntı kimligi; bağıntı kimliği; korelasyon kimliği; id tuong quan; 相関 id; 相関id; 関連付け id; 关联 id; 相关 id; 相关性 id; 相互关联 id; 相互關聯識別碼; 關聯識別碼;
		상관 관계 id; 상관관계 id; 상관 id; معرف الارتباط; идентификатор корреляции; код корреляции; ид корреляции; ідентифікатор кореляції; מזהה מתאם; מזהה קורלציה; αναγνωριστικο συσχετισης; รหัสความสัมพันธ์`)
	clientLabels  = compactLabels(`client-request-id; client request id; x-ms-client-request-id`)
	requestLabels = compactLabels(`request id; request identifier; trace id; trace; x-ms-request-id; request-id; id permintaan; permintaan; id jejak; id pelacakan; id trace; anforderungs-id; anforderungs id;
		anfrage-id; ablaufverfolgungs-id; nachverfolgungs-id; id de solicitud; id. de solicitud; id de la solicitud; identificador de solicitud; id de seguimiento; id. de seguimiento; identificador de seguimiento; id da solicitacao;
		id de solicitacao; id do pedido; id de pedido; id de rastreamento; id de rastreio; id de demande; id de la demande; identifiant de la demande; id de requete; id de suivi; identifiant de suivi; id de trace;
		id richiesta; id della richiesta; id traccia; id analisi; aanvraag-id; traceer-id; tracerings-id; 要求 id; 要求id; リクエスト id; トレース id; 请求 id; 請求 id; 跟踪 id; 追踪 id; 要求識別碼; 追蹤識別碼; 追蹤 id;
		요청 id; 추적 id; معرف الطلب; معرف التتبع; идентификатор запроса; ид запроса; код запроса; ид трассировки; идентификатор трассировки; istek kimliği; izleme kimliği; id yeu cau;
		id żądania; identyfikator żądania; id zadania; id požadavku; kérés azonosítója; id-ul solicitarii; מזהה בקשה`)
)

func compactLabels(list string) func() []string {
	return sync.OnceValue(func() []string {
		var all []string
		for _, l := range foldAll(list) {
			all = append(all, compact(l))
		}
		return all
	})
}
