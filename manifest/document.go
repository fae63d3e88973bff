package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

const manifestFile = "manifest.json"

// document is manifest.json: the members of the schema that this app uses, in
// the order they are written.
type document struct {
	Schema                 string            `json:"$schema"`
	ManifestVersion        string            `json:"manifestVersion"`
	Version                string            `json:"version"`
	ID                     string            `json:"id"`
	Developer              developer         `json:"developer"`
	Name                   text              `json:"name"`
	Description            text              `json:"description"`
	Icons                  icons             `json:"icons"`
	AccentColor            string            `json:"accentColor"`
	DefaultInstallScope    string            `json:"defaultInstallScope"`
	DefaultGroupCapability map[string]string `json:"defaultGroupCapability"`
	Bots                   []bot             `json:"bots"`
	ValidDomains           []string          `json:"validDomains"`
	Localization           localization      `json:"localizationInfo"`
}

type developer struct {
	Name          string `json:"name"`
	WebsiteURL    string `json:"websiteUrl"`
	PrivacyURL    string `json:"privacyUrl"`
	TermsOfUseURL string `json:"termsOfUseUrl"`
}

type text struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type icons struct {
	Color   string `json:"color"`
	Outline string `json:"outline"`
}

type bot struct {
	BotID              string        `json:"botId"`
	Scopes             []string      `json:"scopes"`
	SupportsFiles      bool          `json:"supportsFiles"`
	IsNotificationOnly bool          `json:"isNotificationOnly"`
	CommandLists       []commandList `json:"commandLists"`
}

type commandList struct {
	Scopes   []string  `json:"scopes"`
	Commands []command `json:"commands"`
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type localization struct {
	DefaultTag string     `json:"defaultLanguageTag"`
	Additional []language `json:"additionalLanguages"`
}

type language struct {
	Tag  string `json:"languageTag"`
	File string `json:"file"`
}

// readTemplate decodes the manifest.json of this folder. A member that
// document does not have is an error, for it would be lost in the package.
func readTemplate() (document, error) {
	raw, err := files.ReadFile(manifestFile)
	if err != nil {
		return document{}, fmt.Errorf("read the manifest: %w", err)
	}
	var m document
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return document{}, fmt.Errorf("decode %s: %w", manifestFile, err)
	}
	return m, nil
}

// fill puts opts, already checked, in the place of the placeholders.
func (m *document) fill(opts Options) {
	m.ID = strings.ToLower(opts.AppID)
	m.Bots[0].BotID = strings.ToLower(opts.botID())
	m.Version = opts.Version
	m.Developer = developer(opts.Developer)
	sample := m.Name.Short
	for _, t := range []*string{&m.Name.Short, &m.Name.Full, &m.Description.Short, &m.Description.Full} {
		*t = strings.ReplaceAll(*t, sample, opts.Name)
	}
}
