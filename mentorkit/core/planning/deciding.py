"""What a run would do at one moment: match if it is time, give sessions times, lay out the timeline, omit the past.

Everything that is decided is decided here; running adds nothing. What the ledger knows already is never planned again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time

from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.history import RESERVED, History, KnownRelationship, KnownSession
from mentorkit.core.matching.solving import match
from mentorkit.core.plan import Newcomer, Plan, Waiting
from mentorkit.core.planning.sorting_out import sort_out
from mentorkit.core.program import Program
from mentorkit.core.relationships import Matching
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import working_hours
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.sessions import Schedule, Session
from mentorkit.core.standing import standing
from mentorkit.core.timeline.laying_out import Calendar, Sent, grouped, occurring
from mentorkit.core.timeline.occurrences import Occurrence
from mentorkit.core.zones import day_end, to_local, to_utc, tzdata_version


@frozen
class PlanResult:
    """A plan and what there is to say about it.

    Attributes:
        missing: ids of participants the ledger knows who are not in the roster, in order of their running numbers.
        missing_share: how large a part of the participants known they are, 0 to 1.
        history: what the ledger knows, after everything that the plan learned.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[str, ...] = ()
    missing_share: float = 0.0
    history: History = field(factory=History)


@frozen
class Matched:
    """What became of matching at this moment; without a matching, none was due."""

    matching: Matching | None = None
    occasions: tuple[str, ...] = ()
    provisional: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@frozen
class Foreseen:
    """What a provisional matching would bring if sign-up ended with the people there are now.

    Attributes:
        occurrences: of the whole timeline.
        closes: when sign-up closes, UTC, aware.
    """

    schedule: Schedule = field(factory=Schedule)
    occurrences: tuple[Occurrence, ...] = ()
    closes: datetime | None = None


def make_plan(program: Program, roster: Roster, catalogue: Catalogue, history: History, at: datetime) -> PlanResult:
    """Return what a run does at `at` (aware) and what comes later.

    The matching is made in the first run after sign-up has closed, or in the first run of a program without a
    sign-up, and never twice; while sign-up is open it is a preview.

    Raises:
        ProgramError: program and roster do not fit each other, see `matching.match`.
        InternalError: a matcher's result fails its certificate.
    """
    at = at.astimezone(UTC)
    roles = catalogue.models[program.model.use.name].implementation.roles
    matched = _match(program, roster, catalogue, history, at)
    published = _publication(program, history, at)
    gone = standing(roster, history, to_local(at, program.timezone).date()).left
    settled = matched if not matched.provisional else Matched()
    times = _schedule(program, roster, roles, history, settled, published)
    occurrences = occurring(program, roster, roles, _calendar(history, settled, times, published, gone))
    newcomers = _newcomers(roster, history, occurrences)
    numbers = {**history.numbers, **{one.id: one.number for one in newcomers}}
    sent = Sent(history.deliveries, history.transmissions)
    parts = sort_out(roster, history, grouped(occurrences, numbers, sent), at)
    foreseen = _foresee(program, roster, roles, history, matched, gone) if matched.provisional else Foreseen()
    plan = Plan(
        at=at,
        program=program.id,
        digest=_digest(program, roster, history, at),
        ledger_id=history.ledger_id,
        mark=history.mark,
        newcomers=newcomers,
        matching=matched.matching,
        occasions=matched.occasions,
        provisional=matched.provisional,
        published=published,
        schedule=times,
        due=parts.due,
        waiting=_waiting(history, gone, at),
        expired=parts.expired,
        held=parts.held,
        later=_with_foreseen(parts.later, foreseen, history, numbers, sent),
        preview=foreseen.schedule,
    )
    expected = _expected(history, gone)
    missing = tuple(one for one in expected if one not in roster.by_id)
    share = len(missing) / len(expected) if expected else 0.0
    return PlanResult(plan, matched.diagnostics + _unreadable_hours(roster, matched), missing, share, history)


def _waiting(history: History, gone: Collection[str], at: datetime) -> tuple[Waiting, ...]:
    """Return what interrupted or refused runs left to send, by (due, key); who has left gets nothing of it."""
    left = {history.numbers[one] for one in gone if one in history.numbers}
    open_ones = [
        one
        for one in history.transmissions.values()
        if one.state in ("due", "claimed", "deferred")
        and (one.not_before is None or one.not_before <= at)
        and one.number not in left
    ]
    return tuple(
        Waiting(one.key, one.step, one.number) for one in sorted(open_ones, key=lambda one: (one.due, one.key))
    )


def _match(program: Program, roster: Roster, catalogue: Catalogue, history: History, at: datetime) -> Matched:
    if history.occasions:
        return Matched()
    if at >= day_end(program.ends, program.timezone):
        said = f"the program ended on {program.ends} and was never matched; nobody is matched now"
        return Matched(diagnostics=(warning("program-over", said, path="program.starts"),))
    outcome = match(program, roster, catalogue, history, on=to_local(at, program.timezone).date())
    closes = program.signup_closes
    provisional = closes is not None and at < day_end(closes, program.timezone)
    return Matched(outcome.matching, () if provisional else outcome.occasions, provisional, outcome.diagnostics)


