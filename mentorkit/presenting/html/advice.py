"""Advice as one HTML page that needs no network, no script and no other file: the models side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import evolve
from jinja2 import Template

from mentorkit.core.advising import Advice, Option
from mentorkit.presenting.advice import (
    all_lacks,
    asked,
    blends_told,
    headline,
    passed_over_told,
    points,
    sides,
    trial_sentence,
)
from mentorkit.presenting.html.charts import Chart, Table, bar_chart
from mentorkit.presenting.html.pages import page_template
from mentorkit.presenting.report_words import goal_words

_FULL = 300
"""Hundredths of a point that fill a bar."""

_SIDES = {
    "roles": "By their levels",
    "no": "Stands in the way",
    "beware": "Beware",
    "points": "Points more or less",
    "why": "Why",
    "instead": "With another line between the levels",
}


def advice_html(advice: Advice) -> str:
    """Return the page; equal advice gives equal bytes."""
    return _template().render(_context(advice))


@lru_cache(maxsize=1)
def _template() -> Template:
    return page_template("advice.html.jinja")


def _context(advice: Advice) -> Mapping[str, Any]:
    best = advice.best
    return {
        "title": f"Best for you: {best.name}" if best else "No model fits as things stand",
        "headline": headline(advice),
        "asked": asked(advice),
        "blends": blends_told(advice),
        "charts": [_points_chart(advice), _trial_chart(advice)],
        "options": [_option(one) for one in advice.options],
        "goals": [
            (goal_words(goal)[0], f"{weight:g}", [f"{one.serves(goal):g}" for one in advice.options])
            for goal, weight in advice.goals.items()
        ],
        "lacks": all_lacks(advice),
    }


def _option(option: Option) -> Mapping[str, Any]:
    return {
        "name": option.name,
        "summary": option.summary[:1].upper() + option.summary[1:],
        "possible": option.possible,
        "trial": trial_sentence(option),
        "template": option.template,
        "passed_over": passed_over_told(option),
        "sides": [(_SIDES[name], lines) for name, lines in sides(option).items()],
    }


def _points_chart(advice: Advice) -> Chart:
    rows = [
        (one.name if one.possible else f"{one.name} (not as things stand)", points(one.points), points(one.served))
        for one in advice.options
    ]
    said = "; ".join(f"{name}: {told}" for name, told, _ in rows)
    table = Table(("model", "points", "for the goals"), tuple(rows))
    longest = max(_FULL, *(round(100 * one.points) for one in advice.options))
    lengths = [(name, max(0, round(100 * one.points))) for (name, *_), one in zip(rows, advice.options, strict=True)]
    chart = bar_chart("points", "Points: goals up to 3, more or less for the people", f"{said}.", (), lengths, longest)
    return _labeled(chart, table, [told for _, told, _ in rows])


def _trial_chart(advice: Advice) -> Chart:
    tried = [one for one in advice.options if not one.trial.refused]
    rows = [(one.name, f"{one.trial.placed:,}", f"{one.trial.served:,}") for one in tried]
    told = [f"{placed} of {served}" for _, placed, served in rows]
    said = "; ".join(f"{name}: {one}" for (name, *_), one in zip(rows, told, strict=True))
    table = Table(("model", "people placed", "of"), tuple(rows))
    largest = max((one.trial.served for one in tried), default=0)
    lengths = [(one.name, one.trial.placed) for one in tried]
    chart = bar_chart("placed", "People placed in a matching on trial", f"{said or 'None'}.", (), lengths, largest)
    return _labeled(chart, table, told)


def _labeled(chart: Chart, table: Table, values: Sequence[str]) -> Chart:
    """Return bars with other words for their values, and another table."""
    bars = tuple(evolve(bar, value=value) for bar, value in zip(chart.bars, values, strict=True))
    return evolve(chart, bars=bars, table=table)
