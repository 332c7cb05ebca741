"""Who is invited to which session: whose calendar does not show it, shows an earlier version, or shows it in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from mentorkit.core.deliveries import State
from mentorkit.core.history import TO_COME, KnownSession
from mentorkit.core.invitation_ids import invitation_id, invited
from mentorkit.core.program import INVITATION, Book, Program, Step, booked_as
from mentorkit.core.relationships import Member
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.audience import Addressee, Audience
from mentorkit.core.timeline.occurrences import Occurrence

_CAME_TO_NOTHING: tuple[State, ...] = ("failed", "superseded", "suppressed", "expired")


@frozen(order=True)
class Invited:
    """The latest invitation to a session that somebody got, or may have got.

    Attributes:
        canceled: whether it took the session out of their calendar.
        role: as what they got it, as delivery keys write it.
    """

    sequence: int
    canceled: bool
    role: str


Invitations = Mapping[tuple[str, str], Invited]
"""By session and person, both by id."""


def invitations_before(deliveries: Mapping[str, State], numbers: Mapping[str, int]) -> Invitations:
    """Return who has been invited to what; `deliveries` are states by key, `numbers` running numbers by person."""
    found: dict[tuple[str, str], Invited] = {}
    for session, person, one in all_invitations(deliveries, numbers):
        found[session, person] = max(one, found.get((session, person), one))
    return found


def all_invitations(deliveries: Mapping[str, State], numbers: Mapping[str, int]) -> Iterator[tuple[str, str, Invited]]:
    """Yield every invitation that somebody got, or may have got or still gets: session, person, and what it was."""
    people = {f"p{number}": person for person, number in numbers.items()}
    for key, state in deliveries.items():
        if not key.startswith(f"{INVITATION}/") or state in _CAME_TO_NOTHING:
            continue
        _, occurrence, number, role, *_ = key.split("/")
        said = invited(occurrence)
        if said is not None and number in people:
            session, sequence, canceled = said
            yield session, people[number], Invited(sequence, canceled, role)


def invitations(
    audience: Audience,
    step: Step,
    sessions: Sequence[KnownSession],
    before: Invitations,
    announced: Mapping[tuple[str, str], datetime],
    at: datetime,
) -> Iterator[Occurrence]:
    """Yield the invitations to everybody's calendar that are due from a moment on, for sessions that are to come.

    Nobody is invited before they are told with whom they are, unless the session would have begun by then.

    Args:
        audience: whom there is to write to.
        step: of the program, for invitations.
        sessions: of any state.
        before: who has been invited to what.
        announced: when people are told of their relationship, by its id and theirs.
        at: the moment, UTC, aware: what is published later is due then.
    """
    published = {known.relationship.id: known for known in (*audience.published, *audience.ended)}
    invited_to: dict[str, list[str]] = {}
    for session, person in sorted(before):
        invited_to.setdefault(session, []).append(person)
    for known in sessions:
        relationship = published.get(known.session.relationship)
        if relationship is None or relationship.published_at is None or known.session.starts <= at:
            continue
        due = max(at, relationship.published_at)
        shown = invited_to.get(known.session.id, [])
        for member, canceled in _changes(audience, known, relationship.relationship.members, shown, before):
            addressee = Addressee(member.person, member.role)
            told = announced.get((known.session.relationship, member.person), due)
            yield Occurrence(
                step,
                invitation_id(known.session.id, known.sequence, canceled),
                addressee,
                known.session.relationship,
                max(due, told) if told < known.session.starts else due,
                known.session.starts,
                audience.zone(addressee),
                known.session.id,
            )


def announcements(found: Iterable[Occurrence]) -> Mapping[tuple[str, str], datetime]:
    """Return when people are told of a relationship when it is published, by its id and theirs."""
    moments: dict[tuple[str, str], datetime] = {}
    for one in found:
        when = one.step.when
        if when.anchor == "match" and when.offset.amount == 0 and one.relationship:
            key = one.relationship, one.addressee.id
            moments[key] = min(one.due, moments.get(key, one.due))
    return moments


def _changes(
    audience: Audience,
    known: KnownSession,
    members: Sequence[Member],
    shown: Sequence[str],
    before: Invitations,
) -> Iterator[tuple[Member, bool]]:
    """Yield who needs an invitation to a session, and whether it is one that takes it out of their calendar."""
    session = known.session
    wanted = session.people if known.state in TO_COME and is_booked(audience.program, session) else ()
    for member in members:
        last = before.get((session.id, member.person))
        new = last is None or last.canceled or last.sequence < known.sequence
        if member.person in wanted and new and member.person not in audience.gone:
            yield member, False
    for person in shown:
        last = before[session.id, person]
        if person not in wanted and not last.canceled and person not in audience.gone:
            yield Member(person, last.role), True


def is_booked(program: Program, session: Session) -> bool:
    """Return whether a session is put into calendars, as its series says."""
    book: Book = next((one.book for one in program.series if one.name == session.series), "all")
    return booked_as(book, session.number) != ""
