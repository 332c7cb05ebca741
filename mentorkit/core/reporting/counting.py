"""Make the report: count what the ledger and the roster say, and measure the KPIs on these counts.

It names nobody. What it cannot know, it leaves out: a session that nobody has spoken of is neither held nor missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import fsum

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.counted import has_score
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching.waiting import why_waiting
from mentorkit.core.phases import STATES, phase, relationship_state
from mentorkit.core.program import Program
from mentorkit.core.relationships import Unmatched
from mentorkit.core.reporting.activity import channel_figures, session_figures, step_figures
from mentorkit.core.reporting.as_of import as_of
from mentorkit.core.reporting.figures import (
    OTHER,
    Count,
    Flow,
    Flows,
    Load,
    ProgramFigures,
    ReasonFigures,
    Report,
    RoleFigures,
    ScoreBand,
)
from mentorkit.core.reporting.kpis import kpi_facts, measure_kpis, people_ever_in, people_in
from mentorkit.core.reporting.lives import started
from mentorkit.core.reporting.small_cells import Cell, joined, pooled, withheld
from mentorkit.core.reporting.surveys import answered, survey_figures
from mentorkit.core.reporting.trend import trend_figures
from mentorkit.core.roster import Roster
from mentorkit.core.zones import data_versions, to_local

BAND = 10
"""Width of a band of scores."""


def make_report(
    program: Program, roles: Sequence[Role], roster: Roster, catalogue: Catalogue, history: History, at: datetime
) -> Report:
    """Return the report as of `at` (UTC, aware); `roles` are the model's, in its order.

    Raises:
        ProgramError: program and roster do not fit anymore, so that nobody can say why people are unmatched.
    """
    history = as_of(history, at)
    today = to_local(at, program.timezone).date()
    answers = answered(program, history)
    facts = kpi_facts(program, roles, roster, history, at, answers)
    unmatched = why_waiting(program, roles, roster, catalogue, history, today)
    small = program.privacy.small_cells
    scored = [known for known in _lived(history) if has_score(known.relationship, program.model.roles)]
    return Report(
        at=at,
        program=_program_figures(program, history, at),
        kpis=measure_kpis(program, catalogue, facts, judge=bool(history.occasions)),
        roles=tuple(_role_figures(program, role, roster, history) for role in roles),
        relationships=_relationship_states(program, history, at),
        endings=_endings(history, small),
        unmatched=len(unmatched),
        reasons=_reasons(unmatched, small),
        scores=_score_bands(scored, small),
        mean_score=_mean_score(scored, small),
        loads=tuple(load for role in roles if not role.served for load in _loads(role, roster, history, small)),
        flows=_flows(program, catalogue, roster, history),
        sessions=session_figures(program, history, at),
        messages=_counts(known.state for known in history.transmissions.values()),
        steps=step_figures(program, history),
        channels=channel_figures(program, history),
        surveys=survey_figures(answers),
        trend=trend_figures(program, roles, roster, history, at),
        small_cells=small,
        data=data_versions(roster),
    )


def _counts(names: Iterable[str]) -> tuple[Count, ...]:
    return tuple(Count(name, count) for name, count in sorted(Counter(names).items()))


def _endings(history: History, small: int) -> tuple[Count, ...]:
    """Return early ends by reason; what few people wrote may be about somebody, and is not shown."""
    ended = (known for known in started(history) if known.state == "ended" and not known.completed)
    reasons = Counter(known.reason or "unknown" for known in ended)
    shown, rest = pooled(reasons, small)
    return (*(Count(*one) for one in shown.items()), *([Count(OTHER, rest)] if rest else ()))


def _program_figures(program: Program, history: History, at: datetime) -> ProgramFigures:
    first = min(history.occasions.values(), default=None)
    return ProgramFigures(
        id=program.id,
        name=program.name,
        model=program.model.use.name,
        template=f"{program.template.name} {program.template.version}",
        starts=program.starts,
        ends=program.ends,
        timezone=program.timezone,
        goals=program.goals,
        today=to_local(at, program.timezone).date(),
        phase=phase(program, history, at),
        matched_on=to_local(first, program.timezone).date() if first else None,
    )


def _role_figures(program: Program, role: Role, roster: Roster, history: History) -> RoleFigures:
    people = roster.in_role(role.name)
    ids = {person.id for person in people}
    memberships = [person for known in history.published for person in known.relationship.people(role.name)]
    return RoleFigures(
        role=role.name,
        title=program.words.get(role.name, role.name),
        served=role.served,
        participants=len(people),
        matched=people_ever_in(role, history, roster),
        active=people_in(role, history.published, roster),
        places=sum(person.places.get(role.name, 0) for person in people),
        taken=sum(person in ids for person in memberships),
    )


def _relationship_states(program: Program, history: History, at: datetime) -> tuple[Count, ...]:
    known = (*history.proposed, *history.asked, *started(history))  # without proposals that were taken back or declined
    states = Counter(relationship_state(program, one, at) for one in known)
    return tuple(Count(state, states[state]) for state in STATES)


def _reasons(unmatched: Sequence[Unmatched], small: int) -> tuple[ReasonFigures, ...]:
    mainly = Counter(one.reasons[0].rule for one in unmatched if one.reasons)
    people = Counter(rule for one in unmatched for rule in {reason.rule for reason in one.reasons})
    ordered = sorted(people, key=lambda rule: (-mainly[rule], -people[rule], rule))
    unreasoned = len(unmatched) - mainly.total()
    told = withheld([*(mainly[rule] for rule in ordered), unreasoned], small)
    found = [
        ReasonFigures(rule, main, _affected(people[rule], len(unmatched), small))
        for rule, main in zip(ordered, told, strict=False)
    ]
    return tuple(
        sorted(found, key=lambda one: (one.mainly is None, -(one.mainly or 0), -(one.people or 0), one.reason))
    )


def _affected(people: int, unmatched: int, small: int) -> int | None:
    """Return how many a reason concerns, unless it or the number of all others is small."""
    return withheld([people, unmatched - people], small)[0]


def _lived(history: History) -> tuple[KnownRelationship, ...]:
    """Return the relationships that go on, or did until their last day."""
    return tuple(known for known in history.relationships if known.state == "published" or known.completed)


def _score_bands(published: Sequence[KnownRelationship], small: int) -> tuple[ScoreBand, ...]:
    counts = Counter(min(int(known.relationship.score // BAND), 100 // BAND - 1) for known in published)
    cells = joined([Cell(one, one, counts[one]) for one in range(100 // BAND)], small) if counts else ()
    return tuple(ScoreBand(cell.first * BAND, (cell.last + 1) * BAND, cell.count) for cell in cells)


def _mean_score(published: Sequence[KnownRelationship], small: int) -> float | None:
    if len(published) < max(small, 1):
        return None
    return round(fsum(known.relationship.score for known in published) / len(published), 1)


def _loads(role: Role, roster: Roster, history: History, small: int) -> tuple[Load, ...]:
    taken = Counter(person for known in history.published for person in known.relationship.people(role.name))
    loads = Counter(taken[person.id] for person in roster.in_role(role.name))
    cells = joined([Cell(number, number, loads[number]) for number in range(max(loads, default=-1) + 1)], small)
    return tuple(Load(role.name, cell.first, cell.last, cell.count) for cell in cells)


def _flows(program: Program, catalogue: Catalogue, roster: Roster, history: History) -> Flows | None:
    if "department" not in roster.columns or "department" in program.privacy.sensitive:
        return None
    counted = Counter(_department_pairs(program, catalogue, roster, history))
    small = program.privacy.small_cells
    flows, rest = pooled(
        {pair: count for pair, count in counted.items() if all(pair)},
        small,
        sum(count for pair, count in counted.items() if not all(pair)),
    )
    return Flows(tuple(Flow(*pair, count) for pair, count in flows.items()), rest, small)


def _department_pairs(
    program: Program, catalogue: Catalogue, roster: Roster, history: History
) -> Iterable[tuple[str, str]]:
    """Yield the departments of every counted pair, "" where a person has none or is not in the roster anymore."""
    model = catalogue.models[program.model.use.name].implementation
    departments = {person.id: person.text("department") for person in roster.people}
    for known in _lived(history):
        for wants, offers in model.counted_pairs(program.model.use.options, known.relationship.members):
            yield departments.get(wants.person, ""), departments.get(offers.person, "")
