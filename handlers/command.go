package handlers

import (
	"strings"
	"unicode"
)

type command int

const (
	commandNone command = iota
	commandHelp
	commandCheck
)

// readCommand reads a command in English or Indonesian, and what follows it.
func readCommand(text string) (c command, rest string) {
	first := strings.TrimSpace(text)
	if i := strings.IndexFunc(first, unicode.IsSpace); i >= 0 {
		first, rest = first[:i], strings.TrimSpace(first[i:])
	}
	switch strings.ToLower(strings.TrimRight(first, "!.:")) {
	case "check", "periksa", "cek":
		return commandCheck, rest
	case "help", "bantuan", "tolong", "?":
		if rest == "" {
			return commandHelp, ""
		}
	}
	return commandNone, ""
}

// isSelf reports whether "check ..." is about the person who writes.
func isSelf(rest string) bool {
	switch strings.ToLower(strings.TrimRight(rest, "!.")) {
	case "me", "my account", "my sign-in", "myself", "saya", "akun saya":
		return true
	default:
		return false
	}
}
