"""Charts as geometry: bars, columns and lines, each with its words and the table of its data.

A drawing is as wide as its page: places along it are in percent, heights in pixels, so that texts keep their size on a
phone and on paper. Nothing is told by color alone: every mark has its number or its own shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from attrs import field, frozen

from mentorkit.presenting.report_words import NOT_SHOWN, told

ROW = 44
"""Height of a row of a bar chart: a label, and the bar below it."""

PLOT = 130
"""Height of the area that columns and lines are drawn in."""

TOP = 22
"""Room above it, for the number on the highest column."""

FOOT = 26
"""Room below it, for labels."""

_ROOM = 20
_ROUND = (10, 12, 16, 20, 30, 40, 60, 80, 100)

SHAPES = ("circle", "square", "diamond")
"""What tells lines apart, beside their dashes and colors."""

_LONGEST_LABEL = 34
_MOST_LABELS = 9


@frozen
class Table:
    """The data of a chart: rows of cells under a head, the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@frozen
class Bar:
    """One row: `percent` of the width is filled."""

    label: str
    value: str
    percent: float
    y: int


@frozen
class Column:
    """One column from `x` on, `width` wide (percent), and as high as `height` pixels; `inner` of it is filled."""

    x: float
    width: float
    height: float
    value: str
    label: str = ""
    inner: float | None = None
    inner_value: str = ""

    @property
    def middle(self) -> float:
        """The middle of the column, in percent."""
        return round(self.x + self.width / 2, 2)


@frozen
class Line:
    """A series of points (percent, pixels from the top); `last` is the last value."""

    name: str
    shape: str
    points: tuple[tuple[float, float], ...]
    last: str

    @property
    def segments(self) -> tuple[tuple[float, float, float, float], ...]:
        """The lines between neighboring points."""
        return tuple((*one, *other) for one, other in pairwise(self.points))


@frozen
class Chart:
    """A drawing with its words and its data.

    Attributes:
        key: unique in the page.
        title: what it shows, in a few words.
        description: what can be seen in it, for those who cannot see it.
        kind: how it is drawn: bars, columns or lines.
        height: in pixels.
        ticks: (percent, text) along the bottom, where columns carry no labels of their own.
        grid: (pixels from the top, text) of horizontal lines.
        legend: the words for outlined and filled columns.
    """

    key: str
    title: str
    description: str
    kind: str
    height: int
    table: Table
    bars: tuple[Bar, ...] = ()
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    grid: tuple[tuple[float, str], ...] = ()
    legend: tuple[str, ...] = field(default=())

    @property
    def foot(self) -> int:
        """Room for labels below the plot."""
        return FOOT

    @property
    def has_gaps(self) -> bool:
        """Whether a count of it is not shown."""
        return any(NOT_SHOWN in row for row in self.table.rows)


def bar_chart(
    key: str,
    title: str,
    description: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, int | None, *tuple[str, ...]]],
    whole: int = 0,
) -> Chart:
    """Return rows as bars; `whole` is what a full bar stands for (0: the largest row).

    A row is a label, a count, and further cells of the table.
    """
    longest = whole or max((row[1] or 0 for row in rows), default=0)
    bars = tuple(
        Bar(_short(label), told(count), _percent(count or 0, longest), number * ROW)
        for number, (label, count, *_) in enumerate(rows)
    )
    table = Table(head, tuple((label, told(count), *more) for label, count, *more in rows))
    return Chart(key, title, description, "bars", len(rows) * ROW, table, bars=bars)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def column_chart(
    key: str,
    title: str,
    description: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, int, int, int | None]],
) -> Chart:
    """Return rows of (label, places, outlined, filled) as columns; where they are many, only every n-th has its label.

    A column over several places is as high as what falls on each of them, on average.
    """
    places = sum(row[1] for row in rows)
    highest = max((max(whole, part or 0) / span for _, span, whole, part in rows), default=0)
    step, wide = ceil(places / _MOST_LABELS), 100 / max(places, 1)
    columns = []
    place = 0
    for label, span, whole, part in rows:
        inner = _pixels((part or 0) / span, highest)
        columns.append(
            Column(
                x=round(place * wide + wide * 0.12, 2),
                width=round((span - 0.24) * wide, 2),
                height=_pixels(whole / span, highest),
                value=f"{whole:,}",
                label=label if place % step == 0 or span >= step else "",
                inner=inner,
                inner_value="" if inner < _ROOM or places > 2 * _MOST_LABELS else told(part),
            )
        )
        place += span
    table = Table(head, tuple((label, told(whole), told(part)) for label, _, whole, part in rows))
    height = TOP + PLOT + FOOT
    return Chart(key, title, description, "columns", height, table, columns=tuple(columns), legend=head[1:])


