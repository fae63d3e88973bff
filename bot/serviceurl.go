package bot

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// serviceURL is the address of a Connector that passed the allow-list. The zero value is not usable; only
// Cloud.serviceURL makes one, so that a token cannot be sent to an address that was not checked.
type serviceURL struct{ base string }

// serviceURL checks a serviceUrl from an activity or a stored reference: https on the default port, a host on the
// cloud's list, and nothing but a path behind it.
// Source of the hosts: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
func (c Cloud) serviceURL(text string) (serviceURL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return serviceURL{}, errors.New("the serviceUrl cannot be read")
	}
	host := u.Hostname()
	switch {
	case u.Scheme != "https":
		err = errors.New("the serviceUrl is not https")
	case u.Host != host && u.Host != host+":443":
		err = errors.New("the serviceUrl names a port")
	case u.User != nil, u.Opaque != "", strings.ContainsAny(text, "?#"):
		err = errors.New("the serviceUrl holds more than a host and a path")
	case !c.allows(host):
		err = errors.New("the serviceUrl's host is not one of the cloud's")
	case strings.Contains(u.EscapedPath(), "%") || strings.Contains(u.Path, "..") || strings.ContainsAny(u.Path, "\\;"):
		err = errors.New("the serviceUrl's path is not plain")
	}
	if err != nil {
		return serviceURL{}, err
	}
	return serviceURL{"https://" + strings.ToLower(host) + strings.TrimRight(u.Path, "/")}, nil
}

// allows reports whether a host is on the list. Names of anything but letters, digits and hyphens are on none; that is
// asked before the case is lowered, which would make a k of U+212A.
func (c Cloud) allows(host string) bool {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	if strings.Trim(host, plain) != "" || strings.Contains("."+host, "..") {
		return false
	}
	host = strings.ToLower(host)
	for _, allowed := range c.ServiceHosts {
		if domain, subdomains := strings.CutPrefix(allowed, "."); host == domain || (subdomains && strings.HasSuffix(host, allowed)) {
			return true
		}
	}
	return false
}

// activities is the address of a conversation's activities, or of one of them when id is not empty. Both ids are
// escaped, so that neither can leave its place in the path.
func (s serviceURL) activities(conversationID, id string) (string, error) {
	if s.base == "" || conversationID == "" {
		return "", fmt.Errorf("no conversation to send to")
	}
	address := s.base + "/v3/conversations/" + escapeSegment(conversationID) + "/activities"
	if id != "" {
		address += "/" + escapeSegment(id)
	}
	return address, nil
}

// escapeSegment escapes a path segment. url.PathEscape leaves dots alone, and a segment of nothing but dots would be
// taken as a step up.
func escapeSegment(text string) string {
	if strings.Trim(text, ".") == "" {
		return strings.ReplaceAll(text, ".", "%2E")
	}
	return url.PathEscape(text)
}

// sameService reports whether a token's serviceurl claim and an activity's serviceUrl mean the same address: letter
// case and one slash at the end do not count.
func sameService(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/"))
}
