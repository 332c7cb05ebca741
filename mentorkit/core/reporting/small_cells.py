"""Neighboring counts joined until none is so small that people could be recognized in it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, frozen


@frozen
class Cell:
    """A count over a range of a scale, both ends included."""

    first: int
    last: int
    count: int


def joined(cells: Iterable[Cell], small: int) -> tuple[Cell, ...]:
    """Return the cells, in order, with every count 0 or at least `small`; nothing where all together are fewer."""
    kept: list[Cell] = []
    for cell in cells:
        if kept and 0 < kept[-1].count < small:
            kept[-1] = evolve(kept[-1], last=cell.last, count=kept[-1].count + cell.count)
        else:
            kept.append(cell)
    while len(kept) > 1 and 0 < kept[-1].count < small:
        last = kept.pop()
        kept[-1] = evolve(kept[-1], last=last.last, count=kept[-1].count + last.count)
    return tuple(kept) if not kept or kept[-1].count == 0 or kept[-1].count >= small else ()
