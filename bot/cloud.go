package bot

import "slices"

// Cloud is one of Microsoft's clouds, as the Bot Connector sees it. Everything follows from the cloud's name: no setting
// can point verification elsewhere.
type Cloud struct {
	Name              string
	Issuer            string   // of the Connector's tokens
	OpenIDMetadataURL string   // where the Connector's signing keys are announced
	LoginHost         string   // Entra's login host
	ConnectorScope    string   // of the token that the bot shows to the Connector
	ServiceHosts      []string // hosts that a serviceUrl may have; one that begins with a dot also covers its subdomains
}

// clouds is the table of Microsoft's endpoints for bots. smba.trafficmanager.net must match exactly: anybody can create
// another name under trafficmanager.net. Which hosts the China cloud's Connector uses is not documented; its bot
// framework domain is the only one that can be trusted there.
var clouds = []Cloud{
	{
		Name:              "public",
		Issuer:            "https://api.botframework.com",
		OpenIDMetadataURL: "https://login.botframework.com/v1/.well-known/openidconfiguration",
		LoginHost:         "login.microsoftonline.com",
		ConnectorScope:    "https://api.botframework.com/.default",
		ServiceHosts:      []string{"smba.trafficmanager.net", ".botframework.com", ".teams.microsoft.com"},
	},
	{
		Name:              "usgov",
		Issuer:            "https://api.botframework.us",
		OpenIDMetadataURL: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
		LoginHost:         "login.microsoftonline.us",
		ConnectorScope:    "https://api.botframework.us/.default",
		ServiceHosts:      []string{".teams.microsoft.us", ".botframework.azure.us"},
	},
	{
		Name:              "china",
		Issuer:            "https://api.botframework.azure.cn",
		OpenIDMetadataURL: "https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
		LoginHost:         "login.partner.microsoftonline.cn",
		ConnectorScope:    "https://api.botframework.azure.cn/.default",
		ServiceHosts:      []string{".botframework.azure.cn"},
	},
}

// CloudByName returns a cloud, and false for a name that is none of CloudNames.
func CloudByName(name string) (Cloud, bool) {
	i := slices.IndexFunc(clouds, func(c Cloud) bool { return c.Name == name })
	if i < 0 {
		return Cloud{}, false
	}
	return clouds[i], true
}

// CloudNames returns the names of all clouds.
func CloudNames() []string {
	var names []string
	for _, c := range clouds {
		names = append(names, c.Name)
	}
	return names
}
