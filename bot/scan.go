package bot

// The functions of this file find where a JSON value ends. Each takes the bytes and where the value begins, and returns
// where it ends, or bad for what RFC 8259 does not allow. They copy nothing and take what encoding/json takes, but for
// values that nest deeper than mostDepth.

const (
	bad       = -1
	mostDepth = 100 // no activity and no token comes near it, and each level costs stack
)

// skipSpace returns where the space at a place ends.
func skipSpace(raw []byte, at int) int {
	for at < len(raw) && (raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\t' || raw[at] == '\r') {
		at++
	}
	return at
}

// scanValue scans any value. depth is how many objects and lists it lies in.
func scanValue(raw []byte, at, depth int) int {
	if at >= len(raw) || depth > mostDepth {
		return bad
	}
	switch c := raw[at]; c {
	case '"':
		return scanString(raw, at)
	case '{', '[':
		return scanComposite(raw, at, depth)
	case 't':
		return scanWord(raw, at, "true")
	case 'f':
		return scanWord(raw, at, "false")
	case 'n':
		return scanWord(raw, at, "null")
	default:
		return scanNumber(raw, at)
	}
}

// scanComposite scans an object or a list.
func scanComposite(raw []byte, at, depth int) int {
	object, closing := raw[at] == '{', raw[at]+2 // in ASCII both brackets close two places behind where they open
	at = skipSpace(raw, at+1)
	if at < len(raw) && raw[at] == closing {
		return at + 1
	}
	for {
		if object {
			if _, at = scanName(raw, at); at == bad {
				return bad
			}
		}
		if at = scanValue(raw, at, depth+1); at == bad {
			return bad
		}
		at = skipSpace(raw, at)
		switch {
		case at == len(raw):
			return bad
		case raw[at] == closing:
			return at + 1
		case raw[at] != ',':
			return bad
		}
		at = skipSpace(raw, at+1)
	}
}

// scanName scans the name of a member and the colon. It returns where the name ends and where the value begins.
func scanName(raw []byte, at int) (end, value int) {
	if at >= len(raw) || raw[at] != '"' {
		return bad, bad
	}
	end = scanString(raw, at)
	if end == bad {
		return bad, bad
	}
	if at = skipSpace(raw, end); at == len(raw) || raw[at] != ':' {
		return bad, bad
	}
	return end, skipSpace(raw, at+1)
}

// scanString scans a string. Bytes that are no UTF-8 are allowed; whoever reads the string replaces them.
func scanString(raw []byte, at int) int {
	for at++; at < len(raw); at++ {
		switch c := raw[at]; {
		case c == '"':
			return at + 1
		case c < ' ':
			return bad
		case c == '\\':
			if at = scanEscape(raw, at+1); at == bad {
				return bad
			}
		}
	}
	return bad
}

// scanEscape scans what follows a backslash. It returns the place of its last byte.
func scanEscape(raw []byte, at int) int {
	if at >= len(raw) {
		return bad
	}
	switch raw[at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return at
	case 'u':
		if at+4 >= len(raw) {
			return bad
		}
		for _, c := range raw[at+1 : at+5] {
			if (c < '0' || c > '9') && (c|' ' < 'a' || c|' ' > 'f') {
				return bad
			}
		}
		return at + 4
	default:
		return bad
	}
}

func scanWord(raw []byte, at int, word string) int {
	if end := at + len(word); end <= len(raw) && string(raw[at:end]) == word {
		return end
	}
	return bad
}

func scanNumber(raw []byte, at int) int {
	if raw[at] == '-' {
		at++
	}
	if at < len(raw) && raw[at] == '0' {
		at++
	} else if at = scanDigits(raw, at); at == bad {
		return bad
	}
	if at < len(raw) && raw[at] == '.' {
		if at = scanDigits(raw, at+1); at == bad {
			return bad
		}
	}
	if at < len(raw) && raw[at]|' ' == 'e' {
		at++
		if at < len(raw) && (raw[at] == '+' || raw[at] == '-') {
			at++
		}
		return scanDigits(raw, at)
	}
	return at
}

// scanDigits scans one digit or more.
func scanDigits(raw []byte, at int) int {
	from := at
	for at < len(raw) && raw[at] >= '0' && raw[at] <= '9' {
		at++
	}
	if at == from {
		return bad
	}
	return at
}