def histogram(
    key: str, title: str, description: str, head: tuple[str, ...], bands: Sequence[tuple[int, int, int]]
) -> Chart:
    """Return bands of (low, high, count) as columns whose area is the count, over the whole scale."""
    low, high = bands[0][0], bands[-1][1]
    density = [count / (end - begin) for begin, end, count in bands]
    columns = tuple(
        Column(
            x=round(100 * (begin - low) / (high - low) + 0.4, 2),
            width=round(100 * (end - begin) / (high - low) - 0.8, 2),
            height=_pixels(one, max(density)),
            value=f"{count:,}" if count else "",
        )
        for (begin, end, count), one in zip(bands, density, strict=True)
    )
    ticks = tuple((_percent(mark - low, high - low), str(mark)) for mark in range(low, high + 1, 20))
    table = Table(head, tuple((f"{begin}-{end}", f"{count:,}") for begin, end, count in bands))
    return Chart(key, title, description, "columns", TOP + PLOT + FOOT, table, columns=columns, ticks=ticks)


def _pixels(value: float, highest: float) -> float:
    return round(PLOT * value / highest, 1) if highest else 0.0


@frozen
class Series:
    """The values of one line, by place; `gap` is what its table says where there is none."""

    name: str
    values: Sequence[int | None]
    gap: str = NOT_SHOWN

    @property
    def cells(self) -> tuple[str, ...]:
        """The values as the table has them."""
        return tuple(self.gap if value is None else f"{value:,}" for value in self.values)


def line_chart(
    key: str, title: str, description: str, first: str, labels: Sequence[str], series: Sequence[Series]
) -> Chart:
    """Return series of values, one per label, as lines whose points have a shape of their own."""
    highest = _round_up(max((value or 0 for one in series for value in one.values), default=0))
    places = [round(8 + 84 * number / max(len(labels) - 1, 1), 2) for number in range(len(labels))]
    ticks = tuple(zip(places, labels, strict=True))[:: ceil(len(labels) / _MOST_LABELS)]
    lines = tuple(_line(one, shape, places, highest) for one, shape in zip(series, SHAPES, strict=False))
    table = Table(
        (first, *(one.name for one in series)), tuple(zip(labels, *(one.cells for one in series), strict=True))
    )
    grid = tuple((TOP + PLOT - _pixels(value, highest), f"{value:,}") for value in (0, highest // 2, highest))
    return Chart(key, title, description, "lines", TOP + PLOT + FOOT, table, lines=lines, ticks=ticks, grid=grid)


def _line(series: Series, shape: str, places: Sequence[float], highest: int) -> Line:
    points = tuple(
        (place, round(TOP + PLOT - _pixels(value, highest), 1))
        for place, value in zip(places, series.values, strict=True)
        if value is not None
    )
    return Line(series.name, shape, points, next(one for one in reversed(series.cells) if one != series.gap))


def _round_up(value: int) -> int:
    """Return an even number that reads easily, not below the value."""
    size: int = 10 ** max(len(str(value)) - 1, 1)
    return max(2, next(size * step // 10 for step in _ROUND if size * step // 10 >= value))
