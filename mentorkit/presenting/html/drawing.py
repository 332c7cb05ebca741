"""From the figures of a report to its charts: what each shows, in words, and its table."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.reporting.figures import MonthFigures, QuestionFigures, Report
from mentorkit.presenting.html.charts import Chart, Series, bar_chart, column_chart, histogram, line_chart
from mentorkit.presenting.report_words import ending_words, month_words, plural, reason_words, told
from mentorkit.presenting.tables import counted


def matched_chart(report: Report) -> Chart | None:
    """Return how many people of each role have had a partner."""
    roles = [role for role in report.roles if role.participants]
    if not roles:
        return None
    rows = [(plural(role.title), role.matched, f"{role.participants:,}", f"{role.active:,}") for role in roles]
    said = "; ".join(
        f"{role.matched:,} of {counted(role.participants, role.title, plural(role.title))}" for role in roles
    )
    head = ("role", "matched at least once", "people", "matched now")
    largest = max(role.participants for role in roles)
    return bar_chart("matched", "People who have had a partner", f"{said}.", head, rows, largest)


def reasons_chart(report: Report) -> Chart | None:
    """Return why people are without a partner."""
    rows = [(reason_words(one.reason), one.mainly, told(one.people)) for one in report.reasons]
    if not rows:
        return None
    said = f"{counted(report.unmatched, 'person', 'people')} without a partner, by main reason: {_said(rows)}."
    head = ("main reason", "people", "affects")
    return bar_chart("reasons", "Why people have no partner", said, head, rows, report.unmatched)


def _said(rows: Sequence[tuple[str, int | None, *tuple[str, ...]]]) -> str:
    return "; ".join(f"{row[0]}: {told(row[1])}" for row in rows)


def endings_chart(report: Report) -> Chart | None:
    """Return why relationships ended early."""
    rows = [(ending_words(one.name), one.count) for one in report.endings]
    if not rows:
        return None
    said = f"Relationships that ended early, by reason: {_said(rows)}."
    return bar_chart("endings", "Why relationships ended early", said, ("reason", "relationships"), rows)


def scores_chart(report: Report) -> Chart | None:
    """Return how well people fit."""
    if not report.scores:
        return None
    bands = [(band.low, band.high, band.count) for band in report.scores]
    most = max(bands, key=lambda band: band[2] / (band[1] - band[0]))
    said = f"Most scores lie between {most[0]} and {most[1]}. The area of a column is the number of relationships."
    return histogram("scores", "Relationships by score, 0 to 100", said, ("score", "relationships"), bands)


def load_charts(report: Report) -> Sequence[Chart]:
    """Return for each offering role how many relationships its people have."""
    titles = {role.role: role.title for role in report.roles}
    charts = []
    for number, name in enumerate(dict.fromkeys(load.role for load in report.loads), 1):
        title = titles.get(name, name)
        rows = [
            (f"{load.words} {'relationship' if load.words == '1' else 'relationships'}", load.people)
            for load in report.loads
            if load.role == name
        ]
        said = f"{plural(title).capitalize()} by the number of relationships they have now: {_said(rows)}."
        head = ("has", plural(title))
        charts.append(bar_chart(f"load-{number}", f"Relationships per {title}", said, head, rows))
    return charts


def flows_chart(report: Report) -> Chart | None:
    """Return which department learns from which."""
    if report.flows is None:
        return None
    rows: list[tuple[str, int]] = [(f"{one.wanting} ← {one.offering}", one.count) for one in report.flows.shown]
    rows += [("all other", report.flows.hidden)] if report.flows.hidden else []
    if not rows:
        return None
    said = f"Pairs by the department that learns and the one it learns from: {_said(rows)}."
    return bar_chart("flows", "Who learns from which department", said, ("learns ← from", "pairs"), rows)


def months_chart(report: Report) -> Chart | None:
    """Return sessions by month."""
    rows = [(_months(one), one.months, one.planned, one.held) for one in report.sessions.months]
    if not rows:
        return None
    said = "; ".join(f"{label}: {told(planned)} planned, {told(held)} held" for label, _, planned, held in rows)
    return column_chart("months", "Sessions by month", f"{said}.", ("month", "planned", "held, as reported"), rows)


def _months(figures: MonthFigures) -> str:
    if figures.month[:4] == figures.until[:4] and figures.month != figures.until:
        return _range(month_words(figures.month)[:3], month_words(figures.until))
    return _range(month_words(figures.month), month_words(figures.until))


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def numbers_chart(report: Report) -> Chart | None:
    """Return how many relationships have held their first session, their second, and so on."""
    rows = [
        (_range(f"{one.number}", f"{one.up_to}"), one.up_to - one.number + 1, one.planned, one.held)
        for one in report.sessions.numbers
    ]
    if not rows:
        return None
    said = "; ".join(f"session {label}: held by {told(held)} of {told(planned)}" for label, _, planned, held in rows)
    head = ("session", "relationships that plan it", "relationships that held it")
    return column_chart("numbers", "Relationships by session", f"{said}.", head, rows)


def question_chart(key: str, question: QuestionFigures) -> Chart | None:
    """Return what was answered to a question; None where nothing of it may be drawn."""
    rows = [(one.answer, one.people) for one in question.answers]
    if not rows:
        return None
    said = f"{counted(question.answered, 'answer')}: {_said(rows)}."
    return bar_chart(key, question.text, said, ("answer", "people"), rows)


def trend_charts(report: Report) -> Sequence[Chart]:
    """Return people and relationships over time, and sessions over time; nothing before there are two months."""
    points = report.trend
    if len(points) < 2:
        return ()
    labels = [month_words(one.month) for one in points]
    held = Series("sessions held", [one.held for one in points])
    people = (
        Series("participants", [one.participants for one in points], "not known"),
        Series("matched so far", [one.matched for one in points]),
        Series("active relationships", [one.active for one in points]),
    )
    drawn = [
        ("trend-people", "People and relationships, at the end of each month", people),
        ("trend-sessions", "Sessions held so far, at the end of each month", (held,)),
    ]
    return tuple(_trend_chart(key, title, labels, series) for key, title, series in drawn)


def _trend_chart(key: str, title: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    known = [one for one in series if any(value is not None for value in one.values)]
    said = "; ".join(f"{one.name} from {one.cells[0]} to {one.cells[-1]}" for one in known)
    return line_chart(key, title, f"From {labels[0]} to {labels[-1]}: {said}.", "month", labels, known)
