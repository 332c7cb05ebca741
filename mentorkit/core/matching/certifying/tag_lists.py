"""Parts of scores by tags in common, laid out for the compiled loop of a check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.problems import ScoreSums, Summand
from mentorkit.core.tags_in_common import TagsInCommon

if TYPE_CHECKING:
    from mentorkit.core.matching.certifying.adding_up import TagLists

_FEW = 256
"""Patterns of a part up to which rows of numbers are quicker."""

_BYTES = 400_000_000
"""Who has which tag, a byte for each column: what takes more is gone through as rows of numbers."""

_KINDS = 64
"""Kinds of people up to which what each tag adds is written down for every column."""


def split(sums: ScoreSums) -> tuple[list[Summand], list[TagsInCommon]]:
    """Return the parts of a sum that are rows of numbers, and those that are told by tags in common."""
    numbers, by_tags, room = list[Summand](), list[TagsInCommon](), _BYTES
    for part in sums.parts:
        needed = 0 if part.common is None else len(part.common.holders) * sums.shape[1]
        if part.common is None or part.size <= _FEW or needed > room:
            numbers.append(part)
        else:
            by_tags.append(part.common)
            room -= needed
    return numbers, by_tags


def tag_lists(parts: Sequence[TagsInCommon], people: int, width: int) -> TagLists:
    """Lay parts out for `people` rows and so many columns, padding included."""
    from mentorkit.core.matching.certifying.adding_up import TagLists

    has, wanted = [np.zeros((0, width), dtype=np.uint8)], [np.zeros((people, 0), dtype=np.int64)]
    worth, tables = [np.zeros((0, width), dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    entries, kinds = np.zeros((len(parts), width), dtype=np.int32), np.zeros((people, len(parts)), dtype=np.int64)
    per_tag, first_table, sizes = (np.full(len(parts), -1, dtype=np.int64) for _ in range(3))
    for number, part in enumerate(parts):
        kind_of_column = part.set_kinds[part.sets]
        wanted.append(np.where(part.tags < 0, -1, part.tags + sum(map(len, has))))
        has.append(_padded(part.holders[:, part.sets], width))
        kinds[:, number] = part.row_kinds
        each = _each(part.amounts)
        if each is not None:
            per_tag[number] = sum(map(len, worth))
            worth.append(_padded(each[:, kind_of_column], width))
            continue
        first_table[number], sizes[number] = sum(map(len, tables)), part.amounts[0].size
        entries[number, : len(part.sets)] = kind_of_column * part.amounts.shape[2]
        tables.append(part.amounts.reshape(-1))
    firsts = np.cumsum([0, *(one.shape[1] for one in wanted[1:])])
    return TagLists(
        np.concatenate(has), np.ascontiguousarray(np.concatenate(wanted, axis=1)), firsts, kinds,
        per_tag, np.concatenate(worth), first_table, sizes, entries, np.concatenate(tables),
    )  # fmt: skip


def _each(amounts: NDArray[np.int32]) -> NDArray[np.int32] | None:
    """Return what every tag in common adds, by kinds of row and column; None where it is not always the same."""
    if len(amounts) > _KINDS or amounts[:, :, 0].any():
        return None
    steps = np.diff(amounts, axis=2)
    if steps.shape[2] == 0 or (steps != steps[:, :, :1]).any():
        return None
    return steps[:, :, 0]


def _padded(numbers: NDArray[Any], width: int) -> NDArray[Any]:
    padded = np.zeros((len(numbers), width), dtype=numbers.dtype)
    padded[:, : numbers.shape[1]] = numbers
    return padded
