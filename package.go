package main

import (
	"bytes"
	"fmt"
	"os"

	"signpost/manifest"
)

// packageCommand writes the Teams app package.
type packageCommand struct {
	AppID         string `help:"Id of the app in Teams: a GUID that never changes, such as the bot's application id." env:"SIGNPOST_APP_ID" required:"" placeholder:"GUID"`
	BotID         string `help:"Application (client) id of the bot, when it is another than --app-id." placeholder:"GUID"`
	Name          string `help:"What people see and mention." default:"Signpost"`
	AppVersion    string `help:"Version of the package; Teams takes an update only with a higher one." default:"1.0.0"`
	Developer     string `help:"Who answers for the app in your organisation." required:"" placeholder:"NAME"`
	WebsiteURL    string `help:"Page where people find help." required:"" placeholder:"URL"`
	PrivacyURL    string `help:"Page about what happens to people's data." required:"" placeholder:"URL"`
	TermsOfUseURL string `help:"Page with the terms of use." required:"" placeholder:"URL"`
	Out           string `help:"File to write." default:"signpost.zip" placeholder:"FILE" type:"path"`
}

// Run implements the command.
func (p *packageCommand) Run(std streams) error {
	var zip bytes.Buffer
	if err := manifest.Build(&zip, manifest.Options{
		AppID: p.AppID, BotID: p.BotID, Version: p.AppVersion, Name: p.Name,
		Developer: manifest.Developer{Name: p.Developer, WebsiteURL: p.WebsiteURL, PrivacyURL: p.PrivacyURL, TermsOfUseURL: p.TermsOfUseURL},
	}); err != nil {
		return fmt.Errorf("the package cannot be built:\n%w", err)
	}
	if err := os.WriteFile(p.Out, zip.Bytes(), 0o644); err != nil { //nolint:gosec // everybody may read an app package
		return err
	}
	_, err := fmt.Fprintf(std.out, "%s is ready to be uploaded in the Teams admin center.\n", p.Out)
	return err
}
