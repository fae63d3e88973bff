package graph

import (
	"fmt"
	"net/url"
	"strings"
)

// Cloud is one of Microsoft's clouds as far as Graph is concerned.
// Source: https://learn.microsoft.com/graph/deployments
type Cloud struct {
	Name    string // "public", "usgov" or "china"
	BaseURL string // https and a host, without a path
	Scope   string // what a token for Graph is asked for
}

// CloudByName returns the cloud of that name: "public", "usgov" (GCC High) or "china" (21Vianet). GCC is "public".
func CloudByName(name string) (Cloud, bool) {
	var host string
	switch name {
	case "public":
		host = "graph.microsoft.com"
	case "usgov":
		host = "graph.microsoft.us"
	case "china":
		host = "microsoftgraph.chinacloudapi.cn"
	default:
		return Cloud{}, false
	}
	return Cloud{Name: name, BaseURL: "https://" + host, Scope: "https://" + host + "/.default"}, true
}

// host returns the one host that requests may go to.
func (c Cloud) host() (string, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Host != u.Hostname() || c.BaseURL != "https://"+u.Host {
		return "", fmt.Errorf("base URL of cloud %q is not https and a host", c.Name)
	}
	return u.Host, nil
}

// owns reports whether a link leads to this cloud's Graph and nowhere else.
func (c Cloud) owns(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.User == nil && strings.EqualFold(c.BaseURL, u.Scheme+"://"+u.Host)
}
