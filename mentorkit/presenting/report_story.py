"""What a sponsor must know, in a few sentences made from the figures."""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.core.reporting.figures import Report, RoleFigures
from mentorkit.presenting.report_words import (
    goal_words,
    kpi_name,
    kpi_target,
    kpi_told,
    phase_words,
    plural,
    short_day,
    with_article,
)
from mentorkit.presenting.tables import counted

MOST_NAMED = 3
"""How many key figures that miss their targets are named; more than that nobody keeps in mind."""


def story(report: Report) -> tuple[str, ...]:
    """Return the sentences, in the order in which they matter; the first says where the program stands."""
    if report.program.matched_on is None:
        return tuple(_before_matching(report))
    return (*_matched(report), *_sessions(report), *_endings(report), *_surveys(report), *_verdicts(report))


def _before_matching(report: Report) -> Iterator[str]:
    program = report.program
    yield f"The program {phase_words(program)}." if program.today < program.starts else "The program has begun."
    people = [f"{role.participants:,} as {plural(role.title)}" for role in report.roles if role.participants]
    yield f"People have signed up: {_listed(people)}." if people else "Nobody has signed up yet."
    yield "Nobody has been matched yet."


def _matched(report: Report) -> Iterator[str]:
    over = report.program.phase == "ended"
    offering = [role for role in report.roles if not role.served]
    partner = with_article(offering[0].title) if len(offering) == 1 else "a partner"
    for role in (one for one in report.roles if one.served and one.participants):
        verb = "had" if over else "has" if _having(role, over) == 1 else "have"
        yield f"{_of_all(role, over)} {verb} {partner}."
    active = sum(one.count for one in report.relationships if one.name in ("active", "published"))
    if not over and report.program.today < report.program.starts:
        yield f"The program {phase_words(report.program)}."
    elif not over:
        living = "1 relationship is" if active == 1 else f"{active:,} relationships are"
        yield f"It is {phase_words(report.program)}, and {living} under way."
    else:
        yield f"The program ended on {short_day(report.program.ends)}."


def _having(role: RoleFigures, over: bool) -> int:
    return role.matched if over else role.active


def _of_all(role: RoleFigures, over: bool) -> str:
    having = _having(role, over)
    if having == role.participants:
        return f"All {having:,} {plural(role.title)}" if having > 1 else f"The one {role.title}"
    return f"{having:,} of {counted(role.participants, role.title, plural(role.title))}"


def _sessions(report: Report) -> Iterator[str]:
    sessions = report.sessions
    if not sessions.planned:
        return
    if not sessions.so_far:
        yield f"{counted(sessions.planned, 'session')} {_be(sessions.planned)} planned; none is over yet."
    elif not sessions.held and not sessions.missed:
        yield f"{counted(sessions.so_far, 'session')} should be over by now; nobody has said yet which were held."
    elif sessions.held >= sessions.so_far:
        yield (
            f"All {sessions.so_far:,} sessions that were planned up to now were held."
            if sessions.so_far > 1
            else ("The one session that was planned up to now was held.")
        )
    else:
        yield f"Of {sessions.so_far:,} sessions that are over, {sessions.held:,} were held, as people told us."


def _endings(report: Report) -> Iterator[str]:
    early = sum(one.count for one in report.endings)
    if early:
        yield f"{counted(early, 'relationship')} ended early."


def _surveys(report: Report) -> Iterator[str]:
    for survey in report.surveys:
        answered = max((question.answered for question in survey.questions), default=0)
        if answered:
            name = survey.survey.replace("-", " ")
            yield f"{answered:,} of {counted(survey.asked, 'person', 'people')} answered the {name} survey."


def _verdicts(report: Report) -> Iterator[str]:
    judged = [kpi for kpi in report.kpis if kpi.met is not None]
    missed = [kpi for kpi in judged if not kpi.met]
    if not judged:
        return
    if not missed:
        yield (
            "Every key figure with a target meets it." if len(judged) > 1 else "The key figure with a target meets it."
        )
        return
    met = len(judged) - len(missed)
    yield f"{met or 'None'} of {counted(len(judged), 'key figure')} with a target {_verb(met)} it."
    told = [f"{_in_text(kpi.name)} ({kpi_told(kpi)}, target {kpi_target(kpi)})" for kpi in missed[:MOST_NAMED]]
    more = [f"{len(missed) - MOST_NAMED} more"] if len(missed) > MOST_NAMED else []
    yield f"Not there yet: {_listed([*told, *more])}."


def _in_text(name: str) -> str:
    return "NPS" if name == "nps" else kpi_name(name).lower()


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _verb(met: int) -> str:
    return "meets" if met <= 1 else "meet"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def goals_in_words(report: Report) -> str:
    """Return the goals in one line, such as `career growth and knowledge sharing`; "" without any."""
    goals = [goal_words(goal)[0].lower() for goal in report.program.goals]
    return _listed(goals) if goals else ""
