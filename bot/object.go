package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errDuplicate is returned for a JSON object that names a member twice, which readers take in different ways.
var errDuplicate = errors.New("a member stands twice")

// object reads the members of one JSON object, and that alone, by name in lower case. A name that stands twice is refused
// if strict names it, or always when strict is empty.
func object(raw []byte, strict ...string) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	first, err := decoder.Token()
	if err != nil || first != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	members := map[string]json.RawMessage{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read a JSON object: %w", err)
		}
		name := folded(token.(string)) // More and Token promise a name here
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("read a JSON object: %w", err)
		}
		if _, twice := members[name]; twice && (len(strict) == 0 || slices.Contains(strict, name)) {
			return nil, fmt.Errorf("%w: %s", errDuplicate, name)
		}
		members[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("read a JSON object: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) { // More does not see a bracket that closes nothing
		return nil, errors.New("something follows the JSON object")
	}
	return members, nil
}

// folded is a name in lower case, the same for all names that encoding/json takes for one: it folds as
// [bytes.EqualFold] does, for which U+017F is an s and U+212A a k.
func folded(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name))
}

// text reads a JSON string; anything else is empty.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // a member of another type is as good as absent
	return s
}
