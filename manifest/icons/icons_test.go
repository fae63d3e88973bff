package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestCommittedIconsAreTheDrawnOnes(t *testing.T) {
	t.Parallel()
	for name, drawn := range map[string]image.Image{"color.png": colour(), "outline.png": outline()} {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if !same(drawn, committed) {
			t.Errorf("%s differs from what the command draws: run go generate ./manifest", name)
		}
	}
}

func same(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.NRGBAModel.Convert(a.At(x, y)) != color.NRGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

func TestPlateCoversItsPolygonAndARimOfItsRadius(t *testing.T) {
	t.Parallel()
	arrow := plate{[]point{{0, 0}, {100, 0}, {150, 50}, {100, 100}, {0, 100}}, 10}
	tests := []struct {
		name  string
		point point
		want  bool
	}{
		{"the middle", point{50, 50}, true},
		{"inside the tip", point{140, 51}, true},
		{"the rim above the upper edge", point{50, -10}, true},
		{"beyond the rim of the upper edge", point{50, -11}, false},
		{"the rim beside a corner", point{-7, -7}, true},
		{"beyond the round corner", point{-8, -8}, false},
		{"the rim before the tip", point{160, 50}, true},
		{"beyond the tip", point{161, 50}, false},
		{"above the slope", point{145, 5}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := arrow.covers(test.point); got != test.want {
				t.Errorf("covers(%v) is %t, want %t", test.point, got, test.want)
			}
		})
	}
}
