"""The report as one HTML page that needs no network, no script and no other file.

Charts are drawings with a title and a description, and each has the table of its data. The template escapes everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Template

from mentorkit.core.reporting.figures import (
    OUTCOMES,
    KpiFigures,
    ProgramFigures,
    QuestionFigures,
    Report,
    SurveyFigures,
)
from mentorkit.core.zones import to_local
from mentorkit.messages.languages import day_text
from mentorkit.presenting.html.drawing import (
    endings_chart,
    flows_chart,
    load_charts,
    matched_chart,
    months_chart,
    numbers_chart,
    question_chart,
    reasons_chart,
    scores_chart,
    trend_charts,
)
from mentorkit.presenting.html.pages import page_template
from mentorkit.presenting.report_story import goals_in_words, story
from mentorkit.presenting.report_words import (
    goal_words,
    kpi_name,
    kpi_target,
    kpi_told,
    kpi_verdict,
    moment_words,
    number_words,
    outcome_words,
    phase_words,
    plural,
    short_day,
    state_words,
    told,
)
from mentorkit.presenting.tables import counted

NO_BREAK = "\N{NO-BREAK SPACE}"


def report_html(report: Report) -> str:
    """Return the page; equal reports give equal bytes."""
    return _template().render(_context(report))


@lru_cache(maxsize=1)
def _template() -> Template:
    return page_template(
        "report.html.jinja", day=day_text, short_day=short_day, counted=counted, told=told, plural=plural
    )


def _context(report: Report) -> Mapping[str, Any]:
    return {
        "report": report,
        "program": report.program,
        "as_of": moment_words(to_local(report.at, report.program.timezone)),
        "phase": phase_words(report.program),
        "progress": _progress(report.program),
        "goals": goals_in_words(report),
        "story": " ".join(story(report)).replace(" %", f"{NO_BREAK}%"),
        "objectives": _objectives(report),
        "plain_goals": () if _by_goal(report) else [goal_words(goal) for goal in report.program.goals],
        "relationships": {one.name: one.count for one in report.relationships},
        "matched_chart": matched_chart(report),
        "reasons_chart": reasons_chart(report),
        "endings_chart": endings_chart(report),
        "early": sum(one.count for one in report.endings),
        "scores_chart": scores_chart(report),
        "load_charts": load_charts(report),
        "flows_chart": flows_chart(report),
        "months_chart": months_chart(report),
        "numbers_chart": numbers_chart(report),
        "surveys": [_survey(number, survey) for number, survey in enumerate(report.surveys, 1)],
        "trend_charts": trend_charts(report),
        "messages": [(state_words(one.name), one.count) for one in report.messages],
        "channels": _channels(report),
        "states": [state_words(one.name) for one in report.messages],
        "steps": [
            (one.step, [told(one.states.get(state.name, 0)) for state in report.messages]) for one in report.steps
        ],
    }


def _channels(report: Report) -> Mapping[str, Any] | None:
    """Return the table of messages by channel, without outcomes that there are none of; None: all went by one, well."""
    there = [one for one in OUTCOMES if any(channel.outcomes[one] != 0 for channel in report.channels)]
    if not there or (there == ["sent"] and len(report.channels) == 1):
        return None
    rows = [(one.channel, [told(one.outcomes[outcome]) for outcome in there]) for one in report.channels]
    return {"outcomes": [outcome_words(one) for one in there], "rows": rows}


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _progress(program: ProgramFigures) -> float:
    whole = (program.ends - program.starts).days + 1
    done = (program.today - program.starts).days + 1
    return _percent(min(max(done, 0), whole), whole)


def _objectives(report: Report) -> Sequence[Mapping[str, Any]]:
    """Return the goals with the key figures that measure them, and then those of the program as a whole.

    A figure that measures several goals stands under the first of them, and names the others.
    """
    groups = []
    for goal in report.program.goals if _by_goal(report) else ():
        name, means = goal_words(goal)
        kpis = [_kpi(kpi) for kpi in report.kpis if kpi.goals[:1] == (goal,)]
        elsewhere = [kpi_name(kpi.name) for kpi in report.kpis if goal in kpi.goals[1:]]
        groups.append({"name": name, "means": means, "kpis": kpis, "elsewhere": elsewhere})
    whole = [_kpi(kpi) for kpi in report.kpis if not kpi.goals]
    last = {"name": "The program as a whole" if groups else "", "means": "", "kpis": whole, "elsewhere": []}
    return [*groups, *([last] if whole else [])]


def _by_goal(report: Report) -> bool:
    """Return whether the program says of a key figure which goals it measures."""
    return any(kpi.goals for kpi in report.kpis)


def _kpi(kpi: KpiFigures) -> Mapping[str, Any]:
    longest = {"share": 1.0, "points": 100.0, "mean": 5.0, "days": 0.0}[kpi.unit]
    longest = max(longest, 1.25 * max(kpi.value or 0.0, kpi.target or 0.0)) if kpi.unit != "share" else longest
    return {
        "name": kpi_name(kpi.name),
        "summary": kpi.summary[:1].upper() + kpi.summary[1:],
        "about": kpi.about,
        "value": kpi_told(kpi),
        "target": kpi_target(kpi),
        "verdict": kpi_verdict(kpi),
        "met": kpi.met,
        "numerator": number_words(kpi.numerator),
        "denominator": number_words(kpi.denominator),
        "counted": kpi.counted or "numerator",
        "among": kpi.among or "denominator",
        "goals": [goal_words(goal)[0].lower() for goal in kpi.goals[1:]],
        "percent": max(0.0, min(100.0, _percent(kpi.value or 0.0, longest))),
        "mark": None if kpi.target is None else max(0.0, min(100.0, _percent(kpi.target, longest))),
    }


def _survey(number: int, survey: SurveyFigures) -> Mapping[str, Any]:
    return {
        "name": survey.survey.replace("-", " ").capitalize(),
        "asked": survey.asked,
        "answered": max((one.answered for one in survey.questions), default=0),
        "questions": [
            _question(f"survey-{number}-{place}", survey.asked, one) for place, one in enumerate(survey.questions, 1)
        ],
    }


def _question(key: str, asked: int, question: QuestionFigures) -> Mapping[str, Any]:
    return {
        "figures": question,
        "share": f"{_percent(question.answered, asked):.0f}",
        "chart": question_chart(key, question),
        "mean": None if question.mean is None else f"{question.mean:.1f}",
    }
