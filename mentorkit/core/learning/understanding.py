"""From what somebody wrote down to an event: whom it is of, what it is about, and whether it can be.

Nothing is guessed: what could be about several things is a problem that lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time

from attrs import frozen

from mentorkit.core.coming import WORDS, session_asked
from mentorkit.core.diagnostics import Diagnostic, error, listed, suggestion
from mentorkit.core.happenings import Told
from mentorkit.core.history import CONTACT, TO_COME, Event, KnownRelationship, KnownSession
from mentorkit.core.learning.consequences import moved_to
from mentorkit.core.learning.known import SAID, Known, current
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.written_dates import written_day
from mentorkit.core.zones import day_end, to_local, utc_text

_MOST_NAMED = 5
_OF_THE_PERSON_ALONE = ("paused", "resumed", "left")
"""Kinds of events that are kept without a subject, whatever was written."""


class UnclearError(Exception):
    """What was told cannot be taken as an event; carries the diagnostic, not placed yet."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(problem.message)
        self.problem = problem


@frozen
class Understanding:
    """What things mean in one program with these people."""

    program: Program
    roster: Roster

    def event(self, told: Told, known: Known) -> Event | None:
        """Return what was told as an event, or None where the ledger has it already.

        Raises:
            UnclearError: it names nobody, nothing or too many things, or its id stands for another event.
        """
        earlier = known.events.get(told.id)
        if earlier is not None:
            _check_same(told, earlier)
            return None
        self._check_person(told, known)
        means: Mapping[str, Callable[[Told, Known], tuple[str, str]]] = {
            "accepted": self._of_relationship,
            "declined": self._of_relationship,
            "ended": self._of_relationship,
            "met": self._of_session,
            "missed": self._of_session,
            "moved": self._of_coming_session,
            "answered": self._of_question,
            "paused": _of_pause,
        }
        subject, value = means.get(told.kind, _of_person)(told, known)
        return Event(told.id, told.at, told.person, told.kind, subject, value)

    def _check_person(self, told: Told, known: Known) -> None:
        if told.person in self.roster.by_id or (told.person in known.numbers and not told.person.startswith(CONTACT)):
            return
        said = told.person.casefold()
        named = [one.id for one in self.roster.people if said in (one.name.casefold(), one.text("email").casefold())]
        named = named or [one.id for one in self.roster.people if said in one.name.casefold().split()]
        near = f"did you mean the id {named[0]}?" if len(named) == 1 else suggestion(told.person, self.roster.by_id)
        hint = near or "write the id that the roster gives them"
        raise UnclearError(error("event-unknown-person", f'nobody has the id "{told.person}"', help=hint))

    def _of_relationship(self, told: Told, known: Known) -> tuple[str, str]:
        if told.subject:
            return self._relationship(told, known).relationship.id, told.value
        return self._only_relationship(told, known).relationship.id, told.value

    def _of_session(self, told: Told, known: Known) -> tuple[str, str]:
        if told.subject in known.sessions:
            session = self._session(told, known).session
            if session.starts > told.at:
                begins = f"{session.local:%Y-%m-%d %H:%M}"
                message = f"session {session.id} had not begun by then: it begins on {begins} ({session.zone})"
                raise UnclearError(
                    error("event-bad-value", message, help="correct the moment, or name another session")
                )
            return session.id, told.value
        relationship = self._relationship(told, known) if told.subject else self._only_relationship(told, known)
        begun = [
            one
            for one in _sessions(known, relationship)
            if one.session.starts <= told.at and one.state != "canceled" and told.person in one.session.people
        ]
        return (begun[-1].session.id if begun else relationship.relationship.id), told.value

    def _of_coming_session(self, told: Told, known: Known) -> tuple[str, str]:
        if told.subject in known.sessions:
            session = self._session(told, known)
        else:
            relationship = self._relationship(told, known) if told.subject else self._only_relationship(told, known)
            coming = [
                one for one in _sessions(known, relationship) if one.session.starts > told.at and one.state in TO_COME
            ]
            if not coming:
                message = f"{relationship.relationship.id} has no session to come that could be moved"
                raise UnclearError(error("event-unknown-subject", message, help="name the session as subject"))
            session = coming[0]
        ended = known.relationships[session.session.relationship].state == "ended"
        if ended or session.state not in TO_COME:
            why = "its relationship has ended" if ended else f"it is {session.state}"
            message = f"session {session.session.id} cannot be moved: {why}"
            raise UnclearError(error("event-not-movable", message, help="name a session that is still to come"))
        if why := self._why_no_time(session, known.relationships[session.session.relationship], told.value):
            message = f'"{told.value[:60]}" is no time to move a session to: {why}'
            hint = f"write 2027-03-02T10:00 (in {session.session.zone}) or 2027-03-02T10:00:00Z"
            raise UnclearError(error("event-bad-value", message, help=hint))
        return session.session.id, told.value

    def _why_no_time(self, session: KnownSession, relationship: KnownRelationship, value: str) -> str:
        """Return why a session cannot be moved to what a value says, "" where it can."""
        try:
            local, starts = moved_to(session, value)
        except ValueError:
            return "it does not say a day and a time"
        if to_local(starts, session.session.zone) != local:
            return f"the clocks skip it in {session.session.zone}"
        if relationship.published_at is not None and starts < relationship.published_at:
            return f"it lies before its relationship was published, {utc_text(relationship.published_at)}"
        if starts >= day_end(self.program.ends, self.program.timezone):
            return f"it lies after the program's last day, {self.program.ends}"
        until = relationship.relationship.until
        if until is not None and starts >= day_end(until, self.program.timezone):
            return f"it lies after their last day, {until}"
        return ""

    def _of_question(self, told: Told, known: Known) -> tuple[str, str]:
        if session_asked(told.subject) in known.sessions:
            return self._of_coming(told, known)
        questions = {f"{step.name}.{one.id}" for step in self.program.timeline for one in step.questions}
        if told.subject in questions:
            return told.subject, told.value
        message = (
            f'"{told.subject}" is no question of a survey of this program'
            if told.subject
            else "an answer needs the question it answers"
        )
        near = suggestion(told.subject, questions) if told.subject else ""
        hint = near or (f"write SURVEY.QUESTION: {_some(questions)}" if questions else "the program has no survey")
        raise UnclearError(error("event-unknown-question", message, help=hint))

    def _of_coming(self, told: Told, known: Known) -> tuple[str, str]:
        session = known.sessions[session_asked(told.subject)]
        self._check_part(told, known, known.relationships[session.session.relationship])
        value = told.value.casefold()
        if value not in WORDS:
            message = f'"{told.value[:60]}" does not say whether somebody will come'
            raise UnclearError(error("event-bad-value", message, help=f"write {listed(WORDS)}"))
        return told.subject, value

    def _relationship(self, told: Told, known: Known) -> KnownRelationship:
        found = known.relationships.get(told.subject)
        if found is None:
            theirs = known.relationships_of.get(told.person, ())
            hint = suggestion(told.subject, (*theirs, *known.sessions)) or _choices(known, told.person, self.roster)
            message = f'there is no relationship or session "{told.subject}"'
            raise UnclearError(error("event-unknown-subject", message, help=hint))
        self._check_part(told, known, found)
        return found

    def _session(self, told: Told, known: Known) -> KnownSession:
        session = known.sessions[told.subject]
        self._check_part(told, known, known.relationships[session.session.relationship])
        return session

    def _check_part(self, told: Told, known: Known, found: KnownRelationship) -> None:
        """Refuse words of somebody who is no part of it; who has left may still say who met while they were there."""
        if told.person in found.relationship.people():
            return
        was_part = any(member.person == told.person for member in found.everybody)
        if was_part and told.kind in SAID:
            return
        message = f"{told.person} is no part of {told.subject}" + (" any more" if was_part else "")
        hint = _choices(known, told.person, self.roster)
        raise UnclearError(error("event-unknown-subject", message, help=hint))

    def _by_when(self, told: Told) -> datetime:
        """Return the moment by which something must have been asked; a day alone counts to its end."""
        local = to_local(told.at, self.program.timezone)
        return told.at if local.time() != time() else day_end(local.date(), self.program.timezone)

    def _only_relationship(self, told: Told, known: Known) -> KnownRelationship:
        open_ones = current(known, told.person)
        published = [one for one in open_ones if one.state == "published"]
        choices = published
        if told.kind in ("accepted", "declined"):  # who is asked speaks of that, whatever else they are in
            asked = [one for one in open_ones if one.is_asked]
            before = [one for one in asked if one.asked_at is not None and one.asked_at <= self._by_when(told)]
            choices = before or published or [one for one in open_ones if one not in asked]
        earlier = _completed_then(known, told)
        if earlier is not None and all(one.published_at and one.published_at > told.at for one in choices):
            return earlier
        if not choices:
            choices = _over_for(known, told)
        if len(choices) == 1:
            return choices[0]
        if not choices:
            message = f"{told.person} is in no relationship that {told.kind} could be about"
            raise UnclearError(error("event-unknown-subject", message, help="look at `mentorkit status`"))
        message = f"{told.person} is in {len(choices)} relationships: {told.kind} could be about any of them"
        hint = f"name one as subject: {_named(choices, told.person, self.roster)}"
        raise UnclearError(error("event-ambiguous", message, help=hint))


