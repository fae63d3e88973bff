package queue

import (
	"encoding/binary"
	"errors"
)

// record is one of several things that are written together as one message.
type record struct {
	id   string
	body []byte
}

// formatHeader marks a message that holds records. One without it is a job as versions before 0.2 stored it.
const (
	formatHeader  = "Signpost-Format"
	formatRecords = "records"
)

var errRecords = errors.New("a stored message is damaged")

// encode joins records: of each the length of its id, the id, the length of its body, the body.
func encode(records []record) []byte {
	size := 0
	for _, r := range records {
		size += 2*binary.MaxVarintLen32 + len(r.id) + len(r.body)
	}
	out := make([]byte, 0, size)
	for _, r := range records {
		out = binary.AppendUvarint(out, uint64(len(r.id)))
		out = append(out, r.id...)
		out = binary.AppendUvarint(out, uint64(len(r.body)))
		out = append(out, r.body...)
	}
	return out
}

// decode takes records apart. Their bodies share raw's memory.
func decode(raw []byte) ([]record, error) {
	var out []record
	for len(raw) > 0 {
		id, rest, err := field(raw)
		if err != nil {
			return nil, err
		}
		body, rest, err := field(rest)
		if err != nil {
			return nil, err
		}
		out = append(out, record{string(id), body})
		raw = rest
	}
	return out, nil
}

func field(raw []byte) (value, rest []byte, err error) {
	length, n := binary.Uvarint(raw)
	if n <= 0 || length > uint64(len(raw)-n) {
		return nil, nil, errRecords
	}
	end := n + int(length)
	return raw[n:end:end], raw[end:], nil
}
