package intake

// page is a text made ready to be read.
type page struct {
	text   string // plain
	lines  []line
	folded string
	spaced string // folded, with a space at both ends
	alien  bool
}

func newPage(text string) *page {
	p := &page{text: plain(text)}
	p.lines = linesOf(p.text)
	p.folded = fold(p.text)
	p.spaced = " " + p.folded + " "
	p.alien = hasStranger(" "+fold(withoutAddresses(p.text))+" ") && !hasAny(p.spaced, certainFamily)
	return p
}

// stranger reports whether the text speaks of other companies' services, or of printers, and not of Microsoft's.
func (p *page) stranger() bool { return p.alien }

// wordsOf returns the lines of the given places, joined.
func (p *page) wordsOf(places ...place) string {
	var b []byte
	for _, l := range p.lines {
		for _, want := range places {
			if l.place == want {
				b = append(append(b, p.text[l.start:l.end]...), '\n')
			}
		}
	}
	return string(b)
}
