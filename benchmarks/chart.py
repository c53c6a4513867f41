"""Line charts on logarithmic axes as plain SVG, without a library for them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

COLOURS = ("#1f5f99", "#c0504d", "#5b8c3a", "#8064a2")
WIDTH, HEIGHT = 380, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 34, 34, 44


@dataclass(frozen=True)
class Line:
    """A named line: `xs` and `ys` above 0."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """Lines that share their axes."""

    title: str
    lines: Sequence[Line]


def chart(panels: Sequence[Panel], x_title: str) -> str:
    """Return an SVG with the panels side by side; both axes are logarithmic with a mark at each power of ten."""
    width = WIDTH * len(panels)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" font-size="12" '
    parts = [head + 'font-family="sans-serif" fill="#333">', f'<rect width="{width}" height="{HEIGHT}" fill="white"/>']
    for place, panel in enumerate(panels):
        parts += [f'<g transform="translate({WIDTH * place} 0)">', *_panel(panel, x_title), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Panel, x_title: str) -> Iterator[str]:
    xs = _Axis([x for line in panel.lines for x in line.xs], LEFT, WIDTH - RIGHT)
    ys = _Axis([y for line in panel.lines for y in line.ys], HEIGHT - BOTTOM, TOP)
    yield f'<text x="{LEFT}" y="18" font-weight="bold">{escape(panel.title)}</text>'
    yield f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>'
    for power in xs.powers:
        at = xs.at(10**power)
        yield f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{_words(power)}</text>'
    for power in ys.powers:
        at = ys.at(10**power)
        yield f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_words(power)}</text>'
    for number, (line, colour) in enumerate(zip(panel.lines, COLOURS, strict=False)):
        points = [(xs.at(x), ys.at(y)) for x, y in zip(line.xs, line.ys, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        yield f'<text x="{LEFT + 10}" y="{TOP + 16 * (number + 1)}" fill="{colour}">{escape(line.name)}</text>'


class _Axis:
    """Places values between two pixels, from the power of ten below the least to the one above the greatest."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._start, self._end = start, end
        self.powers = range(self._low, self._high + 1)

    def at(self, value: float) -> float:
        return self._start + (self._end - self._start) * (math.log10(value) - self._low) / (self._high - self._low)


def _words(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
