package export

import (
	"hash/maphash"

	"signpost/diagnosis"
)

// mostOwners bounds what is remembered of whose rows were seen.
const mostOwners = 1 << 20

// owners remembers whose rows were seen: of each only a hash, for there may be many.
type owners struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

func newOwners() owners { return owners{maphash.MakeSeed(), map[uint64]struct{}{}} }

func (o *owners) add(owner diagnosis.Owner) {
	if owner != (diagnosis.Owner{}) && len(o.seen) < mostOwners {
		o.seen[maphash.Comparable(o.seed, owner)] = struct{}{}
	}
}

// has reports whether rows of an owner were seen. It errs on that side.
func (o *owners) has(owner diagnosis.Owner) bool {
	_, seen := o.seen[maphash.Comparable(o.seed, owner)]
	return seen || len(o.seen) == mostOwners
}
