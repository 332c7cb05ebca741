"""What a program asks of people: messages to read and hours to spend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from mentorkit.core.history import CONTACT, TO_COME, History
from mentorkit.core.plan import Plan
from mentorkit.core.program import Program


@frozen
class Load:
    """What one person (or contact) still gets: messages, and minutes in sessions."""

    messages: int = 0
    minutes: int = 0

    @property
    def hours(self) -> float:
        """Session hours."""
        return self.minutes / 60


@frozen
class Workload:
    """What is to come, from the plan's moment on.

    Attributes:
        people: by person id, sorted.
        contacts: by the contact's name, sorted.
        messages: all messages.
        minutes: all minutes people spend in sessions.
    """

    people: Mapping[str, Load] = field(factory=dict)
    contacts: Mapping[str, Load] = field(factory=dict)
    messages: int = 0
    minutes: int = 0

    @property
    def hours(self) -> float:
        """All hours people spend in sessions."""
        return self.minutes / 60


def workload(program: Program, plan: Plan, history: History, gone: frozenset[str] = frozenset()) -> Workload:
    """Return the messages due and to come, and the sessions that have not begun, per person.

    Sessions of ended relationships and canceled ones do not count; those of a provisional matching do, as foreseen.
    What the plan learned or changes counts, whether `history` knows it already or not.
    People who are `gone` spend no time in sessions.
    `program` is the one that the plan is of.
    """
    if plan.program != program.id:
        raise ValueError(f'the plan is of program "{plan.program}", not of "{program.id}"')
    messages = Counter((one.recipient.kind, one.recipient.id) for one in plan.due)
    messages.update(plan.later.recipients())
    for held in plan.held:
        messages[held.recipient.kind, held.recipient.id] += len(held.transmissions)
    names = {number: name for name, number in history.numbers.items()} | {one.number: one.id for one in plan.newcomers}
    for one in plan.paced:
        name = names.get(one.number, f"person {one.number}")
        kind: Literal["contact", "person"] = "contact" if name.startswith(CONTACT) else "person"
        messages[kind, name.removeprefix(CONTACT)] += 1
    minutes = _minutes(plan, history, gone)
    people = sorted({one for kind, one in messages if kind == "person"} | set(minutes))
    return Workload(
        {one: Load(messages["person", one], minutes[one]) for one in people},
        {one: Load(messages["contact", one]) for kind, one in sorted(messages) if kind == "contact"},
        messages.total(),
        minutes.total(),
    )


def _minutes(plan: Plan, history: History, gone: frozenset[str]) -> Counter[str]:
    """Return minutes in sessions to come; what the plan itself ends or moves counts as it will be."""
    changes = (plan.happening, plan.rearranged)
    ended = {one.relationship for change in changes for one in change.endings}
    changed = {known.session.id: known for change in changes for known in change.sessions}
    running = {known.relationship.id for known in history.published} - ended
    known = (changed.get(one.session.id, one) for one in history.sessions)
    sessions = [
        one.session
        for one in known
        if one.state in TO_COME and one.session.relationship in running and one.session.starts >= plan.at
    ]
    minutes: Counter[str] = Counter()
    for session in (*sessions, *plan.schedule.sessions, *plan.preview.sessions):
        for person in set(session.people) - gone:
            minutes[person] += session.minutes
    return minutes
