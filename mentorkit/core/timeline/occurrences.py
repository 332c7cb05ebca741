"""When a step comes to pass for whom: what it hangs on and for how long, each in the recipient's own zone.

Moments and expiry come from `reckoning`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from attrs import define

from mentorkit.core.acceptance import last_day_to_answer
from mentorkit.core.history import KnownRelationship, KnownSession
from mentorkit.core.moments import add_length
from mentorkit.core.phases import last_day
from mentorkit.core.program import MAIN_SERIES, Program, Step, When
from mentorkit.core.timeline.asking import ended_early
from mentorkit.core.timeline.audience import UNMATCHED, WITHOUT_A_PARTNER, Addressee, Audience
from mentorkit.core.timeline.comings_and_goings import Change, by_joining, joinings, leavings
from mentorkit.core.timeline.left_out import LaterMatching
from mentorkit.core.timeline.occurrence_ids import ONCE, occasion_key, occurrence_id
from mentorkit.core.timeline.reckoning import Anchored, Reckoning
from mentorkit.core.zones import local_day, to_local

_OF_RELATIONSHIP = ("match", "relationship-midpoint", "relationship-end")
_LONGEST_AFTER = timedelta(days=366)
"""Nothing is repeated longer than this after the program's end."""


@define(unsafe_hash=True)
class Occurrence:
    """One occurrence of a step for one addressee and, where its anchor belongs to one, one relationship.

    Nobody changes one; it is not frozen because that would triple the time that it takes to make millions of them.

    Attributes:
        occurrence: see `occurrence_ids`.
        due: in UTC, aware, like `expires`.
        zone: the addressee's.
        session: id of the session it hangs on, or "".
        request: key of the request it hangs on, or "".
    """

    step: Step
    occurrence: str
    addressee: Addressee
    relationship: str
    due: datetime
    expires: datetime
    zone: str
    session: str = ""
    request: str = ""


def occurrences(
    audience: Audience,
    sessions: Sequence[KnownSession],
    matched_at: datetime | None,
    later: Sequence[LaterMatching] = (),
) -> Iterator[Occurrence]:
    """Yield every occurrence of every step, past and future, in the timeline's order.

    Args:
        audience: whom there is to write to.
        sessions: those that were or will be held.
        matched_at: when the first matching was made; None before.
        later: the rounds and intakes after it.
    """
    meeting = _Meeting(audience, sessions)
    for step in audience.program.timeline:
        reckoning = Reckoning(step)
        if step.when.anchor == "session":
            for known, held in meeting.meant(step.when):
                yield from _on_session(reckoning, audience, known, held)
        elif step.when.anchor in ("match", "relationship-midpoint", "relationship-end"):
            yield from _on_relationships(reckoning, audience)
            if step.when.anchor == "match":
                yield from _on_matchings(reckoning, audience, matched_at, later)
        elif step.when.anchor in ("member-leaves", "member-joins", "ask"):
            yield from _on_people_of(reckoning, audience)
        elif step.when.anchor == "request":
            yield from _on_requests(reckoning, audience)
        elif step.when.anchor == "column":
            yield from _on_column(reckoning, audience)
        else:
            yield from _on_program(reckoning, audience)


class _Meeting:
    """The sessions of relationships that people hear of, parted once by what steps mean."""

    def __init__(self, audience: Audience, sessions: Sequence[KnownSession]) -> None:
        completed = (known for known in audience.ended if known.completed)
        theirs = {known.relationship.id: known for known in (*audience.published, *completed)}
        self._all = [(theirs[one.session.relationship], one) for one in sessions if one.session.relationship in theirs]
        self._main: defaultdict[int, list[tuple[KnownRelationship, KnownSession]]] = defaultdict(list)
        for known, held in self._all:
            if held.session.series == MAIN_SERIES:
                self._main[held.session.number].append((known, held))

    def meant(self, when: When) -> Sequence[tuple[KnownRelationship, KnownSession]]:
        """Return what a step means: `session` any of any series, `session N` the N-th of the main series."""
        return self._all if when.session is None else self._main.get(when.session, ())


