package main

import (
	"image"
	"image/color"
)

var (
	accent  = color.NRGBA{R: 0x0B, G: 0x5C, B: 0x6B, A: 0xFF} // also accentColor of manifest.json
	white   = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}
	amber   = color.NRGBA{R: 0xFF, G: 0xC2, B: 0x3C, A: 0xFF}
	nothing = color.NRGBA{}
)

// colour is the icon that people see in Teams: 192x192 on the accent colour,
// the symbol inside the central 96x96
// (https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons).
func colour() image.Image {
	// In quarters of a pixel; 192 is the left and upper edge of the centre.
	place := func(x, y int) point { return at(192+x, 192+y) }
	post := plate{[]point{place(192, 22), place(192, 362)}, 5 * unit}
	foot := plate{[]point{place(136, 366), place(248, 366)}, 4 * unit}
	upper := []point{place(52, 62), place(280, 62), place(334, 101), place(280, 140), place(52, 140)}
	lower := []point{place(332, 214), place(104, 214), place(50, 253), place(104, 292), place(332, 292)}
	const corner, gap = 4 * unit, 3 * unit
	return paint(192, accent, []layer{
		{post, white},
		{foot, white},
		{plate{upper, corner + gap}, accent},
		{plate{lower, corner + gap}, accent},
		{plate{upper, corner}, white},
		{plate{lower, corner}, amber},
	})
}

// outline is the icon of the app bar: 32x32, white lines on nothing.
func outline() image.Image {
	post := plate{[]point{at(64, 12), at(64, 116)}, unit}
	foot := plate{[]point{at(44, 116), at(84, 116)}, unit}
	upper := []point{at(24, 28), at(82, 28), at(102, 36), at(82, 44), at(24, 44)}
	lower := []point{at(104, 68), at(46, 68), at(26, 76), at(46, 84), at(104, 84)}
	const line = 2 * unit
	return paint(32, nothing, []layer{
		{post, white},
		{foot, white},
		{plate{upper, line}, white},
		{plate{lower, line}, white},
		{plate{upper, 0}, nothing},
		{plate{lower, 0}, nothing},
	})
}
