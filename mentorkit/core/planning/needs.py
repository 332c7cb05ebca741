"""What waits for a coordinator: one value for everything that may, and what all of it is read from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Literal, get_args

from attrs import define, frozen

from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.plan import Plan
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.standing import Standing, Word, latest_words, standing
from mentorkit.core.zones import day_end, to_local

NeedKind = Literal[
    "in-doubt",
    "failed",
    "unsent",
    "stopped",
    "proposed",
    "asked",
    "forbidden",
    "missing",
    "changed-hands",
    "held",
    "back-again",
    "left",
    "vacant",
    "requested",
    "unserved",
    "silent",
    "in-pause",
    "not-coming",
    "no-time",
    "unmatched",
    "unsaid",
    "deferred",
    "unreachable",
    "unreached",
    "at-night",
    "expired",
]
NEED_KINDS: tuple[NeedKind, ...] = get_args(NeedKind)
"""Everything that may wait for somebody, most urgent first."""

RECENT_DAYS = 14
"""For how many days those who left, what was requested, and what expired are news."""


@frozen
class Need:
    """One thing that waits for a person.

    Within a kind, nobody and nothing is named twice, but who missed messages of several steps that expired.

    Attributes:
        people: ids of whom it is about.
        subject: a transmission's key, a relationship's id, the step that expired, the flag for a run, or "".
        detail: the reason, in words.
        since: since when, UTC, aware; None where nobody can know.
        others: ids of those whom it leaves, such as the partners of somebody who has left.
        amount: how many messages, sessions or relationships it is about.
        subjects: all keys or ids, where there are several.
        command: the next step, as words after `mentorkit` without the program file; () where there is none.
    """

    kind: NeedKind
    people: tuple[str, ...]
    subject: str = ""
    detail: str = ""
    since: datetime | None = None
    others: tuple[str, ...] = ()
    amount: int = 1
    subjects: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@define(frozen=True, slots=False, eq=False)
class Situation:
    """What needs are read from: the program and its people, what the ledger will know, and what a run would do.

    Attributes:
        history: after everything that the plan learned.
    """

    program: Program
    roster: Roster
    history: History
    plan: Plan

    @property
    def at(self) -> datetime:
        """The moment, UTC, aware."""
        return self.plan.at

    @cached_property
    def today(self) -> date:
        """The day in the program's zone."""
        return to_local(self.at, self.program.timezone).date()

    @cached_property
    def over(self) -> bool:
        """Whether the program has ended."""
        return self.at >= day_end(self.program.ends, self.program.timezone)

    @cached_property
    def away(self) -> Standing:
        """Who pauses or has left."""
        return standing(self.roster, self.history, self.today)

    @cached_property
    def words(self) -> Mapping[str, Word]:
        """The latest that events say of each person's coming and going."""
        return latest_words(self.history.events)

    @cached_property
    def published(self) -> Mapping[str, KnownRelationship]:
        """Published relationships that have not ended, by id."""
        return {known.relationship.id: known for known in self.history.published}

    @cached_property
    def filling(self) -> tuple[str, ...]:
        """The command that fills free places, through a review where there is one to go through."""
        reviewed = self.program.matching.publish == "review" or self.history.proposed
        return ("match", "--review", "FILE") if reviewed else ("publish", "--fill")

    @cached_property
    def in_proposals(self) -> frozenset[str]:
        """Ids of people in relationships that wait to be published, or about which somebody is asked."""
        waiting = (*self.history.proposed, *self.history.asked)
        return frozenset(person for known in waiting for person in known.relationship.people())

    @cached_property
    def in_asked(self) -> frozenset[str]:
        """Ids of people in relationships about which somebody is asked."""
        return frozenset(person for known in self.history.asked for person in known.relationship.people())

    @cached_property
    def relationships(self) -> Mapping[str, tuple[KnownRelationship, ...]]:
        """Every person's relationships, of any state, also those that they have left."""
        found: dict[str, list[KnownRelationship]] = {}
        for known in self.history.relationships:
            for person in dict.fromkeys(member.person for member in known.everybody):
                found.setdefault(person, []).append(known)
        return {person: tuple(theirs) for person, theirs in found.items()}

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The ledger's names of people and contacts by running number."""
        return {number: name for name, number in self.history.numbers.items()}

    def latest(self, *kinds: str) -> Mapping[str, Event]:
        """Return everybody's last event of these kinds, by person, as they happened."""
        events = sorted((one for one in self.history.events if one.kind in kinds), key=lambda one: one.at)
        return {one.person: one for one in events}
