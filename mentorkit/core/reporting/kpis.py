"""Count what KPIs are made of, and measure the declared ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Catalogue, Offer
from mentorkit.core.contracts import Kpi, KpiFacts, Measure, Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.learning.known import own_words
from mentorkit.core.program import KpiUse, Program
from mentorkit.core.reporting.activity import is_over
from mentorkit.core.reporting.figures import KpiFigures
from mentorkit.core.reporting.lives import cadence_days, heard_of, relationship_facts, started
from mentorkit.core.reporting.requested import request_facts
from mentorkit.core.reporting.surveys import Answered, answer_facts
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local, to_utc


def people_in(role: Role, relationships: Iterable[KnownRelationship], roster: Roster) -> int:
    """Return how many participants with this role are in at least one of the relationships, or were at its end."""
    inside = {person for known in relationships for person in known.relationship.people(role.name)}
    return sum(person.id in inside for person in roster.in_role(role.name))


def people_ever_in(role: Role, history: History, roster: Roster) -> int:
    """Return how many participants with this role are or were in a published relationship."""
    inside = {one.person for known in started(history) for one in known.everybody if one.role == role.name}
    return sum(person.id in inside for person in roster.in_role(role.name))


def kpi_facts(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    history: History,
    at: datetime,
    answers: tuple[Answered, ...] = (),
) -> KpiFacts:
    """Return the counts as of `at` (UTC, aware)."""
    heard, related = heard_of(roster, history)
    eligible = [person for person in roster.people if person.eligible]
    over = [known for known in history.sessions if known.state != "canceled" and is_over(known, at)]
    end = day_end(program.ends, program.timezone)
    there = _there(history, over)
    return KpiFacts(
        participants={role.name: len(roster.in_role(role.name)) for role in roles},
        matched={role.name: people_ever_in(role, history, roster) for role in roles},
        active={role.name: people_in(role, _lasting(history, end, at), roster) for role in roles},
        served_roles=tuple(role.name for role in roles if role.served),
        offering_roles=tuple(role.name for role in roles if not role.served),
        relationships_started=len(started(history)),
        relationships_ended_early=sum(
            known.ended_at is not None and known.ended_at < end and not known.completed for known in started(history)
        ),
        sessions_planned_so_far=len(over),
        sessions_held=sum(known.state == "held" for known in over),
        sessions_reported=sum(known.state in ("held", "missed") for known in over),
        days_to_match=_days_to_match(program, roles, roster, history),
        days_to_first_session=_days_to_first_session(program, history, over),
        eligible=len(eligible),
        signed_up=sum(bool(person.roles) for person in eligible),
        related=related,
        heard=heard,
        weeks=(program.ends - program.starts).days // 7,
        cadence_days=cadence_days(program),
        relationships=relationship_facts(program, history, at),
        questions=answer_facts(answers),
        attendances_told=len(there),
        attendances=sum(there),
        requests=request_facts(program, history),
    )


def _there(history: History, over: Sequence[KnownSession]) -> list[bool]:
    """Return of everybody who said so, session by session that was held, whether they were there."""
    words = own_words(history.events)
    return [
        words[known.session.id][person][2] == "met"
        for known in over
        if known.state == "held"
        for person in known.session.people
        if person in words.get(known.session.id, {})
    ]


def _days_to_match(program: Program, roles: Sequence[Role], roster: Roster, history: History) -> tuple[int, ...]:
    served = {(person.id, role.name) for role in roles if role.served for person in roster.in_role(role.name)}
    first: dict[str, datetime] = {}
    for known in started(history):
        for one in known.memberships:
            began, person = one.joined or known.published_at, one.member.person
            if began and (person, one.member.role) in served:
                first[person] = min(began, first.get(person, began))
    closed = day_end(program.signup_closes, program.timezone) if program.signup_closes else None
    seen = [(history.seen[person], moment) for person, moment in sorted(first.items()) if person in history.seen]
    return tuple(_days(max(early, closed or early), late, program.timezone) for early, late in seen)


def _lasting(history: History, end: datetime, at: datetime) -> tuple[KnownRelationship, ...]:
    """Return relationships that go on, and once the program is over those that lasted to its end or their own."""

    def lasts(known: KnownRelationship) -> bool:
        to_the_end = known.ended_at is not None and known.ended_at >= end
        return known.state != "ended" or to_the_end or (known.completed and at >= end)

    return tuple(known for known in started(history) if lasts(known))


def _days_to_first_session(program: Program, history: History, over: Sequence[KnownSession]) -> tuple[int, ...]:
    """Return days from match or start to the first session that was not missed, as far as anybody said so."""
    first: dict[str, datetime] = {}
    for known in over:
        relationship, starts = known.session.relationship, known.session.starts
        if known.state != "missed":
            first[relationship] = min(starts, first.get(relationship, starts))
    start = to_utc(datetime.combine(program.starts, time()), program.timezone)
    return tuple(
        _days(max(known.published_at, start), first[known.relationship.id], program.timezone)
        for known in started(history)
        if known.published_at and known.relationship.id in first
    )


def _days(early: datetime, late: datetime, zone: str) -> int:
    return max(0, (to_local(late, zone).date() - to_local(early, zone).date()).days)


def measure_kpis(program: Program, catalogue: Catalogue, facts: KpiFacts, judge: bool = True) -> tuple[KpiFigures, ...]:
    """Return the program's KPIs in its order, measured on these counts; without `judge`, no target is met or missed."""
    texts = {(step.name, one.id): one.text for step in program.timeline for one in step.questions}
    return tuple(_measured(use, catalogue.kpis[use.kind], facts, judge, texts) for use in program.kpis)


def _measured(
    use: KpiUse, offer: Offer[Kpi], facts: KpiFacts, judge: bool, texts: Mapping[tuple[str, str], str]
) -> KpiFigures:
    kpi = offer.implementation
    what = f'the KPI "{use.name}"'
    with blaming(offer.origin, what):
        measure = expected(kpi.measure(use.options, facts), Measure, offer.origin, what)
    return KpiFigures(
        name=use.name,
        summary=kpi.summary,
        unit=kpi.unit,
        numerator=measure.numerator,
        denominator=measure.denominator,
        value=measure.value,
        target=use.target,
        at_most=kpi.at_most,
        met=_met(measure, use.target, kpi.at_most) if judge else None,
        goals=use.goals,
        bound=measure.bound,
        counted=measure.counted,
        among=measure.among,
        about=texts.get((getattr(use.options, "survey", ""), getattr(use.options, "question", "")), ""),
    )


def _met(measure: Measure, target: float | None, at_most: bool) -> bool | None:
    if measure.value is None or target is None:
        return None
    met = measure.value <= target if at_most else measure.value >= target
    decides = {"": True, "at least": met != at_most, "at most": met == at_most, "withheld": False}
    return met if decides[measure.bound] else None
