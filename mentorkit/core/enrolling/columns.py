"""Our words for columns, what kind of value each holds, and which further columns a program names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.conditions import Condition
from mentorkit.core.program import Program

Kind = Literal["text", "number", "places", "date", "tags", "mail", "zone"]

OUR_WORDS: Mapping[str, Kind] = {
    "id": "text",
    "name": "text",
    "preferred_name": "text",
    "email": "mail",
    "manager_id": "text",
    "department": "text",
    "title": "text",
    "level": "number",
    "location": "text",
    "country": "text",
    "timezone": "zone",
    "language": "text",
    "languages": "tags",
    "hire_date": "date",
    "left_on": "date",
    "paused_until": "date",
    "skills": "tags",
    "wants": "tags",
    "role": "tags",
    "capacity": "places",
    "channel": "text",
    "assistant_email": "mail",
    "busy_calendar": "text",
    "working_hours": "text",
    "meeting_link": "text",
    "erg": "tags",
    "erg_consent": "text",
}
"""Every word of ours with its kind; a header that is one of them needs no mapping."""

TAG_SEPARATOR = ";"


def condition_columns(program: Program) -> Mapping[str, str]:
    """Return the columns that conditions on people ask about, by the dotted path of each condition."""
    asked = {f"roster.eligible.{column}": column for column in program.roster.eligible}
    for role, conditions in program.roster.roles.items():
        asked |= {f"roster.roles.{role}.{column}": column for column in conditions}
    return asked


def named_columns(program: Program, catalogue: Catalogue) -> frozenset[str]:
    """Return the columns that the program names anywhere: what is neither this nor a word of ours is not read."""
    return frozenset(column for column in _named(program, catalogue) if column)


def _named(program: Program, catalogue: Catalogue) -> Iterator[str]:
    yield from _named_for_people(program)
    yield from _named_for_pairs(program, catalogue)
    yield from program.message_columns
    yield from program.requires.columns
    for channel in program.channels:
        yield from channel.columns
    for series in program.series:
        yield series.place_column
    for step in program.timeline:
        yield step.when.column


def _named_for_people(program: Program) -> Iterator[str]:
    yield from program.roster.eligible
    for conditions in program.roster.roles.values():
        yield from conditions
    yield from (column for column in program.roster.capacity.values() if isinstance(column, str))
    for source in program.roster.sources:
        yield from source.columns
        yield source.join


def _named_for_pairs(program: Program, catalogue: Catalogue) -> Iterator[str]:
    yield from program.matching.audit
    for criterion in program.matching.criteria:
        yield from (criterion.left, criterion.right, *criterion.only_if)
    for rule in program.matching.rules:
        if offered := catalogue.rules.get(rule.kind):
            yield from offered.implementation.columns(rule.options)
    if offered_matcher := catalogue.matchers.get(program.matching.matcher.name):
        yield from offered_matcher.implementation.columns(program.matching.matcher.options)
    model, scope = program.model.use, program.model.scope
    if offered_model := catalogue.models.get(model.name):
        yield from offered_model.implementation.columns(model.options)
    if scope and (offered_scope := catalogue.scopes.get(scope.name)):
        yield from offered_scope.implementation.columns(scope.options)


def kinds_of(program: Program) -> Mapping[str, Kind]:
    """Return the kind of every column whose use says it: our words, dates that something hangs on, places.

    Those by which channels find people are text: a telephone number is no number.
    """
    dates = {step.when.column for step in program.timeline if step.when.column}
    dates.update(column for column, condition in _all_conditions(program) if _asks_for_a_date(condition))
    places = {column for column in program.roster.capacity.values() if isinstance(column, str)}
    handles = {column for channel in program.channels for column in channel.columns}
    own: dict[str, Kind] = {**dict.fromkeys(sorted(dates), "date"), **dict.fromkeys(sorted(places), "places")}
    return {**dict.fromkeys(sorted(handles), "text"), **own, **OUR_WORDS}


def _all_conditions(program: Program) -> Iterable[tuple[str, Condition]]:
    yield from program.roster.eligible.items()
    for conditions in program.roster.roles.values():
        yield from conditions.items()
    for source in program.roster.sources:
        yield from source.where.items()
    for criterion in program.matching.criteria:
        yield from criterion.only_if.items()


def _asks_for_a_date(condition: Condition) -> bool:
    days = (condition.within_days, condition.longer_ago_days)
    bounds = (condition.at_least, condition.at_most)
    return any(one is not None for one in days) or any(isinstance(bound, date) for bound in bounds)
