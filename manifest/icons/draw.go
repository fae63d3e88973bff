package main

import (
	"image"
	"image/color"
	"slices"
)

// unit is the number of steps in a pixel. All shapes have integer
// coordinates, so that every machine draws the same pixels.
const unit = 16

// point is a place on the canvas, in steps from the top left corner.
type point struct{ x, y int }

// at is the point at a place given in quarters of a pixel.
func at(x4, y4 int) point { return point{x4 * unit / 4, y4 * unit / 4} }

// plate is a polygon grown by a radius on all sides, which rounds its corners.
// Two points make a bar with round ends.
type plate struct {
	corners []point
	radius  int // steps
}

// covers reports whether p lies in the plate.
func (s plate) covers(p point) bool {
	inside := false
	for i, a := range s.corners {
		b := s.corners[(i+1)%len(s.corners)]
		if near(p, a, b, s.radius) {
			return true
		}
		// Count the edges that a ray to the right crosses.
		if (a.y > p.y) != (b.y > p.y) {
			turn := (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x)
			if (turn < 0) == (b.y > a.y) {
				inside = !inside
			}
		}
	}
	return inside
}

// near reports whether p is at most r away from the line between a and b.
func near(p, a, b point, r int) bool {
	dx, dy := b.x-a.x, b.y-a.y
	px, py := p.x-a.x, p.y-a.y
	length := dx*dx + dy*dy
	switch along := px*dx + py*dy; {
	case along <= 0:
		return px*px+py*py <= r*r
	case along >= length:
		qx, qy := p.x-b.x, p.y-b.y
		return qx*qx+qy*qy <= r*r
	default:
		across := px*dy - py*dx
		return across*across <= r*r*length
	}
}

// layer is a plate in one colour. A later layer hides an earlier one; a
// transparent one cuts it out.
type layer struct {
	plate plate
	paint color.NRGBA
}

// paint draws the layers on a square of the given size in pixels. Each pixel
// is the average of 64 samples of it, which smooths the edges.
func paint(size int, ground color.NRGBA, layers []layer) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, average(x, y, ground, layers))
		}
	}
	return img
}

func average(x, y int, ground color.NRGBA, layers []layer) color.NRGBA {
	var r, g, b, a, n int
	for dy := 1; dy < unit; dy += 2 {
		for dx := 1; dx < unit; dx += 2 {
			c := top(point{x*unit + dx, y*unit + dy}, ground, layers)
			r += int(c.R) * int(c.A)
			g += int(c.G) * int(c.A)
			b += int(c.B) * int(c.A)
			a += int(c.A)
			n++
		}
	}
	if a == 0 {
		return color.NRGBA{R: 255, G: 255, B: 255}
	}
	half := a / 2
	return color.NRGBA{
		R: uint8((r + half) / a),
		G: uint8((g + half) / a),
		B: uint8((b + half) / a),
		A: uint8((a + n/2) / n),
	}
}

func top(p point, ground color.NRGBA, layers []layer) color.NRGBA {
	for _, l := range slices.Backward(layers) {
		if l.plate.covers(p) {
			return l.paint
		}
	}
	return ground
}
