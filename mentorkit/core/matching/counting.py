"""From a criterion on sets of tags to one part of a sum, told by how many tags two people have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.contracts import Cells, FloatArray
from mentorkit.core.problems import IntArray, Summand
from mentorkit.core.tags_in_common import MOST_TAGS, TagsInCommon

_TABLE = 1_000_000
"""Kinds of rows, times kinds of columns, times tags in common, of which what is added is kept in a table."""

Worth = Callable[[IntArray, IntArray, IntArray], FloatArray]
"""From kinds of rows, kinds of columns and tags in common to units; their shapes broadcast."""


def counted(
    rows: Cells, row_kinds: Sequence[IntArray], columns: Cells, column_kinds: Sequence[IntArray], worth: Worth
) -> Summand | None:
    """Return a part of a sum by tags in common and one kind on either side; None where there are too many of either.

    Args:
        rows: a column of everybody in the rows.
        row_kinds: what else matters of each of them, whole numbers.
        columns: a column of everybody in the columns.
        column_kinds: what else matters of each of those.
        worth: what pairs add, asked by positions of one person of each kind.
    """
    first_rows, of_rows = _kinds(row_kinds)
    first_columns, of_columns = _kinds(column_kinds)
    most = min(max(map(len, rows.tags), default=0), max(map(len, columns.tags), default=0))
    if max(map(len, rows.tags), default=0) > MOST_TAGS or len(first_rows) * len(first_columns) * (most + 1) > _TABLE:
        return None
    common = np.arange(most + 1)
    units = worth(first_rows[:, None, None], first_columns[:, None], common)
    amounts = np.rint(np.broadcast_to(units, (len(first_rows), len(first_columns), most + 1))).astype(np.int32)
    tags = _numbered(rows.tags, columns.vocabulary)
    one_of_each, sets = _kinds([_set_numbers(columns.tags), of_columns])
    holders = _holders([columns.tags[one] for one in one_of_each.tolist()], columns.vocabulary)
    part = TagsInCommon(tags, of_rows, holders, of_columns[one_of_each], sets, amounts)
    patterns, codes = _kinds([*tags.T, of_rows])
    return Summand(codes.reshape(-1, 1), len(patterns), lambda some: part.by_set(patterns[some]), sets, part)


def _kinds(numbers: Sequence[IntArray]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a position for each combination of numbers that occurs, and everybody's combination."""
    table = np.ascontiguousarray(np.stack(numbers, axis=1), dtype=np.int64)
    _, first, codes = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), np.asarray(codes).reshape(-1).astype(np.int64)


def _numbered(tags: Sequence[frozenset[str]], vocabulary: Mapping[str, int]) -> NDArray[np.int64]:
    """Return each person's tags that the others know, by number and ascending, -1 behind them."""
    known = [sorted(vocabulary[tag] for tag in some if tag in vocabulary) for some in tags]
    width = max(map(len, known), default=0)
    return np.array([row + [-1] * (width - len(row)) for row in known], dtype=np.int64).reshape(len(known), width)


def _set_numbers(tags: Sequence[frozenset[str]]) -> NDArray[np.int64]:
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(some, len(numbers)) for some in tags], dtype=np.int64)


def _holders(sets: Sequence[frozenset[str]], vocabulary: Mapping[str, int]) -> NDArray[np.uint8]:
    held = np.zeros((len(vocabulary), len(sets)), dtype=np.uint8)
    for number, some in enumerate(sets):
        held[[vocabulary[tag] for tag in some], number] = 1
    return held
