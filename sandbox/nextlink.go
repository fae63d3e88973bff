package sandbox

import (
	"maps"
	"slices"
)

// pageAfter returns the page that follows the item of that id, and the id after which the next page begins: empty at the
// end. It is not ok when there is no such item.
func pageAfter[T any](all []T, after string, size int, id func(T) string) (page []T, next string, ok bool) {
	if after != "" {
		i := slices.IndexFunc(all, func(item T) bool { return id(item) == after })
		if i < 0 {
			return nil, "", false
		}
		all = all[i+1:]
	}
	if len(all) <= size {
		return all, "", true
	}
	return all[:size], id(all[size-1]), true
}

// linkNext adds the @odata.nextLink to a page, unless it is the last one.
func (g *graphRequest) linkNext(answer map[string]any, path, token string) {
	if token == "" {
		return
	}
	query := maps.Clone(g.query)
	query.Set("$skiptoken", token)
	answer["@odata.nextLink"] = "https://" + HostGraph + "/" + g.version() + "/" + path + "?" + query.Encode()
}
