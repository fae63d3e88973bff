package diagnosis

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Code is one AADSTS error code and what signpost knows about it.
//
// The codes are those of https://learn.microsoft.com/entra/identity-platform/reference-error-codes (February 2025) and
// 179 more of diagnostic interest; the categories, fixers and guides are ours.
type Code struct {
	Number    int
	Name      string // Microsoft's symbolic name in CamelCase, or ours in kebab-case where the page gives none
	Category  Cause
	Interrupt Interrupt
	Fixers    []Fixer // who can fix it, the first first; empty for a step that needs nobody
	Guide     string  // the guidance that speaks for it: a key of the catalogues, "guide.<Guide>.cause" and so on
}

//go:embed codes.csv
var codesCSV string

var table = sync.OnceValue(func() map[int]Code {
	codes, err := parseCodes(codesCSV)
	if err != nil {
		panic("diagnosis: codes.csv: " + err.Error()) // embedded at build time; a test reads it
	}
	return codes
})

// LookUp returns what is known about an AADSTS code, and false for a code that the table lacks.
func LookUp(number int) (Code, bool) {
	c, ok := table()[number]
	return c, ok
}

// Codes returns the whole table in ascending order of number.
func Codes() []Code {
	return slices.SortedFunc(maps.Values(table()), func(a, b Code) int { return a.Number - b.Number })
}

// parseCodes reads the table: number,name,category,interrupt,fixers,guide with a heading; fixers joined by spaces.
func parseCodes(text string) (map[int]Code, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	codes := make(map[int]Code, len(rows))
	for _, row := range rows[1:] {
		number, err := strconv.Atoi(row[0])
		if err != nil {
			return nil, fmt.Errorf("code %q: %w", row[0], err)
		}
		if _, twice := codes[number]; twice {
			return nil, fmt.Errorf("code %d stands twice", number)
		}
		c := Code{Number: number, Name: row[1], Category: Cause(row[2]), Interrupt: Interrupt(row[3]), Guide: row[5]}
		for f := range strings.FieldsSeq(row[4]) {
			c.Fixers = append(c.Fixers, Fixer(f))
		}
		codes[number] = c
	}
	return codes, nil
}
