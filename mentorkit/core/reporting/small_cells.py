"""Counts told so that nobody can be recognized in them: joined, pooled or withheld where they are small.

A count is small where it is neither 0 nor at least what a report may show (`[privacy] small_cells`). Where the sum of
all counts is known, one small count alone could be worked out by subtraction: something else goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from attrs import frozen

K = TypeVar("K", str, tuple[str, str])


@frozen
class Cell:
    """A count over a range of a scale, both ends included."""

    first: int
    last: int
    count: int


def is_small(count: int, small: int) -> bool:
    """Return whether people could be recognized in a count."""
    return 0 < count < small


@frozen
class Band:
    """Neighboring rows from `first` to `last` (positions, both included) and the sums of their counts."""

    first: int
    last: int
    counts: tuple[int, ...]

    def small(self, small: int) -> bool:
        """Return whether people could be recognized in one of the counts."""
        return any(is_small(count, small) for count in self.counts)


def bands(rows: Iterable[Sequence[int]], small: int) -> tuple[Band, ...]:
    """Return rows of counts, in order, joined until none is small; nothing where even all together are."""
    kept: list[Band] = []
    for place, row in enumerate(rows):
        band = Band(place, place, tuple(row))
        if kept and (band.small(small) or kept[-1].small(small)):
            band = _together(kept.pop(), band)
        kept.append(band)
    while len(kept) > 1 and kept[-1].small(small):
        last = kept.pop()
        kept.append(_together(kept.pop(), last))
    return () if kept and kept[-1].small(small) else tuple(kept)


def _together(first: Band, second: Band) -> Band:
    return Band(first.first, second.last, tuple(map(sum, zip(first.counts, second.counts, strict=True))))


def joined(cells: Sequence[Cell], small: int) -> tuple[Cell, ...]:
    """Return the cells, in order, with every count 0 or at least `small`; nothing where all together are fewer."""
    return tuple(
        Cell(cells[band.first].first, cells[band.last].last, band.counts[0])
        for band in bands(((cell.count,) for cell in cells), small)
    )


def withheld(counts: Sequence[int], small: int) -> tuple[int | None, ...]:
    """Return the counts with None for small ones, and for further ones, so that their known sum gives none away.

    What is withheld are at least two counts that are together at least `small`, as far as there are so many; the
    smallest go first, then the earliest.
    """
    hidden = {place for place, count in enumerate(counts) if is_small(count, small)}
    others = sorted((count == 0, count, place) for place, count in enumerate(counts) if place not in hidden)
    while hidden and others and (len(hidden) < 2 or sum(counts[place] for place in hidden) < small):
        hidden.add(others.pop(0)[2])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def pooled(counts: Mapping[K, int], small: int, rest: int = 0) -> tuple[dict[K, int], int]:
    """Return the counts that may be shown, the largest first, and the sum of all others; `rest` is among those.

    That sum is 0 or at least `small`, too, unless all together are fewer.
    """
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    while shown and (shown[-1][1] < small or is_small(rest, small)):
        rest += shown.pop()[1]
    return dict(shown), rest
