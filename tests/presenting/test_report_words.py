"""Figures in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.reporting.figures import ProgramFigures
from mentorkit.presenting.report_words import (
    goal_words,
    kpi_name,
    kpi_value,
    month_words,
    phase_words,
    plural,
    reason_words,
    with_article,
)
from mentorkit.presenting.tables import counted

PROGRAM = ProgramFigures(
    "p", "P", "one-on-one", "t 1", date(2027, 1, 11), date(2027, 6, 28), "UTC", (), date(2027, 1, 11), "running"
)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [("93.8 %", 0.9375, "share"), ("100 %", 1.0, "share"), ("0 %", 0.0, "share"), ("1 day", 1.04, "days"),
     ("9.7 days", 9.714, "days"), ("21 days", 21.0, "days"), ("4.0", 4.0, "mean"), ("+32", 31.6, "points"),
     ("-8", -8.0, "points")],
)  # fmt: skip
def test_values_read_in_their_unit(words: str, value: float, unit: Any) -> None:
    assert words == kpi_value(value, unit)


@pytest.mark.parametrize(
    ("words", "today", "phase"),
    [
        ("starts in 1 day", date(2027, 1, 10), "before matching"),
        ("day 1 of 169", date(2027, 1, 11), "running"),
        ("day 169 of 169", date(2027, 6, 28), "running"),
        ("ended 3 days ago", date(2027, 7, 1), "ended"),
    ],
)
def test_a_program_stands_before_in_or_after_its_days(words: str, today: date, phase: Any) -> None:
    assert words == phase_words(evolve(PROGRAM, today=today, phase=phase))


def test_reasons_are_sentences_and_rules_are_named() -> None:
    assert "every possible partner is taken" == reason_words("capacity")
    assert "the rule “keep apart”" == reason_words("keep-apart")


def test_counts_and_months() -> None:
    assert ("1 person", "1,200 people") == (counted(1, "person", "people"), counted(1200, "person", "people"))
    assert "Dec 2026" == month_words("2026-12")


def test_roles_read_in_any_number() -> None:
    assert ["mentors", "buddies", "coaches", "boys"] == [plural(one) for one in ("mentor", "buddy", "coach", "boy")]
    assert ("a mentor", "an expert") == (with_article("mentor"), with_article("expert"))


def test_names_read_as_words() -> None:
    assert ("Match rate", "NPS", "Q1 pulse") == (kpi_name("match-rate"), kpi_name("nps"), kpi_name("Q1-pulse"))
    assert "Career growth" == goal_words("career-growth")[0]
