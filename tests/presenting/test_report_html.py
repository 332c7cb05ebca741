"""The report page: complete, self-contained, escaped, the same bytes every time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

from attrs import evolve

from mentorkit.core.reporting.figures import (
    Count,
    Flow,
    Flows,
    KpiFigures,
    Load,
    MonthFigures,
    ProgramFigures,
    ReasonFigures,
    Report,
    RoleFigures,
    ScoreBand,
    SessionFigures,
    StepFigures,
)
from mentorkit.presenting.html.report import report_html

BANDS = (0, 0, 1, 2, 6, 14, 17, 12, 8, 2)
MONTHS = (("2027-01", 110, 98), ("2027-02", 96, 80), ("2027-03", 62, 20), ("2027-04", 61, 0), ("2027-05", 105, 0))


def kpi(name: str = "match-rate", **changes: Any) -> KpiFigures:
    figures = KpiFigures(name, "people matched, of all who want it", "share", 62, 67, 62 / 67, 0.95, False, False)
    return evolve(figures, **changes)


def a_report(**changes: Any) -> Report:
    report = Report(
        at=datetime(2027, 3, 10, 17, 30, tzinfo=UTC),
        program=ProgramFigures(
            id="aw",
            name="Adventure Works mentoring 2027",
            model="one-on-one",
            template="traditional-one-on-one 1.0.0",
            starts=date(2027, 1, 11),
            ends=date(2027, 5, 31),
            timezone="America/Los_Angeles",
            goals=("career-growth", "knowledge-sharing"),
            today=date(2027, 3, 10),
            phase="running",
            matched_on=date(2027, 1, 4),
        ),
        kpis=(
            kpi(),
            kpi("session-completion", numerator=198, denominator=223, value=198 / 223, target=0.85, met=True),
            kpi("days-to-first-session", unit="days", numerator=558, denominator=62, value=9, target=21, met=True),
            kpi("mentor-utilization", numerator=0, denominator=0, value=None, target=0.75, met=None),
        ),
        roles=(
            RoleFigures("mentor", "road captain", False, 52, 50, 49, 65, 61),
            RoleFigures("mentee", "rider", True, 67, 62, 61, 67, 61),
        ),
        relationships=(Count("proposed", 0), Count("published", 0), Count("active", 61), Count("ended", 1)),
        endings=(Count("left", 1),),
        unmatched=6,
        reasons=(ReasonFigures("capacity", 4, 5), ReasonFigures("seniority-gap", 1, 5)),
        scores=tuple(ScoreBand(10 * band, 10 * band + 10, count) for band, count in enumerate(BANDS)),
        mean_score=61.4,
        loads=(Load("mentor", 0, 0, 3), Load("mentor", 1, 1, 37), Load("mentor", 2, 2, 12)),
        flows=Flows((Flow("Production", "Marketing", 9), Flow("Production", "Information Services", 7)), 45, 5),
        sessions=SessionFigures(434, 223, 198, 11, 7, tuple(MonthFigures(*month) for month in MONTHS)),
        messages=(Count("failed", 1), Count("sent", 530)),
        steps=(StepFigures("match-announcement", {"sent": 113}), StepFigures("kick-off", {"failed": 1, "sent": 417})),
    )
    return evolve(report, **changes)


class Page(HTMLParser):
    """Collects tags with their attributes, and the text between them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        if tag in ("td", "th", "dt", "dd", "p", "span"):
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def text_of(report: Report) -> str:
    return " ".join(Page(report_html(report)).text.split())


def test_page_loads_nothing_and_runs_nothing() -> None:
    source = report_html(a_report())
    page = Page(source)

    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name in ("src", "href", "srcset")]
    assert not re.search(r"url\(|@import|https?:", source)
    assert [] == page.open


def test_same_report_gives_same_bytes() -> None:
    assert report_html(a_report()) == report_html(a_report())


def test_everything_from_outside_is_escaped() -> None:
    nasty = '<script>alert("x")</script>'
    report = a_report(
        program=evolve(a_report().program, name=nasty, template=nasty, goals=(nasty,)),
        roles=(RoleFigures("mentor", nasty, False, 1, 1, 1, 1, 1),),
        endings=(Count(nasty, 1),),
        reasons=(ReasonFigures(nasty, 1, 1),),
        flows=Flows((Flow(nasty, nasty, 9),), 0, 5),
        steps=(StepFigures(nasty, {"sent": 1}),),
        kpis=(kpi(nasty, summary=nasty),),
        loads=(Load("mentor", 1, 1, 1),),
    )

    page = Page(report_html(report))

    assert "script" not in {tag for tag, _ in page.tags}
    assert nasty in page.text


def test_key_figures_show_value_target_and_what_they_are_made_of() -> None:
    text = text_of(a_report())

    assert "92.5 % ✗ not met target: at least 95 % 62 of 67: people matched" in text
    assert "9 days ✓ met" in text
    assert "no figures yet" in text


def test_targets_are_not_judged_too_early() -> None:
    assert "0 % too early to say target: at least 95 %" in text_of(a_report(kpis=(kpi(value=0.0, met=None),)))
    assert "92.5 % no target 62 of 67" in text_of(a_report(kpis=(kpi(target=None, met=None),)))


def test_upper_bounds_say_at_most() -> None:
    assert "target: at most 95 %" in text_of(a_report(kpis=(kpi(at_most=True),)))


def test_unmatched_people_are_counted_with_their_reasons() -> None:
    text = text_of(a_report())

    assert "6 people who would like a partner have none." in text
    assert "every possible partner is taken 4 5" in text
    assert "rule “seniority-gap” 1 5" in text


def test_every_chart_has_a_table_and_is_hidden_from_screen_readers() -> None:
    page = Page(report_html(a_report()))
    charts = [attributes for tag, attributes in page.tags if tag == "div" and attributes.get("class") == "columns"]

    assert 2 == len(charts)
    assert {"true"} == {chart["aria-hidden"] for chart in charts}
    for band, count in enumerate(BANDS):
        assert f"{10 * band}-{10 * band + 10} {count}" in " ".join(page.text.split())


def test_before_the_matching_there_is_nothing_to_chart() -> None:
    report = a_report(
        program=evolve(a_report().program, matched_on=None, phase="before matching", today=date(2027, 1, 9)),
        relationships=(Count("proposed", 0), Count("published", 0), Count("active", 0), Count("ended", 0)),
        endings=(),
        unmatched=0,
        reasons=(),
        scores=(),
        mean_score=None,
        loads=(),
        flows=None,
        sessions=SessionFigures(0, 0, 0, 0, 0, ()),
        messages=(),
        steps=(),
    )

    text = text_of(report)

    assert "Nobody has been matched yet." in text
    assert "starts in 2 days" in text
    assert "Without a partner" not in text


def test_bars_never_leave_their_track() -> None:
    lengths = [float(one) for one in re.findall(r"(?:width|height|left):([\d.]+)%", report_html(a_report()))]

    assert 100 >= max(lengths)
    assert 0 <= min(lengths)
