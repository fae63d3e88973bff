package handlers

import (
	"context"
	"log/slog"
	"time"

	"signpost/bot"
	"signpost/words"
)

// membershipPatience is how long an answer to somebody about themself waits to find out whether they are of the helpdesk.
const membershipPatience = 800 * time.Millisecond

// detailFor says how much an answer in this conversation may show to everybody who reads it.
func (b *Bot) detailFor(ctx context.Context, where *bot.Reference) words.Detail {
	if shared(where) {
		return words.General
	}
	return b.detailOf(ctx, where, where.UserAADObjectID)
}

// detailOf says how much somebody may read who may have the answer: the helpdesk all of it, others no names of those who
// edited policies or reset passwords. What cannot be established counts as others.
func (b *Bot) detailOf(ctx context.Context, where *bot.Reference, person string) words.Detail {
	tenant, ours := b.tenant(where)
	if !ours || !isObjectID(person) {
		return words.Full
	}
	ctx, cancel := context.WithTimeout(ctx, membershipPatience)
	defer cancel()
	member, err := b.access.helpdesk(ctx, where.TenantID, tenant.Directory, person)
	if err != nil {
		b.opts.Log.Warn("a helpdesk membership could not be read", slog.Any("error", err))
	}
	if member && err == nil {
		return words.Desk
	}
	return words.Full
}