def _of_person(told: Told, known: Known) -> tuple[str, str]:  # noqa: ARG001 (the same for all kinds)
    return (told.subject if told.kind == "requested" else ""), told.value


def _of_pause(told: Told, known: Known) -> tuple[str, str]:  # noqa: ARG001 (the same for all kinds)
    try:
        return "", written_day(told.value).isoformat() if told.value else ""
    except ValueError:
        message = f'"{told.value}" is no day on which somebody is back'
        hint = "write 2027-03-01, or nothing for a pause until `resumed`"
        raise UnclearError(error("event-bad-value", message, help=hint)) from None


def _check_same(told: Told, earlier: Event) -> None:
    alone = told.kind in _OF_THE_PERSON_ALONE
    about = alone or told.subject in ("", earlier.subject) or earlier.subject.startswith(f"{told.subject}-")
    same = (told.person, told.kind, told.at) == (earlier.person, earlier.kind, earlier.at)
    if not (same and about and told.value == earlier.value):
        said = f' "{earlier.value[:60]}"' if earlier.value else ""
        recorded = f"{earlier.kind}{said} of {earlier.person} at {utc_text(earlier.at)}"
        message = f'the id "{told.id}" is recorded already, for another event: {recorded}'
        raise UnclearError(error("event-conflict", message, help="give this event an id of its own"))


