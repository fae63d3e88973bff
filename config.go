package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"regexp"
	"strings"
	"time"

	"signpost/bot"
	"signpost/signins/graph"
)

// config is everything that can be set about the bot. It is filled from flags and environment, and checked before
// anything starts.
type config struct {
	AppID      string        `help:"Application (client) id of the bot's Entra app registration." env:"SIGNPOST_APP_ID" placeholder:"GUID"`
	TenantID   []string      `help:"Id of the tenant that the bot serves; repeat it or separate by commas for several. The first is the app's own." env:"SIGNPOST_TENANT_ID" placeholder:"GUID"`
	Cloud      string        `help:"Microsoft cloud: ${clouds}." env:"SIGNPOST_CLOUD" default:"public"`
	Listen     string        `help:"Address to listen on." env:"SIGNPOST_LISTEN" default:":3978" placeholder:"HOST:PORT"`
	DataDir    string        `help:"Directory that holds the queue. Only one process may use it." env:"SIGNPOST_DATA_DIR" default:"/data" placeholder:"DIR" type:"path"`
	LogLevel   string        `help:"What to log: debug, info, warn or error." env:"SIGNPOST_LOG_LEVEL" default:"info"`
	Helpdesk   []string      `name:"helpdesk-group" help:"Object id of a group whose members may ask about every account; repeat it or separate by commas. Everybody else may ask about themself." env:"SIGNPOST_HELPDESK_GROUP" placeholder:"GUID"`
	LookBack   time.Duration `help:"How long before a failure to look." env:"SIGNPOST_LOOK_BACK" default:"24h"`
	LookWider  time.Duration `help:"How far to look when that holds nothing; at most what the tenant keeps (7 days, or 30 with Entra ID P1)." env:"SIGNPOST_LOOK_WIDER" default:"168h"`
	MostChecks int           `help:"How many checks a person may ask for in ten minutes; 0 for any number." env:"SIGNPOST_MOST_CHECKS" default:"10" placeholder:"N"`
	Unpaced    bool          `help:"Send faster than Teams takes. Only for load tests against a stand-in." env:"SIGNPOST_UNPACED" hidden:""`

	credentialConfig `group:"Credential (exactly one)"`
}

// credentialConfig says how the app proves who it is. Secrets are read from files, never from flags.
type credentialConfig struct {
	AppSecretFile    string `help:"File that holds the client secret." env:"SIGNPOST_APP_SECRET_FILE" placeholder:"FILE" type:"path"`
	CertificateFile  string `help:"File that holds the certificate and its private key (PEM, or PKCS#12 without a password)." env:"SIGNPOST_CERTIFICATE_FILE" placeholder:"FILE" type:"path"`
	ManagedIdentity  string `help:"Client id of a managed identity: the app id itself, or an identity that the app trusts by a federated credential." env:"SIGNPOST_MANAGED_IDENTITY" placeholder:"GUID"`
	WorkloadIdentity bool   `help:"Use the workload identity of the Kubernetes pod (AZURE_FEDERATED_TOKEN_FILE)." env:"SIGNPOST_WORKLOAD_IDENTITY"`
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// check returns every mistake at once, each with what to do.
func (c *config) check() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }

	switch {
	case c.AppID == "":
		wrong("--app-id (SIGNPOST_APP_ID) is missing: copy the Application (client) ID from the app registration in the Entra admin center")
	case !guid.MatchString(c.AppID):
		wrong("--app-id %q is no GUID: copy the Application (client) ID, not the name", c.AppID)
	}
	if len(c.TenantID) == 0 {
		wrong("--tenant-id (SIGNPOST_TENANT_ID) is missing: copy the Tenant ID from the Entra admin center's overview")
	}
	for _, id := range c.TenantID {
		if !guid.MatchString(id) {
			wrong("--tenant-id %q is no GUID: give the tenant's id, not its domain", id)
		}
	}
	if c.MostChecks < 0 {
		wrong("--most-checks %d is negative: give a number, or 0 for any number", c.MostChecks)
	}
	for _, id := range c.Helpdesk {
		if !guid.MatchString(id) {
			wrong("--helpdesk-group %q is no GUID: give the group's object id, not its name", id)
		}
	}
	if _, ok := bot.CloudByName(c.Cloud); !ok {
		wrong("--cloud %q is unknown: choose one of %s", c.Cloud, strings.Join(bot.CloudNames(), ", "))
	} else if _, ok := graph.CloudByName(c.Cloud); !ok {
		wrong("--cloud %q has no Microsoft Graph: choose one of %s", c.Cloud, strings.Join(bot.CloudNames(), ", "))
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		wrong("--listen %q is no address: write it as :3978 or 127.0.0.1:3978", c.Listen)
	}
	if c.DataDir == "" {
		wrong("--data-dir (SIGNPOST_DATA_DIR) is empty: name a directory on a disk that outlives the process")
	}
	if _, err := c.level(); err != nil {
		wrong("--log-level %q is unknown: choose debug, info, warn or error", c.LogLevel)
	}
	if c.LookBack <= 0 || c.LookWider < c.LookBack {
		wrong("--look-back %s and --look-wider %s do not fit: the first must be more than 0 and the second not less than it", c.LookBack, c.LookWider)
	}
	if c.LookWider > 30*24*time.Hour {
		wrong("--look-wider %s is longer than Entra keeps sign-ins: at most 720h (30 days)", c.LookWider)
	}
	mistakes = append(mistakes, c.credentialConfig.check()...)
	return errors.Join(mistakes...)
}

func (c *credentialConfig) check() []error {
	var mistakes []error
	given := 0
	for flag, file := range map[string]string{"--app-secret-file": c.AppSecretFile, "--certificate-file": c.CertificateFile} {
		if file == "" {
			continue
		}
		given++
		if text, err := os.ReadFile(file); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s cannot be read: %w", flag, err))
		} else if strings.TrimSpace(string(text)) == "" {
			mistakes = append(mistakes, fmt.Errorf("%s %s is empty: put the secret into it", flag, file))
		}
	}
	if c.ManagedIdentity != "" {
		given++
		if !guid.MatchString(c.ManagedIdentity) {
			mistakes = append(mistakes, fmt.Errorf("--managed-identity %q is no GUID: give the identity's client id", c.ManagedIdentity))
		}
	}
	if c.WorkloadIdentity {
		given++
	}
	switch given {
	case 1:
	case 0:
		mistakes = append(mistakes, errors.New("no credential: give one of --app-secret-file, --certificate-file, --managed-identity, --workload-identity"))
	default:
		mistakes = append(mistakes, errors.New("several credentials: keep one of --app-secret-file, --certificate-file, --managed-identity, --workload-identity"))
	}
	return mistakes
}

func (c *config) level() (slog.Level, error) {
	var level slog.Level
	err := level.UnmarshalText([]byte(c.LogLevel))
	return level, err
}
