"""The figures of a report for programs: a JSON document, and rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import asdict

from mentorkit.core.reporting.figures import Flows, Report, SurveyFigures
from mentorkit.core.zones import utc_text
from mentorkit.spreadsheet_cells import harmless

CSV_HEADER = ("as_of", "section", "item", "figure", "value")


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as a JSON document of plain values; dates and the moment are ISO 8601."""
    program = report.program
    days = {"starts": program.starts, "ends": program.ends, "today": program.today, "matched_on": program.matched_on}
    return {
        "as_of": utc_text(report.at),
        "data": dict(report.data),
        "program": asdict(program)
        | {name: day.isoformat() if day else None for name, day in days.items()}
        | {"goals": list(program.goals)},
        "kpis": [asdict(kpi) | {"goals": list(kpi.goals), "bound": kpi.bound or None} for kpi in report.kpis],
        "roles": [asdict(role) for role in report.roles],
        "relationships": {one.name: one.count for one in report.relationships},
        "endings": {one.name: one.count for one in report.endings},
        "unmatched": {
            "people": report.unmatched,
            "reasons": [asdict(reason) for reason in report.reasons],
        },
        "scores": {"mean": report.mean_score, "bands": [asdict(band) for band in report.scores]},
        "loads": [asdict(load) for load in report.loads],
        "flows": _flows(report.flows) if report.flows else None,
        "sessions": asdict(report.sessions)
        | {
            "months": [asdict(month) for month in report.sessions.months],
            "numbers": [asdict(number) for number in report.sessions.numbers],
        },
        "surveys": [_survey(survey) for survey in report.surveys],
        "trend": [asdict(point) for point in report.trend],
        "small_cells": report.small_cells,
        "messages": {
            "states": {one.name: one.count for one in report.messages},
            "steps": {one.step: dict(one.states) for one in report.steps},
            "channels": {one.channel: dict(one.outcomes) for one in report.channels},
        },
    }


def _survey(survey: SurveyFigures) -> dict[str, Any]:
    return {
        "survey": survey.survey,
        "asked": survey.asked,
        "questions": [
            asdict(question)
            | {
                "answers": [asdict(answer) for answer in question.answers],
                "scale": list(question.scale) if question.scale else None,
            }
            for question in survey.questions
        ],
    }


def _flows(flows: Flows) -> dict[str, Any]:
    shown = [asdict(flow) for flow in flows.shown]
    return {"shown": shown, "hidden": flows.hidden, "small_cells": flows.small_cells}


def report_csv(report: Report) -> tuple[tuple[str, ...], ...]:
    """Return one row per figure under `CSV_HEADER`; what has no value is empty, true and false are yes and no.

    Items that a spreadsheet would take for a formula begin with an apostrophe.
    """
    as_of = utc_text(report.at)
    return (
        CSV_HEADER,
        *(
            (as_of, section, harmless(item), harmless(figure), _cell(value))
            for section, item, figure, value in _figures(report)
        ),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _figures(report: Report) -> Iterator[tuple[str, str, str, Any]]:
    """Yield (section, item, figure, value)."""
    for kpi in report.kpis:
        for figure in ("value", "numerator", "denominator", "target", "met", "bound"):
            yield "kpi", kpi.name, figure, getattr(kpi, figure)
    for role in report.roles:
        for figure in ("participants", "matched", "active", "places", "taken"):
            yield "role", role.role, figure, getattr(role, figure)
    yield from (("relationships", one.name, "count", one.count) for one in report.relationships)
    yield from (("ended", one.name, "count", one.count) for one in report.endings)
    yield "unmatched", "", "people", report.unmatched
    for reason in report.reasons:
        yield "unmatched", reason.reason, "mainly", reason.mainly
        yield "unmatched", reason.reason, "people", reason.people
    yield "score", "", "mean", report.mean_score
    yield from (("score", f"{band.low} to {band.high}", "relationships", band.count) for band in report.scores)
    yield from (("load", f"{load.role} with {load.words}", "people", load.people) for load in report.loads)
    yield from _flow_figures(report.flows)
    yield from _activity(report)


def _flow_figures(flows: Flows | None) -> Iterator[tuple[str, str, str, Any]]:
    if flows is not None:
        yield from (("flow", f"{flow.wanting} from {flow.offering}", "pairs", flow.count) for flow in flows.shown)
        yield "flow", "all other", "pairs", flows.hidden


def _activity(report: Report) -> Iterator[tuple[str, str, str, Any]]:
    for figure in ("planned", "so_far", "held", "missed", "canceled"):
        yield "sessions", "", figure, getattr(report.sessions, figure)
    for month in report.sessions.months:
        item = month.month if month.month == month.until else f"{month.month} to {month.until}"
        yield "sessions", item, "planned", month.planned
        yield "sessions", item, "held", month.held
    for number in report.sessions.numbers:
        item = f"session {number.number}" + (f" to {number.up_to}" if number.up_to > number.number else "")
        yield "sessions", item, "planned", number.planned
        yield "sessions", item, "held", number.held
    for step in report.steps:
        yield from (("messages", step.step, state, count) for state, count in step.states.items())
    for channel in report.channels:
        yield from (("channels", channel.channel, outcome, count) for outcome, count in channel.outcomes.items())
    yield from _surveys(report)
    for point in report.trend:
        for figure in ("participants", "matched", "active", "held"):
            yield "trend", point.month, figure, getattr(point, figure)


def _surveys(report: Report) -> Iterator[tuple[str, str, str, Any]]:
    for survey in report.surveys:
        yield "survey", survey.survey, "asked", survey.asked
        for question in survey.questions:
            item = f"{survey.survey}.{question.question}"
            yield "survey", item, "answered", question.answered
            yield "survey", item, "unreadable", question.unreadable
            yield "survey", item, "mean", question.mean
            yield from (("survey", item, f"answer {one.answer}", one.people) for one in question.answers)