def _on_people_of(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    """Yield what hangs on what people of relationships to be are asked, or on the coming and going of one of them."""
    if reckoning.step.when.anchor == "ask":
        for asked in audience.asked:
            yield from _on_asking(reckoning, audience, asked)
        return
    leaving = reckoning.step.when.anchor == "member-leaves"
    for known in audience.published:
        for change in leavings(known, audience.departures) if leaving else joinings(known):
            yield from _on_change(reckoning, audience, known, change)


def _on_matchings(
    reckoning: Reckoning, audience: Audience, matched_at: datetime | None, later: Sequence[LaterMatching]
) -> Iterator[Occurrence]:
    """Yield what tells people that a matching found nobody for them; later ones tell only the served side."""
    if matched_at is not None:
        yield from _on_matching(reckoning, audience, matched_at)
    if UNMATCHED in reckoning.step.to:
        for matching in later:
            yield from _on_later_matching(reckoning, audience, matching)


def _on_relationships(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    when = reckoning.step.when
    for relationship in audience.published:
        yield from _on_relationship(reckoning, audience, relationship)
    if when.anchor == "relationship-end" and when.offset.amount >= 0:
        for relationship in audience.ended:
            yield from _on_relationship(reckoning, audience, relationship)


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


def _each(
    reckoning: Reckoning,
    audience: Audience,
    addressee: Addressee,
    zone: str,
    anchored: Anchored,
    relationship: str = "",
) -> Iterator[Occurrence]:
    """Yield the occurrences of a step for one addressee."""
    for number, due, expires in reckoning.moments(anchored, zone, audience.working_days(addressee)):
        yield Occurrence(reckoning.step, occurrence_id(ONCE, 0, number), addressee, relationship, due, expires, zone)


def _last_day(
    audience: Audience, step: Step, known: KnownRelationship | None, published: date | None
) -> tuple[date, bool]:
    """Return the last day of a step's repetition, and whether it bounds the first occurrence, too."""
    program, until = audience.program, step.until
    if until is None:
        return program.ends if known is None else last_day(program, known.relationship), False
    day: date | None = until.day
    if day is None and known is not None and published is not None and until.anchor in _OF_RELATIONSHIP:
        day = _relationship_day(program, known, until, published)
    elif day is None:
        day = program_day(program, until.anchor)
    last = add_length(day or program.ends, until.offset)
    return min(last, program.ends + _LONGEST_AFTER), True


def _on_program(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    day = program_day(audience.program, reckoning.step.when.anchor)
    if day is not None:
        anchored = Anchored(day, *_last_day(audience, reckoning.step, None, None))
        for addressee in audience.of_program(reckoning.step.to):
            yield from _each(reckoning, audience, addressee, audience.zone(addressee), anchored)


def _on_column(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    """Yield what hangs on a date of the person; dates that lead outside of the program are not its business."""
    program, when = audience.program, reckoning.step.when
    first = program.opens or program.starts
    last = _last_day(audience, reckoning.step, None, None)
    for addressee in audience.of_program(reckoning.step.to):
        person = audience.roster.by_id.get(addressee.id) if addressee.kind == "person" else None
        value = person.values.get(when.column) if person else None
        if not isinstance(value, date):
            continue
        try:
            day = add_length(value, when.offset, audience.working_days(addressee))
        except OverflowError:  # 31 December 9999, which some systems write for never
            continue
        if first <= day <= program.ends:
            yield from _each(reckoning, audience, addressee, audience.zone(addressee), Anchored(value, *last))


def _on_matching(reckoning: Reckoning, audience: Audience, matched_at: datetime) -> Iterator[Occurrence]:
    """Yield what tells people that the matching found nobody for them: they have no publication to hang it on.

    Those who come after it hear it when they come, those whose proposal came to nothing when it did.
    """
    for addressee in audience.of_program([group for group in reckoning.step.to if group in WITHOUT_A_PARTNER]):
        zone = audience.zone(addressee)
        day = to_local(audience.waits_since(addressee.id, matched_at), zone).date()
        yield from _each(
            reckoning, audience, addressee, zone, Anchored(day, *_last_day_without(audience, reckoning.step))
        )


def _on_later_matching(reckoning: Reckoning, audience: Audience, matching: LaterMatching) -> Iterator[Occurrence]:
    """Yield what tells people that a round or an intake found nobody for them: its key is in theirs."""
    for addressee in audience.passed_over(matching):
        zone = audience.zone(addressee)
        freed = audience.freed.get(addressee.id)
        since = freed if freed is not None and matching.at <= freed < matching.until else matching.at
        anchored = Anchored(to_local(since, zone).date(), *_last_day_without(audience, reckoning.step))
        for number, due, expires in reckoning.moments(anchored, zone, audience.working_days(addressee)):
            name = occurrence_id(occasion_key(matching.key), 0, number)
            yield Occurrence(reckoning.step, name, addressee, "", due, expires, zone)


def _last_day_without(audience: Audience, step: Step) -> tuple[date, bool]:
    """Return the last day of repetition for who has no relationship, and whether it bounds the first one, too."""
    if step.until is not None and step.until.anchor in _OF_RELATIONSHIP:
        return audience.program.ends, False
    return _last_day(audience, step, None, None)


def _on_relationship(reckoning: Reckoning, audience: Audience, known: KnownRelationship) -> Iterator[Occurrence]:
    if known.own_days:
        yield from _on_people_with_their_own_days(reckoning, audience, known)
        return
    step, relationship = reckoning.step, known.relationship
    for addressee, place in audience.reached(step.to, relationship):
        ending = None if known.state == "published" else relationship.id  # when it ended is its own affair
        key = (known.published_at, relationship.until, place, ending)
        moments = reckoning.alike.get(key)
        if moments is None:
            published = _published(known, place.zone)
            day = _relationship_day(audience.program, known, step.when, published, place.zone)
            anchored = Anchored(day, *_last_day(audience, step, known, published), published=published)
            moments = reckoning.alike[key] = reckoning.moments(anchored, place.zone, place.week)
        for number, due, expires in moments:
            yield Occurrence(step, occurrence_id(ONCE, 0, number), addressee, relationship.id, due, expires, place.zone)


def _on_people_with_their_own_days(
    reckoning: Reckoning, audience: Audience, known: KnownRelationship
) -> Iterator[Occurrence]:
    """Yield what hangs on a relationship's own days: for who has joined it since, from then on.

    Who gets it because of somebody who was there before gets it once, whoever has joined since.
    """
    told: set[Addressee] = set()
    for joined, members in by_joining(known):
        addressees = [one for one in audience.of_relationship(reckoning.step.to, members) if one not in told]
        told.update(addressees)
        for addressee in addressees:
            yield from _from_joining_on(reckoning, audience, known, addressee, joined)


def _from_joining_on(
    reckoning: Reckoning, audience: Audience, known: KnownRelationship, addressee: Addressee, joined: datetime | None
) -> Iterator[Occurrence]:
    """Yield what hangs on a relationship's own days for one addressee; what was before they came is not theirs."""
    zone = audience.zone(addressee)
    published = _published(known, zone) if joined is None else to_local(joined, zone).date()
    day = _relationship_day(audience.program, known, reckoning.step.when, published, zone)
    anchored = Anchored(day, *_last_day(audience, reckoning.step, known, published), published=published)
    first = add_length(day, reckoning.step.when.offset, audience.working_days(addressee))
    for one in _each(reckoning, audience, addressee, zone, anchored, known.relationship.id):
        if joined is None or first >= published or one.occurrence != ONCE:
            yield one


def _on_change(
    reckoning: Reckoning, audience: Audience, known: KnownRelationship, change: Change
) -> Iterator[Occurrence]:
    """Yield what tells those who were there before that somebody has left or joined a relationship that goes on."""
    for addressee in audience.of_relationship(reckoning.step.to, change.there_before):
        zone = audience.zone(addressee)
        published, day = _published(known, zone), to_local(change.at, zone).date()
        anchored = Anchored(day, *_last_day(audience, reckoning.step, known, published), published=published)
        for number, due, expires in reckoning.moments(anchored, zone, audience.working_days(addressee)):
            name = occurrence_id(change.key, 0, number)
            yield Occurrence(reckoning.step, name, addressee, known.relationship.id, due, expires, zone)


def _on_asking(reckoning: Reckoning, audience: Audience, known: KnownRelationship) -> Iterator[Occurrence]:
    """Yield what goes to those who are asked and have not answered, and to contacts, for as long as they can."""
    asking = audience.program.model.asking
    for addressee in audience.of_relationship(reckoning.step.to, audience.yet_to_answer(known)):
        zone = audience.zone(addressee)
        last = last_day_to_answer(asking, known, zone) if asking else None
        if known.asked_at is not None and last is not None:
            day = to_local(known.asked_at, zone).date()
            anchored = Anchored(day, min(last, _last_day(audience, reckoning.step, None, None)[0]), True, day)
            yield from _each(reckoning, audience, addressee, zone, anchored, known.relationship.id)


def _on_requests(reckoning: Reckoning, audience: Audience) -> Iterator[Occurrence]:
    """Yield what hangs on each request: for who asked, in the roles in which they are served, and for contacts."""
    last = _last_day(audience, reckoning.step, None, None)
    for request in audience.requests:
        for addressee in audience.of_relationship(reckoning.step.to, audience.who_asked(request.event.person)):
            zone = audience.zone(addressee)
            day = to_local(request.event.at, zone).date()
            if add_length(day, reckoning.step.when.offset, audience.working_days(addressee)) <= audience.program.ends:
                anchored = Anchored(day, *last)
                for number, due, expires in reckoning.moments(anchored, zone, audience.working_days(addressee)):
                    name = occurrence_id(request.key, 0, number)
                    yield Occurrence(reckoning.step, name, addressee, "", due, expires, zone, "", request.key)


def _relationship_day(
    program: Program, known: KnownRelationship, when: When, published: date, zone: str | None = None
) -> date:
    if when.anchor == "match":
        return published
    if when.anchor == "relationship-end":
        noted = known.end_noted or known.ended_at
        early = zone is not None and noted is not None and ended_early(program, known)
        return to_local(noted, zone).date() if early and noted and zone else last_day(program, known.relationship)
    first = max(program.starts, _published(known, program.timezone))
    return _halfway(first, max(first, last_day(program, known.relationship)))


def _published(known: KnownRelationship, zone: str) -> date:
    if known.published_at is None:
        raise ValueError(f"relationship {known.relationship.id} is not published")
    return local_day(known.published_at, zone)


def _on_session(
    reckoning: Reckoning, audience: Audience, known: KnownRelationship, held: KnownSession
) -> Iterator[Occurrence]:
    step, session, relationship = reckoning.step, held.session, known.relationship
    for addressee, place in audience.reached(step.to, relationship, session.people):
        joined = known.joined(addressee.id) if known.own_days and addressee.kind == "person" else None
        key = (session.starts, known.published_at, joined, relationship.until, place)
        moments = reckoning.alike.get(key)
        if moments is None:
            published = _published(known, place.zone) if joined is None else local_day(joined, place.zone)
            last = _last_day(audience, step, known, published)
            day = local_day(session.starts, place.zone)
            anchored = Anchored(day, *last, published=published, begins=session.starts)
            moments = reckoning.alike[key] = reckoning.moments(anchored, place.zone, place.week)
        for number, due, expires in moments:
            name = occurrence_id(session.id, held.moves, number)
            yield Occurrence(step, name, addressee, session.relationship, due, expires, place.zone, session.id)
