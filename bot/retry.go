package bot

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	sendTries   = 3
	firstPause  = 500 * time.Millisecond // before the second try; it doubles with each
	longestWait = 15 * time.Second       // between two tries; whoever is told to wait longer is told to give up
)

// retriable reports whether a request that failed may be sent again. A POST may only where nothing can have been created;
// doing the others twice does no harm.
// Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#handle-http-429-responses
func retriable(method string, e *SendError) bool {
	switch e.Status {
	case 0:
		return unwritten(e.Err)
	case http.StatusTooManyRequests, http.StatusPreconditionFailed:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return method != http.MethodPost
	default:
		return false
	}
}

// rest waits before the next try: longer each time, at least as long as the service asked, and never as long as others
// that it refused at the same moment. It returns false when that is too long, or the context ends before.
func rest(ctx context.Context, try int, atLeast time.Duration) bool {
	pause := firstPause << (try - 1)
	pause = max(pause/2, atLeast) + rand.N(pause) //nolint:gosec // jitter needs no secret randomness
	if pause > longestWait {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
		return false
	}
	return sleep(ctx, pause)
}
