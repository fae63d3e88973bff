package graph

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	khttp "github.com/microsoft/kiota-http-go"
)

const (
	retryDelay       = 2 * time.Second // before the first retry when Graph names no delay, doubled for each further one
	maxRetries       = 5
	maxServerRetries = 2           // of a 503 or 504
	answerTime       = time.Second // what must be left of the deadline for the answer itself
	forever          = 365 * 24 * time.Hour
)

// retryOptions set up the SDK's retry handler, which waits as long as Retry-After says. Left alone it would wait past
// the deadline of the look-up; here a wait that does not fit is not begun, so that the person learns at once.
func retryOptions() khttp.RetryHandlerOptions {
	return khttp.RetryHandlerOptions{
		ShouldRetry:  shouldRetry,
		MaxRetries:   maxRetries,
		DelaySeconds: int(retryDelay / time.Second),
	}
}

// shouldRetry decides about an answer 429, 503 or 504; retries counts those that were made.
func shouldRetry(_ time.Duration, retries int, req *http.Request, resp *http.Response) bool {
	if resp.StatusCode != http.StatusTooManyRequests {
		if strings.HasPrefix(req.URL.Path, "/beta/") || retries >= maxServerRetries {
			return false // a beta that fails is replaced by v1.0, see reader.read
		}
	}
	wait, named := retryAfter(resp.Header, time.Now())
	if !named {
		wait = retryDelay<<retries + time.Second // the handler adds up to a second at random
	}
	if deadline, ok := req.Context().Deadline(); ok && time.Until(deadline) < wait+answerTime {
		return false
	}
	// The handler forgets to close the answer that it retries, which would hold the connection.
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	_ = resp.Body.Close()
	return true
}

// retryAfter reads the header of that name, in seconds or as a date; false when it is missing or unreadable.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if math.IsNaN(seconds) || seconds > forever.Seconds() {
			return forever, true
		}
		return max(0, time.Duration(seconds*float64(time.Second))), true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}
