"""The rule `outside-reporting-line`: neither of two people is above the other, at any distance or up to one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from mentorkit.core.contracts import Group, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray, IntArray, sorted_pairs

_MOST_LISTED = 20_000_000
"""Pairs in one line that are listed; only trees that are nothing but chains have more."""

_FARTHEST = 20
"""Levels that a distance can have; without one there is no end."""

_Spans = tuple[NDArray[np.int32], NDArray[np.int32]]


@frozen
class ReportingLineOptions:
    """How near in the line is too near: 1 is the manager and direct reports, None everybody above or below."""

    distance: int | None = field(
        default=None, validator=validators.optional([validators.ge(1), validators.le(_FARTHEST)])
    )


class OutsideReportingLine:
    """Follows `manager_id` over the whole roster; people in a loop of managers are all above each other."""

    name = "outside-reporting-line"
    summary = "neither may be the other's manager, at any distance or up to `distance`"
    options = ReportingLineOptions

    def columns(self, options: ReportingLineOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return `manager_id`."""
        return ("manager_id",)

    def prepare(self, options: ReportingLineOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:
        """Forbid pairs in one line, as far as the distance goes."""
        lacking = (_lacking(wanting, facts), _lacking(offering, facts))
        if options.distance is None:
            return _anywhere(wanting, offering, facts, lacking)
        return _near(options.distance, wanting, offering, facts, lacking)


def _anywhere(wanting: Group, offering: Group, facts: RuleFacts, lacking: tuple[BoolArray, BoolArray]) -> Ruling:
    """Forbid pairs of whom one stands within the other's part of the tree."""
    spans = _spans(facts.managers)
    (low, low_end), (high, high_end) = (_of(group, spans) for group in (wanting, offering))

    def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
        first, first_end = low[rows][:, None], low_end[rows][:, None]
        second, second_end = high[columns], high_end[columns]
        below = (first <= second) & (second < first_end)
        above = (second <= first) & (first < second_end)
        return np.asarray(below | above)

    return Ruling(blocked, lacking, pairs=_pairs_in_line((low, low_end), (high, high_end)))


def _near(
    distance: int, wanting: Group, offering: Group, facts: RuleFacts, lacking: tuple[BoolArray, BoolArray]
) -> Ruling:
    """Forbid pairs of whom one is among the managers of the other, so many steps up."""
    people = dict.fromkeys(one.id for group in (wanting, offering) for one in group.people)
    number = {one: place for place, one in enumerate((*people, *sorted({*facts.managers.values()} - people.keys())))}
    (first, first_above), (second, second_above) = (
        (
            np.array([number[one.id] for one in group.people], dtype=np.int64),
            np.array([_above(one.id, distance, facts, number) for one in group.people], dtype=np.int64).reshape(
                -1, distance
            ),
        )
        for group in (wanting, offering)
    )

    def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
        found = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        for step in range(distance):
            found |= first_above[rows, step][:, None] == second[columns]
            found |= first[rows][:, None] == second_above[columns, step]
        return found

    below, above = _managed(first_above, second, len(number)), _managed(second_above, first, len(number))
    return Ruling(blocked, lacking, pairs=sorted_pairs(np.concatenate([below, above[:, ::-1]])))


def _above(person: str, distance: int, facts: RuleFacts, number: Mapping[str, int]) -> list[int]:
    """Return the numbers of somebody's managers, nearest first; -1 where there is none, or it is they."""
    found, one = [-1] * distance, person
    for step in range(distance):
        manager = facts.managers.get(one)
        if manager is None or manager == person:
            break
        found[step] = number[manager]
        one = manager
    return found


def _managed(above: IntArray, managers: IntArray, size: int) -> IntArray:
    """Return (who has them above, which of some managers) for all of those; `size` is how many numbers there are."""
    place = np.full(size, -1)
    place[managers] = np.arange(len(managers))
    rows, steps = np.nonzero(above >= 0)
    columns = place[above[rows, steps]]
    return np.stack([rows, columns], axis=1)[columns >= 0]


def _pairs_in_line(first: _Spans, second: _Spans) -> IntArray | None:
    """Return who stands in one line with whom, shape (k, 2); None where these are too many to list."""
    below = _within(first, second[0])
    above = _within(second, first[0])
    if below is None or above is None:
        return None
    return sorted_pairs(np.concatenate([below, above[:, ::-1]]))


def _within(spans: _Spans, places: NDArray[np.int32]) -> IntArray | None:
    """Return (who has the span, whose place lies in it) for all who are somewhere in the tree."""
    order = np.argsort(places, kind="stable")
    start, end = (np.searchsorted(places[order], bounds) for bounds in spans)
    many = np.where(spans[0] < 0, 0, end - start)
    if many.sum() > _MOST_LISTED:
        return None
    owner = np.repeat(np.arange(len(many)), many)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
    return np.stack([owner, order[start[owner] + nth]], axis=1)


def _of(group: Group, spans: Mapping[str, tuple[int, int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where each person stands in the tree, and where the people below them end; -1 outside of it."""
    found = np.array([spans.get(person.id, (-1, -1)) for person in group.people], dtype=np.int32).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _spans(managers: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return for everybody in a reporting line their number in preorder and the end of those below.

    People in a loop share the number of the loop.
    """
    heads = _loop_heads(managers)
    reports: dict[str, list[str]] = {}
    tops = []
    for person in dict.fromkeys((*managers, *managers.values())):
        manager = managers.get(person)
        if heads.get(person, person) != person:
            continue
        if manager is None or person in heads:
            tops.append(person)
        else:
            reports.setdefault(heads.get(manager, manager), []).append(person)
    order = _preorder(tops, reports)
    sizes = dict.fromkeys(order, 1)
    for person in reversed(order):
        sizes[person] += sum(sizes[one] for one in reports.get(person, ()))
    spans = {person: (number, number + sizes[person]) for number, person in enumerate(order)}
    return spans | {person: spans[head] for person, head in heads.items()}


def _preorder(tops: list[str], reports: Mapping[str, list[str]]) -> list[str]:
    order, waiting = [], tops[::-1]
    while waiting:
        person = waiting.pop()
        order.append(person)
        waiting += reports.get(person, ())
    return order


def _loop_heads(managers: Mapping[str, str]) -> dict[str, str]:
    """Return for everybody in a loop of managers one of them, the same for the whole loop."""
    heads: dict[str, str] = {}
    walked: dict[str, str] = {}
    for start in managers:
        person = start
        while person in managers and person not in walked:
            walked[person] = start
            person = managers[person]
        if walked.get(person) == start:
            head = person
            while person not in heads:
                heads[person] = head
                person = managers[person]
    return heads


def _lacking(group: Group, facts: RuleFacts) -> BoolArray:
    """Who has no manager although nobody reports to them: they are not the head of anything, the cell is just empty."""
    managing = frozenset(facts.managers.values())
    return np.array(
        [person.id not in facts.managers and person.id not in managing for person in group.people], dtype=np.bool_
    )
