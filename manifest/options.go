package manifest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options are what differs from one organization's app package to another's.
type Options struct {
	// AppID identifies the app in Teams: a GUID that never changes, not
	// necessarily that of the Entra application.
	AppID string
	// BotID is the application (client) id of the bot's Entra application, a
	// GUID. Empty means AppID.
	BotID string
	// Version is three numbers with dots, such as 1.4.0. Teams takes an
	// updated package only with a higher one.
	Version string
	// Name is what people see and mention, 1 to 30 characters.
	Name string
	// Developer is who answers for the app in this organization.
	Developer Developer
}

// Developer is shown on the app's page in Teams. The URLs are https, at most
// 2048 characters.
type Developer struct {
	Name          string // 1 to 32 characters
	WebsiteURL    string // where to find help
	PrivacyURL    string // what happens to people's data
	TermsOfUseURL string
}

// Limits of the manifest schema, in characters.
const (
	maxName      = 30
	maxDeveloper = 32
	maxURL       = 2048
)

var (
	guid    = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	version = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
)

// check names every mistake in o, one a line, or returns nil.
func (o Options) check() error {
	var botID error
	if o.BotID != "" {
		botID = checkGUID("bot id", o.BotID)
	}
	return errors.Join(
		checkGUID("app id", o.AppID),
		botID,
		checkVersion(o.Version),
		checkText("name", o.Name, maxName),
		checkText("developer name", o.Developer.Name, maxDeveloper),
		checkURL("developer website", o.Developer.WebsiteURL),
		checkURL("privacy page", o.Developer.PrivacyURL),
		checkURL("terms of use page", o.Developer.TermsOfUseURL),
	)
}

func (o Options) botID() string {
	if o.BotID == "" {
		return o.AppID
	}
	return o.BotID
}

func checkGUID(what, value string) error {
	if !guid.MatchString(value) {
		return fmt.Errorf("%s %q is not a GUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301", what, value)
	}
	return nil
}

func checkVersion(value string) error {
	if !version.MatchString(value) {
		return fmt.Errorf("version %q is not three numbers with dots, such as 1.4.0", value)
	}
	return nil
}

func checkText(what, value string, most int) error {
	switch n := utf8.RuneCountInString(value); {
	case strings.TrimSpace(value) == "":
		return fmt.Errorf("%s is empty: give 1 to %d characters", what, most)
	case n > most:
		return fmt.Errorf("%s %q has %d characters: Teams takes at most %d", what, value, n, most)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("%s %q has a character that cannot be shown", what, value)
	}
	return nil
}

func checkURL(what, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%s %q is not an https address such as https://www.contoso.com/help", what, value)
	}
	if n := utf8.RuneCountInString(value); n > maxURL {
		return fmt.Errorf("%s has %d characters: Teams takes at most %d", what, n, maxURL)
	}
	return nil
}
