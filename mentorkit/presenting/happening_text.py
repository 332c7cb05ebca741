"""What became known and what it does, as text: events by kind, ends, sessions canceled or moved, messages dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from mentorkit.core.happenings import EVENT_KINDS, OWN_EVENT, Ending, Happening, Joining
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession
from mentorkit.core.learning.completing import is_completion
from mentorkit.core.learning.expiring import is_expiry
from mentorkit.core.learning.noticing import MISSING
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session
from mentorkit.core.zones import last_day_before, to_local, utc_text
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.next_steps import folded
from mentorkit.presenting.tables import counted, table


@frozen
class Before:
    """What the words about a change need of what was before it.

    Attributes:
        history: without the change.
        zone: the program's.
        everything: whether long lists are shown whole.
    """

    roster: Roster
    history: History
    zone: str
    everything: bool = False

    def day(self, moment: datetime) -> str:
        """Return the day of a moment in the program's zone."""
        return f"{to_local(moment, self.zone).date()}"

    def names(self, people: Sequence[str]) -> str:
        """Return what people are called."""
        return ", ".join(called(person, self.roster) for person in people)

    def listed(self, heading: str, rows: Sequence[Sequence[str]]) -> str:
        """Return a heading and a list, folded."""
        return "\n".join([heading, *folded(table(rows).splitlines(), self.everything)]) if rows else ""


def told_events(happening: Happening) -> tuple[Event, ...]:
    """Return the events without those that time alone brings, such as a relationship's last day: nobody said them."""
    return tuple(event for event in happening.events if not (is_completion(event) or is_expiry(event)))


def known_text(happening: Happening, before: Before) -> str:
    """Return the events that became known, kind by kind; "" where there are none."""
    by_kind: dict[str, list[Event]] = {kind: [] for kind in EVENT_KINDS}
    for event in told_events(happening):
        by_kind.setdefault(event.kind, []).append(event)
    groups = {kind: events for kind, events in by_kind.items() if events}
    if not groups:
        return ""
    total = ", ".join(f"{len(events):,} {kind}" for kind, events in groups.items())
    return "\n".join([f"became known: {total}", *(_events(kind, events, before) for kind, events in groups.items())])


def _events(kind: str, events: Sequence[Event], before: Before) -> str:
    ordered = sorted(events, key=lambda one: (one.at, *map(_natural, (one.person, one.subject, one.id))))
    rows = [
        (kind, before.names([event.person]), _when(event, before), event.subject, _value(event)) for event in ordered
    ]
    filled = [number for number in range(len(rows[0])) if any(row[number] for row in rows)]
    return "\n".join(folded(table([[row[one] for one in filled] for row in rows]).splitlines(), before.everything))


