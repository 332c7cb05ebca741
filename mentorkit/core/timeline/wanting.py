"""Which occurrences go out after all: those whose condition holds, and those for silent people who are silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from attrs import define, field

from mentorkit.core.history import KnownRelationship
from mentorkit.core.program import Step
from mentorkit.core.relationships import Member
from mentorkit.core.timeline.asking import About, Asking
from mentorkit.core.timeline.audience import SILENT, Addressee, Audience
from mentorkit.core.timeline.occurrences import Occurrence


@define(frozen=True, slots=False, eq=False)
class Wanted:
    """Asks what a step asks, of each occurrence.

    Attributes:
        relationships: of any state.
        at: the moment of the run.
    """

    audience: Audience
    relationships: Sequence[KnownRelationship]
    asking: Asking
    at: datetime
    _groups: dict[tuple[str, ...], frozenset[Addressee]] = field(init=False, factory=dict)
    _people: dict[tuple[str, str], About] = field(init=False, factory=dict)

    def __call__(self, occurrence: Occurrence) -> bool:
        """Return whether an occurrence is wanted in the run that would send it.

        What has expired is missed only if it was wanted from its moment to its end: in between, any run would have
        sent it, and what came to be wanted towards the end was not waited for.
        """
        if not self.asks(occurrence.step):
            return True
        if occurrence.expires <= self.at:
            return all(self._wanted_at(occurrence, moment) for moment in (occurrence.due, occurrence.expires))
        return self._wanted_at(occurrence, max(occurrence.due, self.at))

    @staticmethod
    def asks(step: Step) -> bool:
        """Return whether a step asks anything: what does not is wanted."""
        return step.condition is not None or SILENT in step.to

    def _wanted_at(self, occurrence: Occurrence, moment: datetime) -> bool:
        condition = occurrence.step.condition
        if condition is not None and not self.asking.holds(condition, self._about(occurrence), moment):
            return False
        return not self._only_if_silent(occurrence) or self._is_silent(occurrence.addressee, moment)

    def _about(self, occurrence: Occurrence) -> About:
        known = self._by_id.get(occurrence.relationship)
        to = occurrence.addressee
        if known is not None:
            asks_answers = occurrence.step.condition is not None and occurrence.step.condition.of
            alone = asks_answers and Member(to.id, to.role) in known.relationship.members
            people = (to.id,) if alone else known.relationship.people()
            return About(people, (known,), occurrence.session, occurrence.request)
        if to.kind == "contact":
            return About(self._everybody, self._published, "", occurrence.request)
        return self._about_person(to.id, occurrence.request)

    def _about_person(self, person: str, request: str = "") -> About:
        key = person, request
        found = self._people.get(key)
        if found is None:
            found = self._people[key] = About((person,), tuple(self._by_person.get(person, ())), "", request)
        return found

    def _only_if_silent(self, occurrence: Occurrence) -> bool:
        """Whether somebody gets a step as one of the silent only, not in another group that it goes to as well."""
        step = occurrence.step
        if SILENT not in step.to:
            return False
        others = tuple(group for group in step.to if group != SILENT)
        known = self._by_id.get(occurrence.relationship)
        members = known.relationship.members if known else ()
        meant = self.audience.of_relationship(others, members) if known else self._of_program(others)
        return occurrence.addressee not in meant

    def _of_program(self, groups: tuple[str, ...]) -> frozenset[Addressee]:
        if groups not in self._groups:
            self._groups[groups] = frozenset(self.audience.of_program(groups))
        return self._groups[groups]

    def _is_silent(self, to: Addressee, moment: datetime) -> bool:
        return self.asking.silent(self._about_person(to.id), self.audience.program.silent_after, moment)

    @cached_property
    def _by_person(self) -> dict[str, list[KnownRelationship]]:
        found: dict[str, list[KnownRelationship]] = {}
        for known in self._published:
            for person in known.relationship.people():
                found.setdefault(person, []).append(known)
        return found

    @cached_property
    def _by_id(self) -> dict[str, KnownRelationship]:
        return {one.relationship.id: one for one in self.relationships}

    @cached_property
    def _everybody(self) -> tuple[str, ...]:
        """Ids of all who are in a relationship that is published."""
        return tuple(dict.fromkeys(one for known in self._published for one in known.relationship.people()))

    @cached_property
    def _published(self) -> tuple[KnownRelationship, ...]:
        return tuple(one for one in self.relationships if one.state == "published")
