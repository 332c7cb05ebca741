"""What pairs add up by the tags that they have in common, laid out for a compiled look through all pairs.

Who has which tag is a byte for each column. The bytes of a person's tags add up to how many they have in common with
each column, and what that adds to the score stands in a table, or is so much for every tag.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit.core.tags_in_common import TagsInCommon

_FEW = 64
"""Kinds of rows up to which what one tag adds is written down for every column."""


@frozen(eq=False)
class Counts:
    """All parts of a sum that are told by tags in common, behind each other.

    Attributes:
        holders: which column has which tag, in the tables' order and padded; a last row that nobody has; uint8.
        tops: the same by tile: whether somebody in it has the tag.
        tags: rows of `holders` for everybody, of all parts; int32.
        starts: where the tags of each part begin in a row of `tags`; one more than there are parts.
        steady: whether a part adds the same for every tag in common.
        bases: for everybody and each part, where their kind begins in `amounts`, or its row of `each`; int64.
        most_bases: the same in `most`.
        each: what every tag in common adds, by column; int32.
        offsets: for each part and column, where the column's kind begins behind a base; int32.
        amounts: what is added, for so many tags in common; int32.
        most: the most that is added to any column, for no more tags in common than so many; int32.
        deepest: for each part, the most tags that anybody can have in common; int64.
    """

    holders: NDArray[np.uint8]
    tops: NDArray[np.uint8]
    tags: NDArray[np.int32]
    starts: NDArray[np.int64]
    steady: NDArray[np.bool_]
    bases: NDArray[np.int64]
    most_bases: NDArray[np.int64]
    each: NDArray[np.int32]
    offsets: NDArray[np.int32]
    amounts: NDArray[np.int32]
    most: NDArray[np.int32]
    deepest: NDArray[np.int64]

    def narrowed(self, places: IntArray, width: int, tile: int) -> Counts:
        """Return them with some of the places only, padded to a new width."""
        holders, each, offsets = (_widened(one[:, places], width) for one in (self.holders, self.each, self.offsets))
        return evolve(self, holders=holders, tops=_tops(holders, tile), each=each, offsets=offsets)

    def units(self, rows: IntArray, places: IntArray) -> NDArray[np.int64]:
        """Return what all parts add up to in single pairs, same length as both."""
        units = np.zeros(len(rows), dtype=np.int64)
        for part, steady in enumerate(self.steady.tolist()):
            own = self.tags[rows, self.starts[part] : self.starts[part + 1]]
            common = self.holders[own, places[:, None]].sum(axis=1, dtype=np.int64)
            base = self.bases[rows, part]
            if steady:
                units += common * self.each[base, places]
            else:
                units += self.amounts[base + self.offsets[part, places] + common]
        return units


def bytes_of(parts: Sequence[TagsInCommon], columns: int) -> int:
    """Return how much room the tags of the columns take."""
    return sum(len(part.holders) for part in parts) * columns


def counts_of(parts: Sequence[TagsInCommon], order: IntArray, width: int, tile: int, people: int) -> Counts:
    """Lay parts out for columns in some order."""
    offset = np.cumsum([0, *(part.holders.shape[0] for part in parts)])
    holders = np.zeros((int(offset[-1]) + 1, width), dtype=np.uint8)
    for part, first in zip(parts, offset.tolist(), strict=False):
        holders[first : first + len(part.holders), : len(order)] = part.holders[:, part.sets[order]]
    tags = [np.where(part.tags < 0, offset[-1], part.tags + first) for part, first in zip(parts, offset, strict=False)]
    steady = np.array([_steady(part) for part in parts], dtype=np.bool_)
    each, offsets = np.zeros((1, width), dtype=np.int32), np.zeros((len(parts), width), dtype=np.int32)
    amounts, most = (np.zeros(1, dtype=np.int32) for _ in range(2))
    bases, most_bases = (np.zeros((people, len(parts)), dtype=np.int64) for _ in range(2))
    for number, part in enumerate(parts):
        kind = part.set_kinds[part.sets[order]]
        kinds, depth = part.amounts.shape[1:]
        if steady[number]:
            bases[:, number] = len(each) + part.row_kinds
            each = np.concatenate([each, _widened(part.amounts[:, kind, 1], width)])
        else:
            bases[:, number] = len(amounts) + part.row_kinds * kinds * depth
            offsets[number, : len(order)] = kind * depth
            amounts = np.concatenate([amounts, part.amounts.reshape(-1)])
        most_bases[:, number] = len(most) + part.row_kinds * depth
        most = np.concatenate([most, np.maximum.accumulate(part.amounts.max(axis=1), axis=1).reshape(-1)])
    own = np.concatenate([np.zeros((people, 0), dtype=np.int64), *tags], axis=1)
    return Counts(
        holders,
        _tops(holders, tile),
        np.ascontiguousarray(own, dtype=np.int32),
        np.cumsum([0, *(part.tags.shape[1] for part in parts)]).astype(np.int64),
        steady,
        bases,
        most_bases,
        each,
        offsets,
        amounts,
        most,
        np.array([part.amounts.shape[2] - 1 for part in parts], dtype=np.int64),
    )


def _steady(part: TagsInCommon) -> bool:
    amounts = part.amounts
    if amounts.shape[2] == 1 or len(amounts) > _FEW:
        return False
    return bool((amounts == amounts[:, :, 1:2] * np.arange(amounts.shape[2])).all())


def _tops(holders: NDArray[np.uint8], tile: int) -> NDArray[np.uint8]:
    return np.asarray(holders.reshape(len(holders), -1, tile).max(axis=2))


def _widened(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Return columns with padding."""
    wide = np.zeros((len(values), width), dtype=values.dtype)
    wide[:, : values.shape[1]] = values
    return wide
