"""The report as one HTML page that needs no network, no script and no other file.

Every figure stands in a table; bars and columns are drawn beside it by styles alone. The template escapes everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from attrs import frozen
from jinja2 import Environment, StrictUndefined, Template

from mentorkit.core.reporting.figures import KpiFigures, ProgramFigures, Report
from mentorkit.core.zones import to_local
from mentorkit.messages.naming import day_text
from mentorkit.presenting.report_words import (
    kpi_value,
    moment_words,
    month_words,
    phase_words,
    reason_words,
    short_day,
    state_words,
)
from mentorkit.presenting.tables import counted


@frozen
class Bar:
    """One row of a chart: `percent` is its length, `part` how much of that is filled with the strong color."""

    label: str
    count: int
    percent: float
    part: float = 0.0
    note: str = ""


def report_html(report: Report) -> str:
    """Return the page; equal reports give equal bytes."""
    return _template().render(_context(report))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = files("mentorkit.presenting.html")
    environment.filters |= {"day": day_text, "short_day": short_day, "counted": counted}
    environment.globals["style"] = folder.joinpath("report.css").read_text(encoding="utf-8")
    return environment.from_string(folder.joinpath("report.html.jinja").read_text(encoding="utf-8"))


def _context(report: Report) -> Mapping[str, Any]:
    titles = {role.role: role.title for role in report.roles}
    return {
        "report": report,
        "program": report.program,
        "as_of": moment_words(to_local(report.at, report.program.timezone)),
        "phase": phase_words(report.program),
        "progress": _progress(report.program),
        "kpis": [_kpi(kpi) for kpi in report.kpis],
        "relationships": {one.name: one.count for one in report.relationships},
        "endings": _bars((one.name, one.count) for one in report.endings),
        "reasons": _bars((reason_words(one.reason), one.mainly, f"{one.people}") for one in report.reasons),
        "scores": _bars((f"{band.low}-{band.high}", band.count) for band in report.scores),
        "loads": [
            (titles[role], _bars((load.words, load.people) for load in report.loads if load.role == role))
            for role in dict.fromkeys(load.role for load in report.loads)
        ],
        "flows": _flow_bars(report),
        "months": _months(report),
        "messages": [(state_words(one.name), one.count) for one in report.messages],
        "states": [state_words(one.name) for one in report.messages],
        "steps": [(one.step, [one.states.get(state.name, 0) for state in report.messages]) for one in report.steps],
    }


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _bars(rows: Iterable[tuple[Any, ...]]) -> Sequence[Bar]:
    """Return bars from (label, count) or (label, count, note), the longest at full length."""
    rows = list(rows)
    longest = max((row[1] for row in rows), default=0)
    return [Bar(row[0], row[1], _percent(row[1], longest), note="".join(row[2:])) for row in rows]


def _progress(program: ProgramFigures) -> float:
    whole = (program.ends - program.starts).days + 1
    done = (program.today - program.starts).days + 1
    return _percent(min(max(done, 0), whole), whole)


def _kpi(kpi: KpiFigures) -> Mapping[str, Any]:
    longest = 1.0 if kpi.unit == "share" else 1.25 * max(kpi.value or 0.0, kpi.target or 0.0)
    return {
        "name": kpi.name.replace("-", " ").capitalize(),
        "summary": kpi.summary,
        "value": "" if kpi.value is None else kpi_value(kpi.value, kpi.unit),
        "target": "" if kpi.target is None else kpi_value(kpi.target, kpi.unit),
        "at_most": kpi.at_most,
        "met": kpi.met,
        "numerator": f"{kpi.numerator:g}",
        "denominator": f"{kpi.denominator:g}",
        "unit": kpi.unit,
        "percent": min(100.0, _percent(kpi.value or 0.0, longest)),
        "mark": None if kpi.target is None else min(100.0, _percent(kpi.target, longest)),
    }


def _flow_bars(report: Report) -> Sequence[Bar]:
    if report.flows is None:
        return []
    rows: list[tuple[str, int]] = [(f"{flow.wanting} ← {flow.offering}", flow.count) for flow in report.flows.shown]
    return _bars([*rows, ("all other", report.flows.hidden)] if report.flows.hidden else rows)


def _months(report: Report) -> Sequence[Bar]:
    months = report.sessions.months
    most = max((month.planned for month in months), default=0)
    return [
        Bar(
            month_words(month.month),
            month.planned,
            _percent(month.planned, most),
            _percent(month.held, month.planned),
            f"{month.held}",
        )
        for month in months
    ]
