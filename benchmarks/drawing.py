"""Charts of growth as SVG: both axes logarithmic, a line for each engine, its name at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 50
COLORS = ("#1b6ca8", "#c0392b", "#2e7d32", "#8e44ad", "#b9770e", "#00838f", "#5d4037", "#455a64")
_APART = 15
"""Pixels that names at the ends of lines stand apart."""

Line = Sequence[tuple[float, float]]


def growth(title: str, across: str, up: str, lines: Mapping[str, Line]) -> str:
    """Return a chart of positive values over sizes; lines of one point are a dot."""
    xs = [x for line in lines.values() for x, _ in line]
    ys = [y for line in lines.values() for _, y in line]
    if not xs:
        return ""
    scale = _Scale(_decades(xs), _decades(ys))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        *_grid(scale, across, up),
    ]
    ends = _spread([scale.y(line[-1][1]) for line in lines.values()])
    for number, (name, line) in enumerate(lines.items()):
        parts += _line(name, line, scale, COLORS[number % len(COLORS)], ends[number])
    return "\n".join([*parts, "</svg>\n"])


class _Scale:
    """Where values stand on the page."""

    def __init__(self, across: tuple[int, int], up: tuple[int, int]) -> None:
        self.across, self.up = across, up

    def x(self, value: float) -> float:
        low, high = self.across
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.up
        return HEIGHT - BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _grid(scale: _Scale, across: str, up: str) -> list[str]:
    parts = []
    for power in range(scale.across[0], scale.across[1] + 1):
        x = scale.x(10.0**power)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(scale.up[0], scale.up[1] + 1):
        y = scale.y(10.0**power)
        label = f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{escape(across)}</text>')
    turned = f'transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"'
    return [*parts, f'<text {turned} text-anchor="middle">{escape(up)}</text>']


def _line(name: str, line: Line, scale: _Scale, color: str, end: float) -> list[str]:
    points = [(scale.x(x), scale.y(y)) for x, y in line]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points]
    x, y = points[-1]
    lead = f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT + 8}" y2="{end:.1f}" stroke="{color}" '
    lead += 'stroke-dasharray="2 3"/>'
    label = f'<text x="{WIDTH - RIGHT + 12}" y="{end + 4:.1f}" fill="{color}">{escape(name)}</text>'
    return [f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>', *dots, lead, label]


def _spread(heights: Sequence[float]) -> list[float]:
    """Return where names stand, in the order of the lines, so that none lies on another."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    placed = [0.0] * len(heights)
    before = -math.inf
    for number in order:
        before = placed[number] = max(heights[number], before + _APART)
    over = max(0.0, before - (HEIGHT - BOTTOM))
    return [place - over for place in placed]
