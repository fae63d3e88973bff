package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// parseFilter reads the part of OData that the reporting API is known to take: comparisons, startswith, any, and, or,
// parentheses. An empty text holds for everything.
func parseFilter(text string, fields map[string]field) (*expression, error) {
	tokens, err := filterTokens(text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return &expression{}, nil
	}
	p := filterParser{tokens: tokens, fields: fields}
	e, err := p.or()
	if err != nil || len(p.tokens) > 0 {
		return nil, errFilter
	}
	return e, nil
}

// filterTokens splits into words, 'quoted texts' and the signs ( ) , :
func filterTokens(text string) ([]string, error) {
	var tokens []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		end := strings.IndexAny(text, " (),'\t")
		switch {
		case end < 0:
			end = len(text)
		case text[0] == '\'':
			for end = 1; ; end++ {
				quote := strings.IndexByte(text[end:], '\'')
				if quote < 0 {
					return nil, errFilter
				}
				if end += quote + 1; end == len(text) || text[end] != '\'' {
					break
				}
			}
		case end == 0:
			end = 1
		}
		token := text[:end]
		text = text[end:]
		if name, rest, isVariable := strings.Cut(token, ":"); isVariable && isName(name) {
			tokens = append(tokens, name, ":")
			text = rest + text
			continue
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// isName reports whether a word is a variable, as in any(t:t eq 'x'), and not the beginning of a time or a text.
func isName(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
}

type filterParser struct {
	tokens   []string
	fields   map[string]field
	variable string // inside any(...), and the field that it stands for
	of       string
	terms    int
}

func (p *filterParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

func (p *filterParser) takes(token string) bool {
	if len(p.tokens) > 0 && p.tokens[0] == token {
		p.tokens = p.tokens[1:]
		return true
	}
	return false
}

func (p *filterParser) or() (*expression, error) { return p.chain("or", p.and) }

func (p *filterParser) and() (*expression, error) { return p.chain("and", p.term) }

func (p *filterParser) chain(operator string, part func() (*expression, error)) (*expression, error) {
	left, err := part()
	for err == nil && p.takes(operator) {
		var right *expression
		if right, err = part(); err == nil {
			left = &expression{operator: operator, parts: []*expression{left, right}}
		}
	}
	return left, err
}

func (p *filterParser) term() (*expression, error) {
	if p.terms++; p.terms > 100 {
		return nil, errFilter
	}
	token := p.next()
	switch {
	case token == "(":
		e, err := p.or()
		if err != nil || !p.takes(")") {
			return nil, errFilter
		}
		return e, nil
	case strings.EqualFold(token, "startswith"):
		return p.startsWith()
	case strings.HasSuffix(token, "/any"):
		return p.any(strings.TrimSuffix(token, "/any"))
	default:
		return p.comparison(token, p.next(), p.next())
	}
}

func (p *filterParser) startsWith() (*expression, error) {
	if !p.takes("(") {
		return nil, errFilter
	}
	name := p.next()
	if !p.takes(",") {
		return nil, errFilter
	}
	e, err := p.comparison(name, "startswith", p.next())
	if err != nil || !p.takes(")") {
		return nil, errFilter
	}
	return e, nil
}

func (p *filterParser) any(name string) (*expression, error) {
	f, known := p.fields[name]
	if !known || !f.collection || p.variable != "" || !p.takes("(") {
		return nil, errFilter
	}
	p.variable, p.of = p.next(), name
	if !p.takes(":") {
		return nil, errFilter
	}
	e, err := p.or()
	p.variable = ""
	if err != nil || !p.takes(")") {
		return nil, errFilter
	}
	return &expression{operator: "any", parts: []*expression{e}, field: name}, nil
}

func (p *filterParser) comparison(name, operator, value string) (*expression, error) {
	member, isMember := strings.CutPrefix(name, p.variable+"/")
	inside := p.variable != "" && (name == p.variable || isMember)
	switch {
	case inside && isMember:
		name = p.of + "/" + member
	case inside:
		name = p.of
	}
	f, known := p.fields[name]
	if !known || f.collection != inside || !slices.Contains(f.operators, operator) {
		return nil, errFilter
	}
	e := &expression{operator: operator, field: name, kind: f.kind, fold: f.fold, text: value}
	quoted := len(value) >= 2 && value[0] == '\''
	switch f.kind {
	case timeLiteral:
		at, err := time.Parse(time.RFC3339, value)
		if err != nil || !strings.HasSuffix(value, "Z") {
			return nil, errFilter // quoted, or not in UTC
		}
		e.time = at
	case numberLiteral:
		if _, err := strconv.Atoi(value); err != nil {
			return nil, errFilter
		}
	default:
		if !quoted {
			return nil, errFilter
		}
		e.text = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
	}
	return e, nil
}