def _natural(text: str) -> list[tuple[int, str]]:
    """Return what a text is sorted by so that 10 comes after 9."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", text)]


def _when(event: Event, before: Before) -> str:
    """Return when something happened; of what the roster says, when that was seen."""
    return ("seen " if event.id.startswith(OWN_EVENT) else "") + before.day(event.at)


def _value(event: Event) -> str:
    """Return what was said beside the event; of what the roster says, with the day in its column."""
    if not event.id.startswith(OWN_EVENT):
        return event.value
    if event.value == MISSING:
        return "missing from the roster"
    word = {"left": "on ", "paused": "until "}.get(event.kind, "")
    return f"by the roster: {word}{event.value}" if event.value else "by the roster"


def following_text(happening: Happening, before: Before) -> str:
    """Return what follows from what became known; "" where nothing does."""
    known = _relationships(before.history)
    on_their_day = {event.subject for event in happening.events if is_completion(event)}
    completed = [one for one in happening.endings if one.relationship in on_their_day]
    early = [one for one in happening.endings if one.relationship not in on_their_day]
    published = [one for one in early if _was_published(known, one)]
    proposed = [one for one in early if not _was_published(known, one)]
    parts = [
        before.listed(
            _headline(completed, "relationship", "has come to its last day", "have come to their last day"),
            [_last_day(one, known, before) for one in completed],
        ),
        before.listed(
            _headline(published, "relationship", "ends", "end"), [_ending(one, known, before) for one in published]
        ),
        before.listed(
            _headline(proposed, "proposal", "is withdrawn", "are withdrawn"),
            [_ending(one, known, before) for one in proposed],
        ),
        _departed(happening, before),
        _canceled(happening, before),
        moved_text(happening, before, "moves", "move"),
        _others(happening, before),
        _dropped(happening, before.history),
    ]
    return "\n".join(part for part in parts if part)


def rematched_text(happening: Happening, before: Before, added: Sequence[Session] = ()) -> str:
    """Return what the plan itself changes: who joins, what a rematch breaks, sessions whose series has changed.

    `added` are new sessions of relationships that are published already.
    """
    known = _relationships(before.history)
    ends = _headline(happening.endings, "relationship", "is broken", "are broken") + " by the rematch"
    parts = [
        _joined(happening, before),
        before.listed(ends, [_ending(one, known, before) for one in happening.endings]),
        _canceled(happening, before),
        moved_text(
            happening,
            before,
            "moves: the keys of its series have changed",
            "move: the keys of their series have changed",
        ),
        _rezoned(happening, before),
        _where_they_were(happening, before),
        _listed_sessions(added, before, "is added: its series has more", "are added: their series have more"),
        _dropped(happening, before.history),
    ]
    return "\n".join(part for part in parts if part)


def _relationships(history: History) -> Mapping[str, KnownRelationship]:
    return {known.relationship.id: known for known in history.relationships}


def _was_published(known: Mapping[str, KnownRelationship], ending: Ending) -> bool:
    return ending.relationship not in known or known[ending.relationship].published_at is not None


def _headline(found: Sequence[object], word: str, one: str, many: str) -> str:
    return f"{counted(len(found), word)} {one if len(found) == 1 else many}"


def _ending(ending: Ending, known: Mapping[str, KnownRelationship], before: Before) -> tuple[str, ...]:
    people = known[ending.relationship].relationship.people() if ending.relationship in known else ()
    return before.names(people), before.day(ending.at), ending.reason, ending.relationship


def _last_day(ending: Ending, known: Mapping[str, KnownRelationship], before: Before) -> tuple[str, ...]:
    people = known[ending.relationship].relationship.people() if ending.relationship in known else ()
    return before.names(people), f"{last_day_before(ending.at, before.zone)}", ending.relationship


def _joined(happening: Happening, before: Before) -> str:
    """Return who takes which free seat, beside whom, and how many sessions to come they find there."""
    known = _relationships(before.history)
    coming = Counter(one.session.relationship for one in happening.sessions if one.state != "canceled")
    rows = [
        (
            before.names([one.member.person]),
            one.member.role,
            f"to {_those_there(one, known, happening, before)}",
            counted(coming[one.relationship], "session") + " to come",
            one.relationship,
        )
        for one in happening.joinings
    ]
    return before.listed(_headline(rows, "free seat", "is taken", "are taken"), rows)


def _those_there(joining: Joining, known: Mapping[str, KnownRelationship], happening: Happening, before: Before) -> str:
    gone = {one.member.person for one in happening.departures if one.relationship == joining.relationship}
    people = known[joining.relationship].relationship.people() if joining.relationship in known else ()
    return before.names([one for one in people if one not in gone])


def _departed(happening: Happening, before: Before) -> str:
    """Return who leaves what goes on without them."""
    found = happening.departures
    rows = [(before.names([one.member.person]), before.day(one.at), one.reason, one.relationship) for one in found]
    return before.listed(f"{_headline(found, 'member', 'leaves', 'leave')} what goes on without them", rows)


def _canceled(happening: Happening, before: Before) -> str:
    found = [known.session for known in happening.sessions if known.state == "canceled"]
    return _listed_sessions(found, before, "is canceled", "are canceled")


def _where_they_were(happening: Happening, before: Before) -> str:
    """Return the sessions that keep their time, but were canceled, or change in another way."""
    old = {known.session.id: known for known in before.history.sessions}
    same = [
        (old[known.session.id], known.session)
        for known in happening.sessions
        if known.state != "canceled"
        and known.session.id in old
        and _time(known.session) == _time(old[known.session.id].session)
    ]
    again = [session for was, session in same if was.state == "canceled"]
    joined = {one.relationship for one in happening.joinings}
    other = [
        session
        for was, session in same
        if was.state != "canceled"
        and not (session.relationship in joined and evolve(session, people=was.session.people) == was.session)
    ]
    parts = (
        _listed_sessions(again, before, "takes place again", "take place again"),
        _listed_sessions(other, before, "changes its place, length or people", "change their place, length or people"),
    )
    return "\n".join(part for part in parts if part)


def _listed_sessions(sessions: Sequence[Session], before: Before, one: str, many: str) -> str:
    rows = [(before.names(session.people), _time(session), session.id) for session in sessions]
    return before.listed(_headline(sessions, "session", one, many), rows)


def moved_text(happening: Happening, before: Before, one: str, many: str) -> str:
    """Return the sessions whose time changes, each with its old and its new time."""
    old = {known.session.id: known.session for known in before.history.sessions}
    found = [
        known.session
        for known in happening.sessions
        if known.state != "canceled"
        and known.session.id in old
        and _time(known.session) != _time(old[known.session.id])
    ]
    rows = [(before.names(new.people), _time(old[new.id]), "→", _time(new), new.id) for new in found]
    return before.listed(_headline(found, "session", one, many), rows)


def _rezoned(happening: Happening, before: Before) -> str:
    """Return the sessions that keep their local time and are at another moment by newer zone data."""
    old = {known.session.id: known.session for known in before.history.sessions}
    found = [
        known.session
        for known in happening.sessions
        if known.state != "canceled"
        and known.session.id in old
        and _time(known.session) == _time(old[known.session.id])
        and known.session.starts != old[known.session.id].starts
    ]
    rows = [
        (before.names(new.people), _time(new), utc_text(old[new.id].starts), "→", utc_text(new.starts), new.id)
        for new in found
    ]
    one, many = "keeps its local time: by newer zone data it is", "keep their local time: by newer zone data they are"
    return before.listed(_headline(found, "session", one, many) + " at another moment in UTC", rows)


def _time(session: Session) -> str:
    return f"{session.local:%a %Y-%m-%d %H:%M} ({session.zone})"


def _others(happening: Happening, before: Before) -> str:
    """Return the sessions that change otherwise: held, missed, or with fewer people."""
    old = {known.session.id: known for known in before.history.sessions}
    states = Counter(_state(known, old.get(known.session.id)) for known in happening.sessions)
    told = [f"{counted(number, 'session')} {state}" for state, number in sorted(states.items()) if state]
    return f"{', '.join(told)}" if told else ""


def _state(new: KnownSession, old: KnownSession | None) -> str:
    if new.state in ("held", "missed"):
        return str(new.state)
    fewer = old is not None and new.state != "canceled" and len(new.session.people) < len(old.session.people)
    return "without somebody who left" if fewer else ""


def _dropped(happening: Happening, history: History) -> str:
    if not happening.superseded:
        return ""
    steps = Counter(history.transmissions[key].step for key in happening.superseded if key in history.transmissions)
    told = ", ".join(f"{number:,} {step}" for step, number in sorted(steps.items()))
    total = counted(len(happening.superseded), "message")
    return (
        f"{total} that waited {'is' if len(happening.superseded) == 1 else 'are'} dropped{': ' + told if told else ''}"
    )