def _completed_then(known: Known, told: Told) -> KnownRelationship | None:
    """Return the last of somebody's relationships that was published by then and has come to its last day since."""
    theirs = (known.relationships[one] for one in known.relationships_of.get(told.person, ()))
    found = [(one.published_at, one) for one in theirs if one.completed and one.published_at]
    then = [(published, one) for published, one in found if published <= told.at]
    return max(then, key=lambda each: (each[0], each[1].relationship.id))[1] if then else None


def _over_for(known: Known, told: Told) -> list[KnownRelationship]:
    """Return somebody's relationships that have ended; of who met, also those that they have left."""
    every = [known.relationships[one] for one in known.relationships_of.get(told.person, ())]
    left = [one for one in every if told.kind in SAID and any(d.member.person == told.person for d in one.departures)]
    return [one for one in every if one.state == "ended" or one in left]


def _sessions(known: Known, relationship: KnownRelationship) -> list[KnownSession]:
    found = (known.sessions[one] for one in known.sessions_of.get(relationship.relationship.id, ()))
    return sorted(found, key=lambda one: (one.session.starts, one.session.id))


def _choices(known: Known, person: str, roster: Roster) -> str:
    theirs = [known.relationships[one] for one in known.relationships_of.get(person, ())]
    return f"it is one of: {_named(theirs, person, roster)}" if theirs else f"{person} is in no relationship"


def _named(relationships: Sequence[KnownRelationship], person: str, roster: Roster) -> str:
    shown = [f"{one.relationship.id} (with {_partners(one, person, roster)})" for one in relationships[:_MOST_NAMED]]
    more = len(relationships) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _partners(known: KnownRelationship, person: str, roster: Roster) -> str:
    others = [one for one in known.relationship.people() if one != person]
    return " and ".join(roster.by_id[one].name if one in roster.by_id else one for one in others)


def _some(words: set[str]) -> str:
    ordered = sorted(words)
    more = f" and {len(ordered) - _MOST_NAMED} more" if len(ordered) > _MOST_NAMED else ""
    return listed(ordered) if not more else ", ".join(ordered[:_MOST_NAMED]) + more
