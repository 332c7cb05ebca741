"""Who of the served side waits for a relationship, since when, and in which order: longest waiting first.

Nobody waits before the first matching but those who bring their waiting along from an earlier program; so at the first
matching there is no first come, first served. Later, whoever was there waits since then, and whoever joined waits since
they were first seen. Who lost a relationship because the other one left or declined is first in line, by the day it
ended; who lost one otherwise waits from that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from attrs import frozen

from mentorkit.core.acceptance import EXPIRED, answers_of, unwilling
from mentorkit.core.contracts import Asking, Role
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member
from mentorkit.core.requests import looked_for
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_local


@frozen
class InLine:
    """Somebody who waits.

    Attributes:
        since: the day, in the program's zone.
        first: whether they are before everybody who is not, because the other one left or declined.
    """

    person: str
    role: str
    since: date
    first: bool = False


def waiting_list(
    program: Program, roles: Sequence[Role], roster: Roster, history: History, at: datetime
) -> tuple[InLine, ...]:
    """Return who waits at a moment (aware), in order; of those who wait equally long, by person and role.

    Those who have a published relationship, or had one to its last day after the last matching, and those who have left
    are not among them.
    """
    today = to_local(at, program.timezone).date()
    left = standing(roster, history, today).left
    placed = history.placed
    members = [
        Member(person.id, role.name)
        for role in roles
        if role.served
        for person in roster.in_role(role.name)
        if person.id not in left
    ]
    requests = looked_for(program, history)
    on_request = program.model.request_days is not None
    waiting = (one for one in members if (one.person in requests if on_request else one not in placed))
    line = in_line(program, history, waiting, today)
    return tuple(sorted(line, key=lambda one: (*_turn(one), one.person, one.role)))


def ranks(
    program: Program, history: History, members: Iterable[Member], today: date, holding: Collection[Member] = ()
) -> Mapping[Member, int]:
    """Return whose turn it is: the smaller first, equal numbers for those who wait equally long.

    Those `holding` a place, which a rematch frees, are before everybody: it may find them somebody better, and takes
    no place away from them.
    """
    line = {Member(one.person, one.role): one for one in in_line(program, history, members, today)}
    turns = {member: (member not in holding, *_turn(one)) for member, one in line.items()}
    order = {turn: number for number, turn in enumerate(sorted(set(turns.values())))}
    return {member: order[turn] for member, turn in turns.items()}


def _turn(one: InLine) -> tuple[bool, date]:
    return not one.first, one.since


def in_line(program: Program, history: History, members: Iterable[Member], today: date) -> list[InLine]:
    """Return since when each of these waits, in their order."""
    zone = program.timezone
    settled = min(history.occasions.values(), default=None)
    begins = to_local(settled, zone).date() if settled else today
    carried = {Member(one.person, one.role): one.since for one in program.matching.carried}
    lost = _lost(program, history)
    requests = looked_for(program, history)

    def since(member: Member) -> InLine:
        if member.person in requests:
            asked = to_local(requests[member.person].event.at, zone).date()
            own = lost.get(member)
            return InLine(member.person, member.role, asked, own is not None and own.first and own.since >= asked)
        if member in lost:
            return lost[member]
        if member in carried:
            return InLine(member.person, member.role, carried[member])
        seen = history.seen.get(member.person)
        joined = to_local(seen, zone).date() if seen and settled else today if settled else begins
        return InLine(member.person, member.role, max(begins, joined))

    return [since(member) for member in members]


def _lost(program: Program, history: History) -> Mapping[Member, InLine]:
    """Return since when those wait who lost a relationship, by the last of theirs.

    It ended, was declined before it began, or goes on without them.
    """
    zone = program.timezone
    return {
        member: InLine(member.person, member.role, to_local(moment, zone).date(), first)
        for moment, _, member, first in sorted(_losses(program, history))
    }


def _losses(program: Program, history: History) -> Iterator[tuple[datetime, str, Member, bool]]:
    """Yield when who lost which relationship, and whether it was another's doing."""
    for known in history.relationships:
        id_ = known.relationship.id
        yield from ((one.left, id_, one.member, False) for one in known.departures if one.left is not None)
        over = known.state == "ended" or (known.state == "proposed" and known.reason in ("declined", EXPIRED))
        moment = known.ended_at or known.end_noted
        if not over or moment is None:
            continue
        for member in known.relationship.members:
            others = known.reason in ("left", "declined", EXPIRED)
            own = others and _own_doing(program.model.asking, known, member.person, history.events)
            yield moment, id_, member, others and not own


def _own_doing(asking: Asking | None, known: KnownRelationship, person: str, events: Sequence[Event]) -> bool:
    """Return whether it was this person who left, since it was published, or declined, or did not answer."""
    if known.reason == EXPIRED:
        return person in unwilling(asking, known, answers_of(events))
    theirs = (event for event in events if event.person == person and event.kind == known.reason)
    if known.reason == "left":
        return any(known.published_at is None or event.at >= known.published_at for event in theirs)
    return any(event.subject in ("", known.relationship.id) for event in theirs)
