"""Which rules contradict each other: a smallest set of them, where pairs must be and cannot, and where nobody can be.

Of each conflict a set of rules is named that no rule can be taken from: without any one of them there would be none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from mentorkit.core.diagnostics import Diagnostic, error, warning
from mentorkit.core.matching.decisions import REVIEW
from mentorkit.core.matching.ruled_scores import NamedRule
from mentorkit.core.matching.scoreboard import Scoreboard
from mentorkit.core.problems import FORBIDDEN, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.program import Program
from mentorkit.core.shapes import Circles, Groups, Teams

DECIDE = "change the decision in the review file"

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_MOST_PAIRS = 200_000_000
"""Pairs of a problem beyond which it is not worked out which rules leave nobody."""

Pair = tuple[str, str]


def required_conflicts(board: Scoreboard, problem: MatchingProblem) -> Iterable[Diagnostic]:
    """Yield an error for every required pair of a problem that cannot be: forbidden, or over places."""
    for (first, second), pairs in problem.required.items():
        rules = board.between(first, second).rules
        wanting = _wanting(rules)
        yield from _forbidden(problem, first, second, pairs, rules, wanting)
        if not isinstance(problem.details, Circles | Groups | Teams):  # there, many pairs are one relationship
            yield from _over_places(problem, first, second, pairs, wanting)


def _wanting(rules: Sequence[NamedRule]) -> Mapping[Pair, tuple[str, ...]]:
    """Return the names of the rules that require each pair, in either order."""
    found: dict[Pair, dict[str, None]] = {}
    for rule in rules:
        for a, b in rule.ruling.required:
            found.setdefault((a, b), {})[rule.name] = None
            found.setdefault((b, a), {})[rule.name] = None
    return {pair: tuple(names) for pair, names in found.items()}


def _path(rule: str) -> str:
    return "" if rule == REVIEW else f"matching.rules.{rule}"


def _forbidden(
    problem: MatchingProblem,
    first: str,
    second: str,
    pairs: Sequence[Pair],
    rules: Sequence[NamedRule],
    wanting: Mapping[Pair, tuple[str, ...]],
) -> Iterable[Diagnostic]:
    row, column = problem.seatings[first].index, problem.seatings[second].index
    giving_way = {rule.name for rule in rules if not rule.ruling.overrides}
    for a, b in pairs:
        rule = wanting[a, b][0]
        path, advice = _path(rule), DECIDE if rule == REVIEW else "take the pair out of one of the two"
        must = f"{a} and {b} are kept together by the review file"
        if rule != REVIEW:
            must = f'the rule "{rule}" wants {a} and {b} together'
        if a not in row or b not in column:
            message = f"{must}, but the model's scope leaves one of them out"
            yield error("always-forbidden", message, path=path, help="take the pair out, or widen the scope")
            continue
        at = np.array([row[a]]), np.array([column[b]])
        if problem.pairs[first, second].scores(*at)[0, 0] == FORBIDDEN:
            blocked = [one for one, block in problem.pairs[first, second].blocked_by(*at).items() if block.any()]
            blocking = [one for one in blocked if one not in giving_way]
            by = f'"{blocking[0]}"' if blocking else "another rule"
            message = f"{must}, and must not be by {by}" if rule == REVIEW else f"{must}, and {by} keeps them apart"
            yield error("always-forbidden", message, path=path, help=advice)


def _over_places(
    problem: MatchingProblem,
    first: str,
    second: str,
    pairs: Sequence[Pair],
    wanting: Mapping[Pair, tuple[str, ...]],
) -> Iterable[Diagnostic]:
    for role, sides in {first: [0], second: [1]}.items() if first != second else [(first, [0, 1])]:
        seating = problem.seatings[role]
        of_person: dict[str, list[Pair]] = {}
        for pair in pairs:
            for side in sides:
                of_person.setdefault(pair[side], []).append(pair)
        for person, theirs in sorted(of_person.items()):
            places = int(seating.places[seating.index[person]]) if person in seating.index else len(theirs)
            if len(theirs) > places:
                yield _too_many(role, person, places, [wanting[pair] for pair in theirs])


def _too_many(role: str, person: str, places: int, wanted_by: Sequence[tuple[str, ...]]) -> Diagnostic:
    """Return the error that more pairs must be matched with somebody than they have places.

    `wanted_by` holds, for each of the pairs, the rules that require it.
    """
    rules = _fewest(
        list(dict.fromkeys(rule for names in wanted_by for rule in names)),
        lambda some: sum(not some.isdisjoint(names) for names in wanted_by) > places,
    )
    review = REVIEW in rules
    by_review = " by the review file" if rules == (REVIEW,) else ""
    message = f"{len(wanted_by)} pairs must be matched with {role} {person}{by_review}, who has {places} free"
    if len(rules) > 1:
        message += f": {_quoted(rules)} together want too many"
    advice = "give them more places, or change the decisions" if review else "give them more places"
    own = [rule for rule in rules if rule != REVIEW]
    return error("always-over-capacity", message, path=_path(own[0]) if own else "", help=advice)


def _fewest(rules: Sequence[str], conflict: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """Return a smallest set of rules in conflict, the first in their order; all of them are."""
    for size in range(1, len(rules)):
        for some in combinations(rules, size):
            if conflict(frozenset(some)):
                return some
    return tuple(rules)


def nobody_allowed(program: Program, problem: MatchingProblem) -> tuple[Diagnostic, ...]:
    """Return a warning where people wait, places are free, and rules together forbid every pair of the two.

    It names as few rules as do so. Nothing is said where there are too many pairs to look at, or where one of them is
    no rule of the program: whoever was matched before, or was reviewed, is not for its author to change.
    """
    masks: set[frozenset[str]] = set()
    for (first, second), pairs in problem.pairs.items():
        wanting, offering = problem.seatings[first], problem.seatings[second]
        if wanting.served or offering.served:
            rows, columns = _free(wanting), _free(offering)
            found = (
                _blocked(pairs, wanting, offering, rows, columns) if len(rows) * len(columns) <= _MOST_PAIRS else None
            )
            if found is None:
                return ()
            masks |= found
    if not masks or any(problem.required.values()):
        return ()
    declared = [rule.name for rule in program.matching.rules]
    there = frozenset().union(*masks)
    ordered = [*(one for one in declared if one in there), *sorted(there - frozenset(declared))]
    rules = _fewest(ordered, lambda some: all(not mask.isdisjoint(some) for mask in masks))
    if not set(rules) <= set(declared):
        return ()
    what = f"the rule {_quoted(rules)} forbids" if len(rules) == 1 else f"the rules {_quoted(rules)} together forbid"
    return (
        warning(
            "nobody-allowed",
            f"nobody can be matched: {what} every pair of somebody who waits and somebody with a free place",
            path=_path(rules[0]),
            help="change one of them; `mentorkit match --explain-unmatched` says how many people that would help",
        ),
    )


def _free(seating: Seating) -> IntArray:
    """Return who of a served role waits for a first place, or who of another one has a place."""
    return np.flatnonzero((seating.places > 0) & ~(seating.covered & seating.served))


def _blocked(
    pairs: PairScores, wanting: Seating, offering: Seating, rows: IntArray, columns: IntArray
) -> set[frozenset[str]] | None:
    """Return the sets of rules that forbid a pair of two people; None where no rule forbids some."""
    found: set[frozenset[str]] = set()
    numbers = {person: at for at, person in enumerate(offering.people[column] for column in columns.tolist())}
    step = max(1, _BLOCK // max(1, len(columns)))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        blocks = pairs.blocked_by(part, columns)
        names = list(blocks)
        codes = np.zeros((len(part), len(columns)), dtype=np.int64)
        for bit, block in enumerate(blocks.values()):
            codes |= block.astype(np.int64) << bit
        others = np.ones(codes.shape, dtype=np.bool_)
        for at, row in enumerate(part.tolist()):
            if (themselves := numbers.get(wanting.people[row])) is not None:
                others[at, themselves] = False
        for code in np.unique(codes[others]).tolist():
            if not code:
                return None
            found.add(frozenset(name for bit, name in enumerate(names) if code >> bit & 1))
    return found


def _quoted(rules: Sequence[str]) -> str:
    words = [f'"{rule}"' for rule in rules]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
