// Package intake reads what a person wrote to signpost: whether it tells of a failed onboarding or sign-in, and which
// error code, ids, time, account and product it names, and in which language it is written.
//
// Reading is pure: no I/O, no clock, no state. A message travels like this:
//
//	plain.go     the bounded, readable text: no HTML, no escapes, URLs taken apart
//	lines.go     which of its lines are the person's own, and which are mail headers, quotations or a signature
//	fold.go      letters without case, diacritics and punctuation, to compare by
//	messages.go  the article's error message in 36 locales (messages.csv), however mangled
//	failure.go   a failure told in the person's own words (wording.csv), and whose failure it is (foreign.go)
//	codes.go, ids.go, accounts.go, products.go, language.go: one field each
//	times.go     the time: a machine's (stamps.go), or a person's (clock.go, days.go)
//	read.go      all of it together
//
// To teach signpost another way to say that a sign-in failed, add it to wording.csv.
package intake
