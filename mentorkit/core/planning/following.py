"""What follows from a matching: sessions at real times, what the timeline hangs on, and what is foreseen of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from attrs import evolve, field, frozen

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession, numbered
from mentorkit.core.learning import applied
from mentorkit.core.matching.rounds import round_of
from mentorkit.core.outlook import Outlook
from mentorkit.core.planning.matching_now import Matched
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.scheduling.resettling import Resettled
from mentorkit.core.sessions import Schedule, Session
from mentorkit.core.timeline.inviting import invitations_before
from mentorkit.core.timeline.laying_out import Calendar, Sent, occurring
from mentorkit.core.timeline.occurrences import Occurrence
from mentorkit.core.timeline.to_come import minutes
from mentorkit.core.zones import day_end, to_local, to_utc


@frozen
class Foreseen:
    """What a matching that is not published yet would bring if it were, with the people there are now.

    Attributes:
        occurrences: of the whole timeline.
        published: when it would be, UTC, aware; None: nothing is foreseen.
    """

    schedule: Schedule = field(factory=Schedule)
    occurrences: tuple[Occurrence, ...] = ()
    published: datetime | None = None


def publication_moment(program: Program, history: History, at: datetime) -> datetime:
    """Return the moment from which relationships made at `at` count as published.

    That is `at`, but for a new ledger in the place of one that was lost: what it publishes was announced and begun
    before, so it counts from the beginning of the program or of the round that goes on, and nothing of that goes out
    again. What people asked for is found now, whoever was found for it before.
    """
    if history.assume_sent_until is None or history.relationships or program.model.request_days is not None:
        return at
    current = round_of(program, "", to_local(at, program.timezone).date())
    begins = to_utc(datetime.combine(current.on if current else program.starts, time()), program.timezone)
    return min(at, history.assume_sent_until, begins)


def lay_out(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    history: History,
    matched: Matched,
    published: datetime,
    resettled: Resettled | None = None,
) -> Schedule:
    """Return sessions for the relationships that are published now, beside those that changed session keys add."""
    more = resettled or Resettled()
    if not matched.publishing:
        return Schedule(more.added, more.unplaced)
    taken = [*_standing(history), *more.added]
    new = [(relationship, published) for relationship in matched.publishing]
    found = schedule(program, roster, roles, new, taken)
    sessions = sorted((*more.added, *found.sessions), key=lambda one: (one.starts, one.id))
    return Schedule(tuple(sessions), more.unplaced + found.unplaced)


def foresee(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    history: History,
    matched: Matched,
    gone: frozenset[str],
    at: datetime,
) -> Foreseen:
    """Return what comes of a matching that is not published yet; none of it is recorded.

    A preview counts as published when sign-up closes, a proposal as published now; where people are asked first, that
    is when they are.
    """
    if not (matched.provisional or matched.proposing):
        return Foreseen()
    history = applied(history, matched.broken)
    closes = program.signup_closes
    published = day_end(closes, program.timezone) if matched.provisional and closes else at
    as_if = evolve(matched, proposing=False, provisional=False, asking=program.model.asking is not None)
    schedule = lay_out(program, roster, roles, history, as_if, published)
    calendar = calendar_after(history, as_if, schedule, published, gone, at)
    accepted = {one.id for one in matched.accepted}  # what is published anyway is not foreseen
    sessions = tuple(one for one in schedule.sessions if one.relationship not in accepted)
    unplaced = tuple(one for one in schedule.unplaced if one.relationship not in accepted)
    return Foreseen(Schedule(sessions, unplaced), occurring(program, roster, roles, calendar), published)


def with_foreseen(
    later: Outlook, foreseen: Foreseen, history: History, numbers: Mapping[str, int], sent: Sent
) -> Outlook:
    """Return what comes later: until the publication as it is known, from then on as it is foreseen."""
    begins = foreseen.published
    if begins is None:
        return later
    keys = dict.fromkeys(one.addressee.number_key for one in foreseen.occurrences)
    new = [key for key in keys if key not in numbers]
    everybody = {**numbers, **numbered(new, numbers.values())}
    adopted = history.assume_sent_until
    after = (one for one in foreseen.occurrences if one.due >= begins and (adopted is None or one.due > adopted))
    return Outlook((*later.before(begins).batches, *minutes(after, everybody, sent)))


def _standing(history: History) -> list[Session]:
    return [known.session for known in history.sessions if known.state != "canceled"]


def calendar_after(
    history: History, matched: Matched, times: Schedule, published: datetime, gone: frozenset[str], at: datetime
) -> Calendar:
    """Return what is known after this moment: the history and what is published now."""
    settled = min(history.occasions.values(), default=None)
    made = matched.matching.relationships if matched.matching else ()
    ids = {one.id for one in (*made, *matched.accepted)} | {*matched.withdrawn}
    earlier = tuple(known for known in history.relationships if known.relationship.id not in ids)
    asked = {known.relationship.id: known.asked_at for known in history.asked}
    now = tuple(
        KnownRelationship(one, "published", published, asked_at=asked.get(one.id)) for one in matched.publishing
    )
    asked_now = max(published, at) if matched.asking else None  # a new ledger cannot tell who was asked before
    waiting = () if not (matched.proposing or matched.asking) else made
    new = now + tuple(KnownRelationship(one, "proposed", asked_at=asked_now) for one in waiting)
    if settled is None and matched.matching is not None and not matched.proposing:
        settled = published
    return Calendar(
        relationships=earlier + new,
        sessions=history.sessions + tuple(KnownSession(session) for session in times.sessions),
        matched_at=settled,
        gone=gone,
        events=history.events,
        seen=history.seen,
        invited=invitations_before(history.deliveries, history.numbers),
        at=at,
        occasions={**dict.fromkeys(matched.occasions, published), **history.occasions},
    )
