package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	abs "github.com/microsoft/kiota-abstractions-go"

	"signpost/signins"
)

// Account finds an account in the directory by UPN, e-mail address, #EXT# name or object id, in any letter case. What
// was found is kept for Options.AccountTTL. An error is a *signins.Failure: ReasonAccountNotFound when there is none,
// or when several accounts share the e-mail address; ReasonNoPermission without User.Read.All.
//
// Source: https://learn.microsoft.com/graph/api/user-get
func (c *Client) Account(ctx context.Context, account string) (signins.Account, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	found, err := c.account(ctx, account)
	if err != nil {
		return signins.Account{}, failure(err, PermissionUsers)
	}
	return found, nil
}

func (c *Client) account(ctx context.Context, account string) (signins.Account, error) {
	account = strings.TrimSpace(account)
	if !plausible(account) {
		return signins.Account{}, errNoSuchAccount
	}
	return c.accounts.get(ctx, strings.ToLower(account), func(ctx context.Context) (signins.Account, error) {
		return c.findAccount(ctx, account)
	})
}

func (c *Client) findAccount(ctx context.Context, account string) (signins.Account, error) {
	body, err := c.getUsers(ctx, "{+baseurl}/users/{user}{?%24select}", map[string]string{"user": account}, nil)
	if err == nil {
		var user user
		if err := json.Unmarshal(body, &user); err != nil {
			return signins.Account{}, errUndecodable
		}
		return user.account()
	}
	if !hasStatus(err, http.StatusNotFound) {
		return signins.Account{}, err
	}
	if isGUID(account) {
		return signins.Account{}, errNoSuchAccount
	}
	return c.findByMail(ctx, mailOf(account))
}

// findByMail serves people who know an address that is not the sign-in name, guests above all.
func (c *Client) findByMail(ctx context.Context, mail string) (signins.Account, error) {
	body, err := c.getUsers(ctx, "{+baseurl}/users{?%24select,%24filter,%24top}", nil, map[string]string{
		"%24filter": "mail eq " + quote(mail),
		"%24top":    "2",
	})
	if err != nil {
		return signins.Account{}, err
	}
	var page struct{ Value []user }
	if err := json.Unmarshal(body, &page); err != nil {
		return signins.Account{}, errUndecodable
	}
	switch len(page.Value) {
	case 0:
		return signins.Account{}, errNoSuchAccount
	case 1:
		return page.Value[0].account()
	default:
		return signins.Account{}, fmt.Errorf("several accounts share the address: %w", errNoSuchAccount)
	}
}

func (c *Client) getUsers(ctx context.Context, template string, path, query map[string]string) ([]byte, error) {
	info := abs.NewRequestInformation()
	info.Method = abs.GET
	info.UrlTemplate = template
	info.PathParameters = map[string]string{}
	maps.Copy(info.PathParameters, path)
	info.QueryParameters["%24select"] = "id,userPrincipalName,displayName,mail"
	maps.Copy(info.QueryParameters, query)
	info.Headers.Add("Accept", "application/json")
	return send(ctx, c.v1, info)
}

// user is what is read of https://learn.microsoft.com/graph/api/resources/user
type user struct {
	ID                string
	UserPrincipalName string
	DisplayName       string
}

func (u user) account() (signins.Account, error) {
	if !isGUID(u.ID) {
		return signins.Account{}, errUndecodable
	}
	return signins.Account{ID: strings.ToLower(u.ID), UPN: u.UserPrincipalName, Name: u.DisplayName}, nil
}

// plausible reports whether a text may be an account at all: an object id or a name with @ or #EXT#, without the
// characters that mean something in a URL's path and that no name may hold.
// Source: https://learn.microsoft.com/entra/identity/hybrid/connect/howto-troubleshoot-upn-changes
func plausible(account string) bool {
	if isGUID(account) {
		return true
	}
	const longest = 320 // of an e-mail address; a UPN has 113 at most
	if len(account) > longest || strings.HasPrefix(account, "$") || strings.HasPrefix(account, ".") {
		return false
	}
	if !strings.Contains(account, "@") && !isGuestName(account) {
		return false
	}
	return !strings.ContainsFunc(account, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\?%"<>()[]{}|;:,`, r)
	})
}

func isGuestName(account string) bool { return strings.Contains(strings.ToLower(account), "#ext#") }

// mailOf turns a guest's name, ana_fabrikam.com#EXT#@contoso.onmicrosoft.com, into the guest's address,
// ana@fabrikam.com, in lower case. Other names are addresses already.
func mailOf(account string) string {
	account = strings.ToLower(account)
	local, _, guest := strings.Cut(account, "#ext#")
	i := strings.LastIndexByte(local, '_')
	if !guest || i < 1 {
		return account
	}
	return local[:i] + "@" + local[i+1:]
}

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range []byte(s) {
		switch i {
		case 8, 13, 18, 23:
			if r != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", rune(r)) {
				return false
			}
		}
	}
	return true
}
