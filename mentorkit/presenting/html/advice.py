"""Advice as one HTML page that needs no network, no script and no other file: the models side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from mentorkit.core.advising import Advice, Option
from mentorkit.presenting.advice import (
    all_lacks,
    asked,
    blends_told,
    headline,
    points,
    served_by,
    sides,
    trial_sentence,
)
from mentorkit.presenting.html.charts import Chart, bar_chart
from mentorkit.presenting.report_words import goal_words

_SIDES = {"no": "Stands in the way", "beware": "Beware", "points": "Points more or less", "why": "Why"}


def advice_html(advice: Advice) -> str:
    """Return the page; equal advice gives equal bytes."""
    return _template().render(_context(advice))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("mentorkit.presenting.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["counted"] = lambda number, word: f"{number:,} {word}"
    style = files("mentorkit.presenting.html").joinpath("report.css").read_text(encoding="utf-8")
    environment.globals["style"] = style
    return environment.get_template("advice.html.jinja")


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
            (goal_words(goal)[0], f"{weight:g}", [f"{served_by(one, goal):g}" for one in advice.options])
            for goal, weight in advice.goals.items()
        ],
        "lacks": all_lacks(advice),
    }


def _option(option: Option) -> Mapping[str, Any]:
    return {
        "name": option.name,
        "summary": option.summary,
        "possible": option.possible,
        "trial": trial_sentence(option),
        "sides": [(_SIDES[name], lines) for name, lines in sides(option).items()],
    }


def _points_chart(advice: Advice) -> Chart:
    rows = [
        (
            one.name if one.possible else f"{one.name} (not as things stand)",
            max(0, round(100 * one.points)),
            points(one.points),
            points(one.served),
        )
        for one in advice.options
    ]
    said = "; ".join(f"{row[0]}: {row[2]}" for row in rows)
    head = ("model", "hundredths of a point", "points", "for the goals")
    return bar_chart("points", "Points, of 300 hundredths", f"{said}.", head, rows, 300)


def _trial_chart(advice: Advice) -> Chart:
    tried = [one for one in advice.options if not one.trial.refused]
    rows = [(one.name, one.trial.placed, f"{one.trial.served:,}") for one in tried]
    said = "; ".join(f"{name}: {placed:,} of {served}" for name, placed, served in rows)
    largest = max((one.trial.served for one in tried), default=0)
    head = ("model", "people placed", "of")
    return bar_chart("placed", "People placed in a matching on trial", f"{said or 'None'}.", head, rows, largest)
