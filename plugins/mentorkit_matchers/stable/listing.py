"""Who lists whom, and in which order: from choices in columns or a file, or by score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.contracts import (
    BoolArray,
    ChoiceColumns,
    IntArray,
    MatchingProblem,
    PreferenceTable,
    Seating,
)
from mentorkit_matchers.all_pairs import AllPairs, all_pairs
from mentorkit_matchers.all_pairs.found import EXCLUDED, FoundPairs, Search
from mentorkit_matchers.stable.ties import TieBreaker, pair_hashes

_ALL = 2_000_000
"""Pairs of a problem in which lists by score have everybody, unless a length is asked for."""

_LENGTH = 50
"""How many a list by score has in larger ones."""

_BEST = 1_000
"""Tenths of the best score there is."""


class ListOptions(Protocol):
    """What the options of the matcher say about lists."""

    @property
    def columns(self) -> ChoiceColumns:
        """Roster columns with choices."""
        ...

    @property
    def lists(self) -> PreferenceTable:
        """Choices from a file or table."""
        ...

    @property
    def unlisted(self) -> Literal["apart", "last"]:
        """What becomes of those who are not on a list."""
        ...

    @property
    def length(self) -> int | None:
        """How long lists by score are."""
        ...


@frozen(eq=False)
class Listed:
    """Pairs of two people who list each other.

    Attributes:
        pairs: (row, column), shape (k, 2).
        keys: how the row ranks the column and the column the row, the smaller the better, ties broken; shape (k, 2).
        by_score: for rows and for columns, who ranks by score alone.
        length: how long lists by score are, where they are cut off; else None.
        cut: rows whose list by score may have been cut off.
    """

    pairs: NDArray[np.int64]
    keys: NDArray[np.int64]
    by_score: tuple[BoolArray, BoolArray]
    length: int | None
    cut: BoolArray


@frozen(eq=False)
class _Chosen:
    """The choices that people of one side made among the other.

    Attributes:
        who: index of the one who chose; int64.
        whom: index of the chosen; int64.
        rank: 0, 1, 2 and so on, the smaller the better; int64.
        chose: everybody on this side, whether they made any choice, known or not.
    """

    who: NDArray[np.int64]
    whom: NDArray[np.int64]
    rank: NDArray[np.int64]
    chose: BoolArray


def listed_pairs(
    problem: MatchingProblem, options: ListOptions, required: IntArray, free: tuple[IntArray, IntArray]
) -> Listed:
    """Return who lists whom, among allowed pairs of people with free places that are not required.

    Who made no choice ranks everybody by score. Whether others can then list them is for those to say.
    """
    ((first, second), scores) = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    own = _chosen(wanting, offering, options.columns.mentee, options.lists)
    theirs = _chosen(offering, wanting, options.columns.mentor, options.lists)
    pairs = all_pairs(scores, problem.effort)
    open_rows, open_columns = free[0] > 0, free[1] > 0
    if options.unlisted == "apart":
        open_rows, open_columns = open_rows & ~own.chose, open_columns & ~theirs.chose
    length = options.length or (None if scores.shape[0] * scores.shape[1] <= _ALL else _LENGTH)
    problem.effort.tell("lists", 0.0)
    ties = pair_hashes(problem.seed, wanting.people, offering.people)
    best, cut = _best_by_score(pairs, open_rows, open_columns, length, problem.seed, ties)
    candidates, tenths = _with_choices(best, own, theirs, required, pairs, free)
    row_ranks, row_listed = _ranks(own, candidates, tenths)
    column_ranks, column_listed = _ranks(theirs, candidates[:, ::-1], tenths)
    ranks = np.stack([row_ranks, column_ranks], axis=1)
    if options.unlisted == "apart" and (own.chose.any() or theirs.chose.any()):
        inside = (row_listed | ~own.chose[candidates[:, 0]]) & (column_listed | ~theirs.chose[candidates[:, 1]])
        candidates, ranks = candidates[inside], ranks[inside]
    problem.effort.tell("lists", 1.0)
    keys = _with_ties(ranks, ties(candidates[:, 0], candidates[:, 1]))
    return Listed(candidates, keys, (~own.chose, ~theirs.chose), length, cut)


def _chosen(side: Seating, others: Seating, columns: Sequence[str], table: PreferenceTable) -> _Chosen:
    """Return whom the people of a side chose; a later, worse rank of the same person does not count."""
    best: dict[tuple[int, int], int] = {}
    chose = np.zeros(len(side.people), dtype=np.bool_)
    for who, whom, rank in (*_from_columns(side, columns), *table.choices):
        if who in side.index:
            chose[side.index[who]] = True
            if whom in others.index:
                pair = side.index[who], others.index[whom]
                best[pair] = min(rank, best.get(pair, rank))
    found = np.array([(*pair, rank) for pair, rank in sorted(best.items())], dtype=np.int64).reshape(-1, 3)
    return _Chosen(found[:, 0], found[:, 1], np.unique(found[:, 2], return_inverse=True)[1], chose)


def _from_columns(side: Seating, columns: Sequence[str]) -> Iterable[tuple[str, str, int]]:
    for rank, column in enumerate(columns, start=1):
        for person, cell in zip(side.people, side.values(column), strict=True):
            if cell is not None:
                yield person, str(cell), rank


def _best_by_score(
    pairs: AllPairs, rows: BoolArray, columns: BoolArray, length: int | None, seed: int, ties: TieBreaker
) -> tuple[FoundPairs, BoolArray]:
    """Return each open row's best open columns, by row and column, and whose list may have been cut off."""
    prices = np.where(columns, 0, EXCLUDED)
    most = len(columns) if length is None else length
    cut = np.zeros(len(rows), dtype=np.bool_)
    if not rows.any() or not columns.any():
        nobody = np.zeros(0, dtype=np.int64)
        return FoundPairs.of(nobody, nobody, nobody), cut
    found = pairs.better(Search(prices, np.full(len(rows), -1), most, seed=seed, rows=np.flatnonzero(rows))).once()
    row, column, tenths = found.rows, found.columns, found.tenths
    if length is None:
        return found, cut
    key = _with_ties((_BEST - tenths)[:, None], ties(row, column))[:, 0]
    order = np.lexsort((key, row))
    begins = np.searchsorted(row, row, "left")
    kept = np.sort(order[np.arange(len(row)) - begins < length])
    cut[:] = np.bincount(row[kept], minlength=len(rows)) >= length
    return FoundPairs(found.packed[kept]), cut


