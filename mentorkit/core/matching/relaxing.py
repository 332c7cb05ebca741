"""What would help those who are unmatched: which change of a rule, or how many more places, gets how many more matched.

Every change is measured: how many can be placed under it, less how many can be placed now, by augmenting paths from
the matching there is. Scores play no part. Only two-sided problems are measured, and of others it is said that they
are not; how many partners a change opens for one person is counted in problems of every shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.matching.allowed_pairs import AllowedPairs
from mentorkit.core.matching.augmenting import Augmenting
from mentorkit.core.matching.changes import LEFT_OUT, Change, rule_changes
from mentorkit.core.matching.first_places import MOST_LOOKED, Line, full_line, gain_under, is_measurable, loads_of
from mentorkit.core.matching.posing import posed_again
from mentorkit.core.matching.pursuing import not_pursued
from mentorkit.core.matching.solving import MatchingOutcome
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster

_MOST_MORE = 3
"""More places per person that are tried."""

_ONLY_PAIRS = "gains can be measured only where one served side is matched in pairs with another"
_TOO_MANY = "too many pairs would have to be looked at"


@frozen
class More:
    """More places for one person."""

    person: str
    role: str
    places: int


@frozen
class Remedy:
    """A change that gets more people matched.

    Attributes:
        label: advice in words.
        people: how many more can be matched.
        at_least: whether it may be even more, because not all pairs were looked at.
        step: how large the change is; comparable within one rule, and within places.
        rule: the rule that is changed, or "".
        settings: what the author would write, by dotted path.
        places: who gets more places.
        others: how many others would do as well for a single place.
    """

    label: str
    people: int
    at_least: bool
    step: int
    rule: str = ""
    settings: Mapping[str, object] = field(factory=dict)
    places: tuple[More, ...] = ()
    others: int = 0


@frozen
class Opening:
    """A change that allows somebody further partners, whether or not these have a place."""

    label: str
    partners: int
    step: int
    rule: str
    settings: Mapping[str, object]


T = TypeVar("T", Remedy, Opening)


def _people(remedy: Remedy) -> int:
    return remedy.people


def _opened(opening: Opening) -> int:
    return opening.partners


@frozen
class Relief:
    """What would help.

    Attributes:
        everybody: by how many more people are matched; of equals changes of rules, then the smallest;
            nothing where nobody is unmatched.
        openings: by (person, role), those who were asked about.
        unmeasured: why nothing, or not everything, was measured for everybody where `everybody` is empty; "" where
            it was, or was not to be.
    """

    everybody: tuple[Remedy, ...]
    openings: Mapping[Member, tuple[Opening, ...]]
    unmeasured: str = ""


def what_would_help(
    outcome: MatchingOutcome,
    roster: Roster,
    catalogue: Catalogue,
    people: Sequence[Member] = (),
    *,
    measured: bool = True,
) -> Relief:
    """Return what would help everybody who is unmatched, where that is to be `measured`, and what `people`.

    With a matcher that does not pursue coverage nothing is measured: that more could be placed does not say that it
    would place them. Nor is it in problems other than two-sided ones.
    """
    posing = outcome.posing
    if posing is None:
        return Relief((), {})
    unmeasured = not_pursued(posing.program, catalogue, "coverage") if measured else ""
    measured = measured and not unmeasured
    lines = [
        full_line(one.problem, solved) if measured else None
        for one, solved in zip(posing.occasions, outcome.solved, strict=True)
    ]
    somebody = any(line is not None and line.waiting for line in lines)
    remedies: list[Remedy] = []
    openings: dict[Member, list[Opening]] = {one: [] for one in people}
    now = _partners(posing.occasions, people)
    for change in rule_changes(posing, catalogue) if somebody or people else ():
        again = posed_again(posing, change.program, roster, catalogue)
        if somebody:
            remedies += _measured(change, lines, again)
        for one, before, after in zip(people, now, _partners(again, people), strict=True):
            if after > before:
                openings[one].append(Opening(change.label, after - before, change.step, change.rule, change.settings))
    if somebody and len(lines) == 1:
        remedies += _by_places(lines[0])
    if measured and not remedies:
        unmeasured = _why_not_all(posing.occasions, lines)
    return Relief(
        tuple(sorted(_worthwhile(remedies, _people), key=lambda one: (-one.people, bool(one.places), one.step))),
        {
            one: tuple(sorted(_worthwhile(found, _opened), key=lambda one: (-one.partners, one.step)))
            for one, found in openings.items()
        },
        unmeasured,
    )


def _why_not_all(occasions: Sequence[Occasion], lines: Sequence[Line | None]) -> str:
    """Return why there is no line for some occasion; "" where there is one for each."""
    for one, line in zip(occasions, lines, strict=True):
        if line is None:
            return _TOO_MANY if is_measurable(one.problem) else _ONLY_PAIRS
    return ""


def _worthwhile(found: Iterable[T], gain: Callable[[T], int]) -> list[T]:
    """Return what gains more than any smaller change of the same settings; a rule left out, than any change of it."""
    most: dict[tuple[str, tuple[str, ...]], int] = {}
    kept = []
    for one in found:
        key = one.rule, tuple(one.settings)
        rivals = [best for (rule, _), best in most.items() if rule == one.rule]
        best = max(rivals, default=0) if one.step == LEFT_OUT else most.get(key, 0)
        if gain(one) > best:
            most[key] = gain(one)
            kept.append(one)
    return kept


def _measured(change: Change, lines: Sequence[Line | None], again: Sequence[Occasion]) -> Iterable[Remedy]:
    gains = [gain_under(line, one.problem) for line, one in zip(lines, again, strict=True) if line is not None]
    people = sum(gain for gain, _ in gains)
    if people > 0:
        at_least = any(over for _, over in gains)
        yield Remedy(change.label, people, at_least, change.step, change.rule, change.settings)


def _by_places(line: Line | None) -> Iterable[Remedy]:
    """Yield what one place more would do, then one more each for as many as it helps, two more each, and so on."""
    if line is None:
        return
    role = next(iter(line.problem.pairs))[1]
    people = line.problem.seatings[role].people
    at_first = line.free + loads_of(line.place_of, len(people))
    search = Augmenting(line.allowed.row, line.free, line.place_of, MOST_LOOKED)
    waiting = [row for row in line.waiting if not search.place(row)]
    others = int(np.count_nonzero(~search.open)) - 1
    for tried in range(_MOST_MORE):
        search.add_places()
        waiting = [row for row in waiting if not search.place(row)]
        gained = len(line.waiting) - len(waiting)
        over = np.maximum(loads_of(search.place_of, len(people)) - at_first, 0)
        more = tuple(More(people[at], role, int(over[at])) for at in np.flatnonzero(over).tolist())
        if more and tried == 0:
            yield _places(more[:1], 1, search.over, others)
        if gained > 1:
            yield _places(more, gained, search.over)


def _places(more: tuple[More, ...], people: int, at_least: bool, others: int = 0) -> Remedy:
    """Return a remedy of as many places as people; each of them lets one more be placed."""
    if len(more) == 1:
        places = "one more place" if people == 1 else f"{people} more places"
        label = f"{places} for {more[0].role} {more[0].person}"
    else:
        label = f"{people} more places, for {len(more)} of the role {more[0].role}"
    if others > 0:
        label += f", or for one of {others} others" if others > 1 else ", or for one other"
    return Remedy(label, people, at_least, people, places=more, others=max(others, 0))


def _partners(occasions: Sequence[Occasion], people: Sequence[Member]) -> list[int]:
    """Return how many partners each of some people may have by the rules, over all occasions."""
    counts = np.zeros(len(people), dtype=np.int64)
    for occasion in occasions:
        for (first, second), pairs in occasion.problem.pairs.items():
            for role, axis in dict.fromkeys(((first, 0), (second, 1))):
                index = occasion.problem.seatings[role].index
                places = [at for at, one in enumerate(people) if one.role == role and one.person in index]
                if places and not (first == second and axis == 1):
                    numbers = np.array([index[people[at].person] for at in places], dtype=np.int64)
                    allowed = AllowedPairs(pairs)
                    counts[places] += allowed.counts(numbers) if axis == 0 else allowed.counts_of_columns(numbers)
    return [int(one) for one in counts]
