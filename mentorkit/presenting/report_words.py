"""Words for the figures of a report."""

from __future__ import annotations

from datetime import date, datetime

from mentorkit.core.contracts import Unit
from mentorkit.core.reporting.figures import OTHER, KpiFigures, ProgramFigures
from mentorkit.messages.languages import day_text
from mentorkit.presenting.tables import counted

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_REASONS = {
    "capacity": "every possible partner is taken",
    "not-chosen": "possible partners have free places, but were not matched",
    "too-few": "there are too few people for a group",
    "no-partner": "there is nobody on the other side",
    "joined-late": "joined after the matching",
    "leaving": "leave too soon to begin",
    "paused": "takes a pause",
}

_ENDINGS = {
    "declined": "one of the two declined",
    "left": "somebody left the program",
    "rematched": "matched anew",
    "withdrawn": "taken back",
    "ended": "ended, no reason given",
    "unknown": "no reason given",
    OTHER: "other reasons",
}

_STATES = {"in_doubt": "in doubt", "at_risk": "being sent"}
_OUTCOMES = {"passed_on": "refused, and sent by another channel", "deferred": "put off, to be tried again"}

_GOALS = {
    "leadership": ("Leadership", "People grow into leading others."),
    "career-growth": ("Career growth", "People take the next step of their careers."),
    "onboarding": ("Onboarding", "New colleagues find their way in."),
    "knowledge-sharing": ("Knowledge sharing", "What some know reaches those who need it."),
    "inclusion": ("Inclusion", "Everybody is heard, and has a fair chance."),
    "executive-awareness": ("Executive awareness", "Leaders see the company with other eyes."),
    "networks": ("Networks", "People know each other across departments and sites."),
    "confidential": ("A confidential ear", "People can speak openly about what troubles them."),
    "reach": ("Reach", "Many people take part, even with few mentors."),
    "quick-win": ("Quick wins", "People get something out of it within weeks."),
}

NOT_SHOWN = "not shown"


def kpi_name(name: str) -> str:
    """Return what a key figure is called: `Match rate` for `match-rate`, `NPS` for `nps`."""
    return "NPS" if name == "nps" else (name[:1].upper() + name[1:]).replace("-", " ").replace("_", " ")


def kpi_value(value: float, unit: Unit) -> str:
    """Return a value in its unit: `93.8 %`, `12.5 days`, `4.2`, or `+32`; without a needless `.0`."""
    if unit == "share":
        return f"{_short(100 * value)} %"
    if unit == "days":
        return f"{_short(value)} {'day' if round(value, 1) == 1 else 'days'}"
    return f"{value:.1f}" if unit == "mean" else f"{value:+.0f}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def kpi_told(kpi: KpiFigures) -> str:
    """Return the value of a key figure with its bound; "" where it has none."""
    if kpi.value is None:
        return ""
    return f"{kpi.bound} {kpi_value(kpi.value, kpi.unit)}".strip()


def kpi_target(kpi: KpiFigures) -> str:
    """Return what a key figure is to come to, `at least 95 %`; "" without a target."""
    if kpi.target is None:
        return ""
    return f"at {'most' if kpi.at_most else 'least'} {kpi_value(kpi.target, kpi.unit)}"


def kpi_verdict(kpi: KpiFigures) -> str:
    """Return where a key figure stands: `met`, `not met`, or why nobody can say."""
    if kpi.value is None:
        return "too few answers to show" if kpi.bound == "withheld" else "no data yet"
    if kpi.target is None:
        return "no target"
    if kpi.met is None:
        return "too close to say" if kpi.bound else "too early to say"
    return "met" if kpi.met else "not met"


def number_words(number: float) -> str:
    """Return a number as it stands in a sentence: `1,200` or `12.5`."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def moment_words(local: datetime) -> str:
    """Return a local moment in words."""
    return f"{day_text(local.date())}, {local:%H:%M}"


def month_words(month: str) -> str:
    """Return `Jan 2027` for `2027-01`."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def short_day(day: date) -> str:
    """Return `11 Jan 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def phase_words(program: ProgramFigures) -> str:
    """Return where the program stands: `starts in 12 days`, `day 38 of 140`, `ended 3 days ago`."""
    if program.today < program.starts:
        return f"starts in {counted((program.starts - program.today).days, 'day')}"
    if program.phase == "ended":
        return f"ended {counted((program.today - program.ends).days, 'day')} ago"
    return f"day {(program.today - program.starts).days + 1} of {(program.ends - program.starts).days + 1}"


def goal_words(goal: str) -> tuple[str, str]:
    """Return what a goal is called, and what it means in a sentence ("" for one that mentorkit does not know)."""
    return _GOALS.get(goal, (goal.replace("-", " ").capitalize(), ""))


def reason_words(reason: str) -> str:
    """Return why somebody is unmatched; a rule is called by its name, `the rule “keep apart”`."""
    return _REASONS.get(reason, f"the rule “{reason.replace('-', ' ')}”")


def ending_words(reason: str) -> str:
    """Return why a relationship ended; what somebody wrote stays as it is."""
    return _ENDINGS.get(reason, reason)


def state_words(state: str) -> str:
    """Return a state of messages in words."""
    return _STATES.get(state, state.replace("_", " "))


def outcome_words(outcome: str) -> str:
    """Return in words what became of messages on a channel."""
    return _OUTCOMES.get(outcome, state_words(outcome))


def told(count: int | None) -> str:
    """Return a count, or that it is not shown."""
    return NOT_SHOWN if count is None else f"{count:,}"


def plural(word: str) -> str:
    """Return several of what a role is called: `mentors`, `buddies`, `coaches`."""
    if word.endswith("y") and word[-2:-1].casefold() not in ("a", "e", "i", "o", "u"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def with_article(word: str) -> str:
    """Return `a mentor` or `an expert`."""
    return f"{'an' if word[:1].casefold() in ('a', 'e', 'i', 'o', 'u') else 'a'} {word}"