def _with_choices(
    best: FoundPairs,
    own: _Chosen,
    theirs: _Chosen,
    required: IntArray,
    pairs: AllPairs,
    free: tuple[IntArray, IntArray],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs that somebody may list, by row and column, each once, and their tenths.

    They are the best by score and those that were chosen, if both have a free place and no rule forbids them; required
    pairs are not among them.
    """
    if not (len(own.who) or len(theirs.who) or len(required)):
        return np.stack([best.rows, best.columns], axis=1), best.tenths
    width = max(1, len(theirs.chose))
    known = best.rows * width + best.columns
    fixed = required[:, 0] * width + required[:, 1]
    chosen = np.concatenate([own.who * width + own.whom, theirs.whom * width + theirs.who])
    further = np.setdiff1d(chosen[(free[0][chosen // width] > 0) & (free[1][chosen % width] > 0)], fixed)
    further = further[~np.isin(further, known)]
    tenths = pairs.of(further // width, further % width)
    kept = ~np.isin(known, fixed)
    codes = np.concatenate([known[kept], further[tenths >= 0]])
    order = np.argsort(codes, kind="stable")
    points = np.concatenate([best.tenths[kept], tenths[tenths >= 0]])
    return np.stack(np.divmod(codes[order], width), axis=1), points[order]


def _ranks(chosen: _Chosen, pairs: IntArray, tenths: IntArray) -> tuple[NDArray[np.int64], BoolArray]:
    """Return how the first of each pair ranks the second: as they chose, else by score; and which were chosen."""
    ranks: NDArray[np.int64] = chosen.rank.max(initial=-1) + 1 + _BEST - tenths
    if not len(chosen.who):
        return ranks, np.zeros(len(pairs), dtype=np.bool_)
    width = int(max(chosen.whom.max(), pairs[:, 1].max(initial=0))) + 1
    codes, wanted = chosen.who * width + chosen.whom, pairs[:, 0] * width + pairs[:, 1]
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    listed = codes[at] == wanted
    return np.where(listed, chosen.rank[at], ranks), listed


def _with_ties(ranks: NDArray[np.int64], hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return ranks as numbers in which the hash of the two decides between equals."""
    bits = int(ranks.max(initial=0)).bit_length()
    keys: NDArray[np.int64] = (ranks << (63 - bits)) | (hashes >> np.uint64(bits + 1)).astype(np.int64)[:, None]
    return keys
