"""The report page: complete, self-contained, escaped, the same bytes every time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

from attrs import evolve

from mentorkit.core.reporting.figures import (
    OUTCOMES,
    AnswerCount,
    ChannelFigures,
    Count,
    Flow,
    Flows,
    KpiFigures,
    Load,
    MonthFigures,
    NumberFigures,
    ProgramFigures,
    QuestionFigures,
    ReasonFigures,
    Report,
    RoleFigures,
    ScoreBand,
    SessionFigures,
    StepFigures,
    SurveyFigures,
    TrendFigures,
)
from mentorkit.presenting.html.report import report_html

BANDS = (0, 0, 1, 2, 6, 14, 17, 12, 8, 2)
MONTHS = (("2027-01", 110, 98), ("2027-02", 96, 80), ("2027-03", 62, 20), ("2027-04", 61, 0))
SURVEY = SurveyFigures(
    "midpoint",
    114,
    (
        QuestionFigures(
            "match", "How good is it?", "scale", 48, 1, (AnswerCount("1-3", 9), AnswerCount("4", 38)), 4.1, scale=(1, 5)
        ),
        QuestionFigures(
            "go-on", "How to go on?", "choice", 46, 0, (AnswerCount("as now", None), AnswerCount("no", None))
        ),
        QuestionFigures("often", "Often enough?", "yes-no", 3, 0, withheld=True),
        QuestionFigures("words", "What else?", "text", 31, 0),
    ),
)
TREND = (
    TrendFigures("2027-01", None, 60, 60, 98),
    TrendFigures("2027-02", 119, 62, 61, None),
    TrendFigures("2027-03", 119, 62, 61, 198),
)


def kpi(name: str = "match-rate", **changes: Any) -> KpiFigures:
    words = {"counted": "people matched", "among": "people who want it"}
    figures = KpiFigures(name, "people matched, of all", "share", 62, 67, 62 / 67, 0.95, False, False, **words)
    return evolve(figures, **changes)


def a_report(**changes: Any) -> Report:
    months = (*(MonthFigures(one[0], *one) for one in MONTHS), MonthFigures("2027-05", "2027-06", 105, 0))
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
        sessions=SessionFigures(
            434, 223, 198, 11, 7, months, (NumberFigures(1, 1, 61, 58), NumberFigures(2, 3, 122, 9))
        ),
        messages=(Count("failed", 1), Count("sent", 530)),
        steps=(StepFigures("match-announcement", {"sent": 113}), StepFigures("kick-off", {"failed": 1, "sent": 417})),
        surveys=(SURVEY,),
        trend=TREND,
        small_cells=5,
    )
    return evolve(report, **changes)


class Page(HTMLParser):
    """Collects elements with their attributes, and the text between them."""

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
        self.text += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()
        self.text += " "

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
        kpis=(kpi(nasty, summary=nasty, counted=nasty, among=nasty),),
        surveys=(SurveyFigures(nasty, 9, (QuestionFigures(nasty, nasty, "choice", 9, 0, (AnswerCount(nasty, 9),)),)),),
        loads=(Load("mentor", 1, 1, 1),),
    )

    page = Page(report_html(report))

    assert "script" not in {tag for tag, _ in page.tags}
    assert nasty in page.text


def test_key_figures_show_value_target_day_and_what_they_are_made_of() -> None:
    text = text_of(a_report())

    asked = text_of(a_report(kpis=(kpi(about="How did it go?"),)))
    assert "People matched, of all: “How did it go?”" in asked
    assert "92.5 % ✗ not met target: at least 95 % People matched, of all." in text
    assert "people matched 62 people who want it 67 as of 10 Mar 2027" in text
    assert "9 days ✓ met" in text
    assert "no data yet target: at least 75 %" in text


def test_targets_are_not_judged_too_early() -> None:
    assert "0 % too early to say target: at least 95 %" in text_of(a_report(kpis=(kpi(value=0.0, met=None),)))
    assert "92.5 % no target" in text_of(a_report(kpis=(kpi(target=None, met=None),)))


def test_upper_bounds_say_at_most() -> None:
    assert "target: at most 95 %" in text_of(a_report(kpis=(kpi(at_most=True),)))


def test_values_that_would_show_few_people_are_bounds() -> None:
    withheld = kpi(value=None, met=None, bound="withheld")
    assert "at least 92.5 %" in text_of(a_report(kpis=(kpi(bound="at least", met=None),)))
    assert "too few answers to show" in text_of(a_report(kpis=(withheld,)))


def test_key_figures_stand_with_the_goals_they_measure() -> None:
    kpis = (kpi(goals=("career-growth",)), kpi("retention", goals=("career-growth", "knowledge-sharing")), kpi("nps"))
    text = text_of(a_report(kpis=kpis))

    assert text.index("Career growth") < text.index("Match rate") < text.index("Retention")
    assert "Measured by retention, shown with another goal." in text
    assert "The program as a whole NPS" in text


def test_goals_that_no_figure_measures_by_itself_are_measured_by_all() -> None:
    text = text_of(a_report())

    assert "every key figure below counts for it. Career growth : People take the next step of their careers." in text
    assert "The program as a whole" not in text


def test_the_first_screen_says_what_a_sponsor_must_know() -> None:
    text = text_of(a_report())

    assert (
        "61 of 67 riders have a road captain. It is day 59 of 141, and 61 relationships are under way. "
        "Of 223 sessions that are over, 198 were held, as people told us. 1 relationship ended early. "
        "48 of 114 people answered the midpoint survey. 2 of 3 key figures with a target meet it. "
        "Not there yet: match rate (92.5 %, target at least 95 %)."
    ) in text


def test_unmatched_people_are_counted_with_their_reasons() -> None:
    reasons = (ReasonFigures("capacity", 7, 8), ReasonFigures("seniority-gap", None, None))
    text = text_of(a_report(unmatched=9, reasons=reasons))

    assert "9 people who would like a partner have none." in text
    assert "every possible partner is taken 7 8" in text
    assert "the rule “seniority gap” not shown not shown" in text
    assert "Not shown: fewer than 5, or a number that would give those away." in text


def test_every_chart_has_a_title_a_description_and_a_table() -> None:
    source = report_html(a_report())
    figures = re.findall(r"<figure.*?</figure>", source, re.DOTALL)

    assert 12 == len(figures)
    for figure in figures:
        labelled = re.search(r'role="img"[^>]*aria-labelledby="(\S+) (\S+)"', figure)
        assert labelled
        assert re.search(rf'<title id="{labelled[1]}">[^<]+</title>', figure)
        assert re.search(rf'<desc id="{labelled[2]}">[^<]+</desc>', figure)
        assert "<table>" in figure
        assert '<th scope="col"' in figure
    ids = re.findall(r'\bid="([^"]+)"', source)
    assert len(ids) == len(set(ids))


def test_numbers_of_a_chart_stand_in_its_table() -> None:
    text = text_of(a_report())

    for band, count in enumerate(BANDS):
        assert f"{10 * band}-{10 * band + 10} {count}" in text
    assert "Jan 2027 110 98" in text
    assert "May to Jun 2027 105 0" in text
    assert "2 to 3 122 9" in text
    assert "Jan 2027 not known 60 60" in text
    assert "Feb 2027 not shown Mar 2027 198" in text


def test_what_became_of_messages_on_each_channel_is_shown_where_that_says_anything() -> None:
    def channel(name: str, **counts: int | None) -> ChannelFigures:
        return ChannelFigures(name, {one: counts.get(one, 0) for one in OUTCOMES})

    mail, chat = channel("mail", sent=40, failed=None), channel("team <chat>", sent=30, failed=None, passed_on=7)
    shown = report_html(evolve(a_report(), channels=(mail, chat)))
    rows = re.findall(r'<tr><th scope="(?:row|col)">(?:Channel|mail|team &lt;chat&gt;)</th>.*', shown)
    assert [
        ["sent", "failed", "refused, and sent by another channel"],
        ["40", "not shown", "0"],
        ["30", "not shown", "7"],
    ] == [re.findall(r'class="number">([^<]*)<', row) for row in rows]
    assert "Channel</th>" not in report_html(evolve(a_report(), channels=(channel("mail", sent=40),)))


def test_surveys_show_rates_means_and_counts_but_no_words() -> None:
    text = text_of(a_report())

    assert (
        "48 of 114 people answered (42 %). 1 answer could not be read. 4.1 on average, on a scale from 1 to 5" in text
    )
    assert "1-3 9" in text
    assert "Often enough? 3 of 114 people answered (3 %). Too few to show: fewer than 5 answers." in text
    assert "What else? 31 of 114 people answered (27 %). What people wrote is not shown here" in text
    assert "as now not shown" in text


def test_a_question_nobody_answered_says_no_more_than_that() -> None:
    words = QuestionFigures("words", "What else?", "text", 0, 0)
    text = text_of(a_report(surveys=(evolve(SURVEY, questions=(SURVEY.questions[0], words)),)))

    assert "What else? 0 of 114 people answered (0 %)." in text
    assert "What people wrote" not in text


def test_a_survey_nobody_has_answered_says_so() -> None:
    quiet = evolve(SURVEY, questions=tuple(evolve(one, answered=0) for one in SURVEY.questions))

    assert "114 people were asked. No answers have come in yet." in text_of(a_report(surveys=(quiet,)))
    assert "Nobody has been asked yet." in text_of(a_report(surveys=(evolve(quiet, asked=0),)))


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
        surveys=(),
        trend=(),
    )

    text = text_of(report)

    assert "Nobody has been matched yet." in text
    assert "The program starts in 2 days. People have signed up: 52 as road captains and 67 as riders." in text
    assert "Without a partner" not in text


def test_bars_never_leave_their_track() -> None:
    lengths = [float(one) for one in re.findall(r"(?:width|left)[:=]\"?([\d.]+)%", report_html(a_report()))]

    assert 100 >= max(lengths)
    assert 0 <= min(lengths)