def _publication(program: Program, history: History, at: datetime) -> datetime:
    """Return the moment from which relationships made now count as published.

    That is now, but for a new ledger in the place of one that was lost: what it publishes was announced and begun
    before, so it counts from the beginning of the program, and nothing of that goes out again.
    """
    if history.assume_sent_until is None or history.relationships:
        return at
    begins = to_utc(datetime.combine(program.starts, time()), program.timezone)
    return min(at, history.assume_sent_until, begins)


def _schedule(
    program: Program, roster: Roster, roles: tuple[Role, ...], history: History, matched: Matched, at: datetime
) -> Schedule:
    if matched.matching is None:
        return Schedule()
    new = [(relationship, at) for relationship in matched.matching.relationships]
    return schedule(program, roster, roles, new, _standing(history))


def _foresee(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    history: History,
    matched: Matched,
    gone: frozenset[str],
) -> Foreseen:
    """Return what comes of a provisional matching that is published when sign-up closes; none of it is recorded."""
    closes = day_end(program.signup_closes or program.starts, program.timezone)
    schedule = _schedule(program, roster, roles, history, matched, closes)
    occurrences = occurring(program, roster, roles, _calendar(history, matched, schedule, closes, gone))
    return Foreseen(schedule, occurrences, closes)


def _with_foreseen(
    later: tuple[Transmission, ...], foreseen: Foreseen, history: History, numbers: Mapping[str, int], sent: Sent
) -> tuple[Transmission, ...]:
    """Return what comes later: until sign-up closes as it is known, from then on as it is foreseen."""
    if foreseen.closes is None:
        return later
    keys = dict.fromkeys(one.addressee.number_key for one in foreseen.occurrences)
    new = [key for key in keys if key not in numbers]
    first = max(numbers.values(), default=0) + 1
    everybody = {**numbers, **{key: number for number, key in enumerate(new, first)}}
    adopted = history.assume_sent_until
    after = [
        one
        for one in grouped(foreseen.occurrences, everybody, sent)
        if one.due >= foreseen.closes and (adopted is None or one.due > adopted)
    ]
    return (*(one for one in later if one.due < foreseen.closes), *after)


def _standing(history: History) -> list[Session]:
    return [known.session for known in history.sessions if known.state != "canceled"]


def _calendar(history: History, matched: Matched, times: Schedule, at: datetime, gone: frozenset[str]) -> Calendar:
    """Return what is known after this moment: the history and what is published now."""
    settled = min(history.occasions.values(), default=None)
    if matched.matching is None:
        return Calendar(history.relationships, history.sessions, settled, gone)
    new = tuple(KnownRelationship(one, "published", at) for one in matched.matching.relationships)
    sessions = tuple(KnownSession(session) for session in times.sessions)
    return Calendar(history.relationships + new, history.sessions + sessions, settled or at, gone)


def _newcomers(roster: Roster, history: History, occurrences: Iterable[Occurrence]) -> tuple[Newcomer, ...]:
    """Return who takes part or receives something and has no number: people in roster order, then contacts."""
    receiving = {one.addressee.number_key: one.addressee for one in occurrences}
    people = [one.id for one in roster.people if one.roles or one.id in receiving]
    contacts = sorted(key for key, addressee in receiving.items() if addressee.kind == "contact")
    new = [key for key in people + contacts if key not in history.numbers]
    first = max(history.numbers.values(), default=0) + 1
    return tuple(Newcomer(number, key) for number, key in enumerate(new, first))


def _expected(history: History, gone: frozenset[str]) -> list[str]:
    """Return the people who should be in the roster, by running number.

    These are the members of published relationships and everybody else the ledger has seen, but for those who have
    left and those whose relationships have all ended.
    """
    members = {person for known in history.published for person in known.relationship.people()}
    ended = {p for known in history.relationships if known.state == "ended" for p in known.relationship.people()}
    away = gone | (ended - members)
    people = [one for one in history.numbers if not one.startswith(RESERVED) and one not in away]
    return sorted(people, key=lambda one: history.numbers[one])


def _unreadable_hours(roster: Roster, matched: Matched) -> tuple[Diagnostic, ...]:
    """Return a warning for working hours that scheduling could not use, when there is something to schedule."""
    if matched.matching is None or "working_hours" not in roster.columns:
        return ()
    bad = [one for one in roster.participants if one.text("working_hours") and working_hours(one) is None]
    if not bad:
        return ()
    first = bad[0]
    others = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    return (
        warning(
            "working-hours-unreadable",
            f'the working hours "{first.text("working_hours")}" of {first.id} (line {first.line}){others} say no hours '
            "and are not used",
            help='write "09:00-15:00" in the column working_hours',
        ),
    )


def _digest(program: Program, roster: Roster, history: History, at: datetime) -> str:
    words = (
        program.id,
        program.digest,
        roster.digest,
        history.ledger_id,
        history.mark,
        at.isoformat(),
        tzdata_version(),
    )
    return hashlib.sha256("\x1f".join(map(str, words)).encode()).hexdigest()
