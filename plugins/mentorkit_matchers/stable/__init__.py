"""The matcher `stable`: no two people who list each other would both rather be together.

Deferred acceptance: one side proposes down its lists, the other keeps the best proposals it has places for. Of all
stable matchings it is the one that everybody on the proposing side likes best. Source: D. Gale and L. S. Shapley,
"College admissions and the stability of marriage" (1962); with several places on both sides, A. E. Roth, "Stability and
polarization of interests in job matching" (1984).

It makes neither the most of coverage nor of points, and proves no bounds.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from attrs import Attribute, field, frozen

from mentorkit.core.contracts import ChoiceColumns, MatchingProblem, PreferenceProof, PreferenceTable, Seating, Solution
from mentorkit_matchers.stable.listing import Listed, listed_pairs
from mentorkit_matchers.stable.proposing import Proposals, accepted, proposals


def _at_least_one(_instance: object, attribute: Attribute[int | None], length: int | None) -> None:
    if length is not None and length < 1:
        raise ValueError("length must be at least 1: a list has somebody on it", attribute)


@frozen
class StableOptions:
    """Options of `stable`.

    Attributes:
        propose: the side that proposes, and gets the best it can have: those who want (mentees) or who offer.
        columns: roster columns with choices, for each side.
        lists: choices from a file or a table.
        unlisted: whether who is not on somebody's list is out of the question for them (`apart`), or comes after
            those who are, by score (`last`).
        length: how many of the other side a list by score has, for those who want; None: all, in large problems 50.
    """

    propose: Literal["mentee", "mentor"] = "mentee"
    columns: ChoiceColumns = field(factory=ChoiceColumns)
    lists: PreferenceTable = field(factory=PreferenceTable)
    unlisted: Literal["apart", "last"] = "apart"
    length: int | None = field(default=None, validator=_at_least_one)


class Stable:
    """Deferred acceptance for any number of places on both sides."""

    name = "stable"
    summary = "a matching in which no two people would both rather be together"
    options = StableOptions
    shapes = frozenset({"preferences", "two-sided"})
    objectives: ClassVar[tuple[str, ...]] = ()
    in_this_order = False

    def columns(self, options: StableOptions) -> tuple[str, ...]:
        """Return the columns with choices."""
        return options.columns.names

    def solve(self, options: StableOptions, problem: MatchingProblem) -> Solution:
        """Return a stable matching; required pairs are in it whatever the lists say.

        When the time is up while lists are made, the matching is stable under the lists that there are by then.
        """
        (first, second), _ = next(iter(problem.pairs.items()))
        wanting, offering = problem.seatings[first], problem.seatings[second]
        required = _required(problem, wanting, offering)
        free = tuple(
            seating.places.astype(np.int64) - np.bincount(required[:, side], minlength=len(seating.people))
            for side, seating in enumerate((wanting, offering))
        )
        listed = listed_pairs(problem, options, required, (free[0], free[1]))
        cut_short = {"lists_cut_short": True} if problem.effort.over() else {}
        proposing = 0 if options.propose == "mentee" else 1
        lists = _proposals(listed, proposing, len(free[proposing]))
        problem.effort.tell("proposing", 0.0)
        chosen = accepted(lists, free[proposing], free[1 - proposing])
        problem.effort.tell("proposing", 1.0)
        pairs = np.concatenate([required, listed.pairs[chosen]])
        extra = {"proposing": (first, second)[proposing], **_told(listed, wanting, pairs), **cut_short}
        proof = PreferenceProof(listed.pairs, listed.keys, listed.by_score)
        return _solution(problem, (first, second), pairs, proof, extra)


def _required(problem: MatchingProblem, wanting: Seating, offering: Seating) -> np.ndarray[Any, np.dtype[np.int64]]:
    found = [(wanting.index[a], offering.index[b]) for pairs in problem.required.values() for a, b in pairs]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _proposals(listed: Listed, proposing: int, size: int) -> Proposals:
    own, other = (proposing, 1 - proposing)
    return proposals(listed.pairs[:, own], listed.pairs[:, other], listed.keys[:, own], listed.keys[:, other], size)


def _told(listed: Listed, wanting: Seating, pairs: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, Any]:
    """Return whom short lists may have left out, where lists by score were cut off."""
    if listed.length is None:
        return {}
    alone = ~wanting.covered & (wanting.places > 0)
    alone[pairs[:, 0]] = False
    return {"list_length": listed.length, "left_out_by_length": int((alone & listed.cut).sum())}


def _solution(
    problem: MatchingProblem,
    roles: tuple[str, str],
    pairs: np.ndarray[Any, np.dtype[np.int64]],
    proof: PreferenceProof,
    extra: dict[str, Any],
) -> Solution:
    """Return pairs as groups, in the order of the people who want."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    numbers = list(problem.seatings)
    group = np.repeat(np.arange(len(order)), 2)
    seating = np.tile([numbers.index(role) for role in roles], len(order))
    return Solution(group, seating, pairs[order].reshape(-1), proof=proof, extra=extra)
