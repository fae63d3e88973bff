// Command icons draws the two icons of the Teams app package, color.png and
// outline.png, into the working directory. It is run by "go generate
// ./manifest"; the PNGs are committed, so nobody else needs it.
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
)

func main() {
	if err := write("color.png", colour()); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
	if err := write("outline.png", outline()); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func write(name string, img image.Image) error {
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&buf, img); err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return os.WriteFile(name, buf.Bytes(), 0o644) //nolint:gosec // pictures are for everybody
}
