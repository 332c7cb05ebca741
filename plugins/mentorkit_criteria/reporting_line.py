"""The rule `outside-reporting-line`: neither of two people is above the other, at any distance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from mentorkit.core.contracts import Group, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray
from mentorkit_criteria.sparse_pairs import either_way, only


class OutsideReportingLine:
    """Follows `manager_id` over the whole roster; loops in it end where they began."""

    name = "outside-reporting-line"
    summary = "neither may be the other's manager, at any distance"
    options: ClassVar[type[Any] | None] = None

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return `manager_id`."""
        return ("manager_id",)

    def prepare(self, options: Any, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (it has none)
        """Forbid pairs in one line."""
        people = dict.fromkeys(person.id for group in (wanting, offering) for person in group.people)
        lines = [(person, above) for person in people for above in _above(person, facts.managers)]
        pairs = either_way(lines, wanting, offering)
        return Ruling(only(pairs, wanting, offering), (_lacking(wanting, facts), _lacking(offering, facts)))


def _above(person: str, managers: Mapping[str, str]) -> Iterator[str]:
    """Yield everybody above a person, nearest first, each once."""
    seen = {person}
    while (person := managers.get(person, "")) and person not in seen:
        seen.add(person)
        yield person


def _lacking(group: Group, facts: RuleFacts) -> BoolArray:
    """Who has no manager although nobody reports to them: they are not the head of anything, the cell is just empty."""
    managing = frozenset(facts.managers.values())
    return np.array(
        [person.id not in facts.managers and person.id not in managing for person in group.people], dtype=np.bool_
    )
