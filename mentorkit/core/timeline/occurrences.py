"""When a step comes to pass for whom: anchors, offsets and expiry, each in the recipient's own zone.

A step is worth sending until 24:00 of the last day of its `expires`, counted from the day of its moment: `0 days` ends
that same day. Two things bend this: what announces a date or a session (an offset before it) is never sent after it,
and what belongs to a relationship comes on the day of its publication at the earliest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from attrs import field, frozen

from mentorkit.core.history import KnownRelationship
from mentorkit.core.moments import add_length
from mentorkit.core.program import MAIN_SERIES, Program, Step, When
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.audience import Addressee, Audience
from mentorkit.core.zones import day_end, to_local, to_utc

ONCE = "once"


@frozen
class Occurrence:
    """One occurrence of a step for one addressee and, where its anchor belongs to one, one relationship.

    Attributes:
        occurrence: `once`, or the session's id.
        due: in UTC, aware, like `expires`.
        zone: the addressee's.
    """

    step: Step
    occurrence: str
    addressee: Addressee
    relationship: str
    due: datetime
    expires: datetime
    zone: str


@frozen
class Reckoning:
    """The moments of one step, each day and zone worked out once."""

    step: Step
    known: dict[tuple[date, str, date | None, datetime | None], tuple[datetime, datetime]] = field(factory=dict)

    def moments(
        self, anchor: date, zone: str, published: date | None = None, begins: datetime | None = None
    ) -> tuple[datetime, datetime]:
        """Return the moment and the expiry for an anchor's day in a zone.

        Args:
            anchor: the local day the step hangs on.
            zone: the addressee's.
            published: the local day of the relationship's publication.
            begins: when the session begins that the step hangs on.
        """
        key = (anchor, zone, published, begins)
        if key not in self.known:
            self.known[key] = self._reckon(*key)
        return self.known[key]

    def _reckon(
        self, anchor: date, zone: str, published: date | None, begins: datetime | None
    ) -> tuple[datetime, datetime]:
        when = self.step.when
        day = add_length(anchor, when.offset)
        day = day if published is None else max(day, published)
        due = to_utc(datetime.combine(day, when.at), zone)
        expires = day_end(add_length(day, self.step.expires), zone)
        if begins is not None and (when.offset.amount < 0 or (when.offset.amount == 0 and due < begins)):
            expires = min(expires, begins)
        elif begins is None and when.offset.amount < 0:
            expires = min(expires, day_end(anchor, zone))
        return due, expires


def occurrences(audience: Audience, sessions: Sequence[Session], matched_at: datetime | None) -> Iterator[Occurrence]:
    """Yield every occurrence of every step, past and future, in the timeline's order.

    Args:
        audience: whom there is to write to.
        sessions: those that were or will be held.
        matched_at: when the matching was made; None before.
    """
    relationships = {known.relationship.id: known for known in audience.published}
    for step in audience.program.timeline:
        reckoning = Reckoning(step)
        if step.when.anchor == "session":
            for session in sessions:
                if session.relationship in relationships and _meant(step.when, session):
                    yield from _on_session(reckoning, audience, relationships[session.relationship], session)
        elif step.when.anchor in ("match", "relationship-midpoint", "relationship-end"):
            for known in audience.published:
                yield from _on_relationship(reckoning, audience, known)
            if step.when.anchor == "match" and matched_at is not None and "unmatched" in step.to:
                yield from _on_matching(reckoning, audience, matched_at)
        elif step.when.anchor == "column":
            yield from _on_column(reckoning, audience)
        else:
            yield from _on_program(reckoning, audience)


def program_day(program: Program, anchor: str) -> date | None:
    """Return the day of one of the program's own anchors; None where the program does not declare it."""
    days = {
        "opens": program.opens,
        "signup-closes": program.signup_closes,
        "start": program.starts,
        "midpoint": _halfway(program.starts, program.ends),
        "end": program.ends,
    }
    return days[anchor]


def _halfway(first: date, last: date) -> date:
    return first + timedelta(days=(last - first).days // 2)


def _meant(when: When, session: Session) -> bool:
    """Whether a step means this session: `session` any of any series, `session N` the N-th of the main series."""
    return when.session is None or (session.series == MAIN_SERIES and session.number == when.session)


def _on_program(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    day = program_day(audience.program, reckoning.step.when.anchor)
    if day is not None:
        for addressee in audience.of_program(reckoning.step.to):
            zone = audience.zone(addressee)
            yield Occurrence(reckoning.step, ONCE, addressee, "", *reckoning.moments(day, zone), zone)


def _on_column(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    """Yield what hangs on a date of the person; dates that lead outside of the program are not its business."""
    program = audience.program
    first = program.opens or program.starts
    for addressee in audience.of_program(reckoning.step.to):
        person = audience.roster.by_id.get(addressee.id) if addressee.kind == "person" else None
        value = person.values.get(reckoning.step.when.column) if person else None
        if isinstance(value, date) and first <= add_length(value, reckoning.step.when.offset) <= program.ends:
            zone = audience.zone(addressee)
            yield Occurrence(reckoning.step, ONCE, addressee, "", *reckoning.moments(value, zone), zone)


def _on_matching(reckoning: Reckoning, audience: Audience, matched_at: datetime) -> Iterator[Occurrence]:
    """Yield what tells people that the matching found nobody for them: they have no publication to hang it on."""
    for addressee in audience.of_program(["unmatched"]):
        zone = audience.zone(addressee)
        day = to_local(matched_at, zone).date()
        yield Occurrence(reckoning.step, ONCE, addressee, "", *reckoning.moments(day, zone), zone)


def _on_relationship(reckoning: Reckoning, audience: Audience, known: KnownRelationship) -> Iterator[Occurrence]:
    relationship = known.relationship
    for addressee in audience.of_relationship(reckoning.step.to, relationship.members):
        zone = audience.zone(addressee)
        published = _published(known, zone)
        day = _relationship_day(audience.program, known, reckoning.step.when, published)
        moments = reckoning.moments(day, zone, published)
        yield Occurrence(reckoning.step, ONCE, addressee, relationship.id, *moments, zone)


def _relationship_day(program: Program, known: KnownRelationship, when: When, published: date) -> date:
    if when.anchor == "match":
        return published
    if when.anchor == "relationship-end":
        return program.ends
    return _halfway(max(program.starts, _published(known, program.timezone)), program.ends)


def _published(known: KnownRelationship, zone: str) -> date:
    if known.published_at is None:
        raise ValueError(f"relationship {known.relationship.id} is not published")
    return to_local(known.published_at, zone).date()


def _on_session(
    reckoning: Reckoning, audience: Audience, known: KnownRelationship, session: Session
) -> Iterator[Occurrence]:
    members = [member for member in known.relationship.members if member.person in session.people]
    for addressee in audience.of_relationship(reckoning.step.to, members):
        zone = audience.zone(addressee)
        day = to_local(session.starts, zone).date()
        moments = reckoning.moments(day, zone, _published(known, zone), session.starts)
        yield Occurrence(reckoning.step, session.id, addressee, session.relationship, *moments, zone)
