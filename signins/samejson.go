package signins

import (
	"bytes"
	"encoding/json"
	"slices"
)

func isEmptyJSON(raw json.RawMessage) bool { return sameJSON(raw, nil) }

// sameJSON compares two values without regard to spaces and the order of members; null is the same as absent.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	_ = json.Unmarshal(a, &x) // absent is nil
	_ = json.Unmarshal(b, &y)
	return bytes.Equal(marshal(tidied(x)), marshal(tidied(y)))
}

// tidied drops what is null or empty and sorts lists of texts, which are sets.
func tidied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if v[name] = tidied(member); v[name] == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		if len(v) == 0 {
			return nil
		}
		slices.SortFunc(v, func(a, b any) int { return bytes.Compare(marshal(a), marshal(b)) })
		return v
	default:
		return v
	}
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}
