"""Program files, templates and locks: tables of known keys with values that nearly fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import tomli_w
from hypothesis import strategies as st

from fuzz.structures.words import (
    addresses,
    any_of,
    clocks,
    dates,
    hours,
    numbers,
    odd_text,
    picked,
    spans,
    weekdays,
    whens,
    zones,
)

Values = st.SearchStrategy[Any]

_leaves: Values = st.one_of(
    st.booleans(),
    st.integers(-3, 2**63),
    st.floats(allow_nan=True),
    odd_text.map(lambda text: text.encode(errors="ignore").decode()),
    st.dates(),
    st.datetimes(),
    st.times(),
)
_odd: Values = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("abc-", max_size=3), inner, max_size=2),
    max_leaves=3,
)
_starts: Values = st.dates(date(2026, 12, 1), date(2027, 2, 1))
_names = st.sampled_from(["x", "y", "skills", "announcement", "midpoint"])
_columns = picked(
    "department", "Grade", "level", "skills", "wants", "timezone", "hire_date", "score", "country", "nope"
)
_roles = picked("mentor", "mentee", "peer", "everyone", "matched", "unmatched", "coordinator", "managers", "silent")


def _some(needed: Mapping[str, Values], others: Mapping[str, Values]) -> Values:
    """Return tables with most of the keys, now and then with an odd value or key."""
    tables = st.fixed_dictionaries(dict(needed), optional=dict(others))
    spoiled = st.tuples(tables, st.sampled_from(sorted({*needed, *others, "nope", "off"})), _odd).map(
        lambda one: {**one[0], one[1]: one[2]}
    )
    return st.one_of(tables, tables, tables, tables, spoiled)


def _named(table: Values) -> Values:
    return st.dictionaries(_names, table, max_size=2)


_condition: Values = st.one_of(
    odd_text,
    st.booleans(),
    st.lists(odd_text, max_size=2),
    _some(
        {},
        {
            "at_least": st.integers(0, 5) | _starts,
            "at_most": st.integers(0, 5),
            "not": odd_text,
            "within": spans,
            "contains": odd_text,
        },
    ),
)
_recipe: Values = st.one_of(
    picked("Grade", "Skills", "id", "Hired"),
    _some(
        {"column": picked("Grade", "Skills", "Hired", "Site")},
        {
            "order": st.lists(picked("Junior", "Senior", "Lead"), max_size=3, unique=True),
            "split": picked(";", ",", ""),
            "format": picked("DD.MM.YYYY", "YYYY-MM-DD", "MM/DD/YY", "DD.MM"),
            "map": st.dictionaries(picked("Munich HQ", "Oslo"), odd_text, max_size=2),
        },
    ),
    _some({"columns": st.lists(picked("name", "Site"), max_size=3)}, {}),
)
_step = {
    "when": any_of(whens),
    "to": _roles | st.lists(_roles, max_size=3),
    "message": picked("messages/hello", "messages/nope", "../x", "/etc/passwd"),
}
_of_steps = {
    "per": picked("person", "relationship"),
    "expires": any_of(spans),
    "repeat": any_of(st.builds("every {}".format, spans), spans),
    "until": any_of(whens, dates),
    "if": picked(
        "met", "not met", "not answered midpoint", "answered x", "silent 14 days", "missed 2", "served", "ended early"
    ),
}
_series = {
    "count": st.integers(0, 60),
    "cadence": any_of(spans, st.builds("every {}".format, spans)) | st.lists(any_of(spans), max_size=3),
    "minutes": st.integers(0, 600),
    "hours": any_of(hours),
    "days": st.lists(weekdays, max_size=3),
    "book": picked("all", "first", "suggest", "none"),
    "place": picked("Room 1") | _some({"column": _columns}, {}),
    "agendas": picked("agendas/", "../", "messages/"),
}
_criterion: Values = _some(
    {"kind": picked("overlap", "similar", "same", "different", "near", "gap")},
    {
        "weight": st.integers(-1, 50) | st.floats(0, 9),
        "column": _columns,
        "mentor": _columns,
        "mentee": _columns,
        "span": st.integers(-1, 9),
        "target": st.integers(-3, 3),
        "only_if": st.dictionaries(_columns, _condition, max_size=1),
    },
)
_rule: Values = _some(
    {
        "kind": picked(
            "same",
            "different",
            "seniority-gap",
            "outside-reporting-line",
            "never",
            "always",
            "shared-language",
            "timezone-distance",
        )
    },
    {
        "column": _columns,
        "at_least": st.integers(-3, 9),
        "at_most": st.integers(-3, 9),
        "file": picked("answers.csv", "x.csv"),
        "if_missing": picked("allow", "block"),
        "pairs": st.lists(st.lists(picked("1", "4"), max_size=3), max_size=2),
    },
)
_channel: Values = _some(
    {"use": picked("outbox", "smtp", "webhook", "slack", "matrix", "caldav")},
    {
        "host": picked("localhost"),
        "from": any_of(addresses),
        "password": _some({"env": picked("X")}, {"file": picked("x")}) | odd_text,
        "url": picked("https://x.example", "http://127.0.0.1", "file:///etc/passwd"),
        "token": _some({"env": picked("X")}, {}),
    },
)
_PARTS: Mapping[str, Values] = {
    "matching": _some(
        {},
        {
            "use": picked("optimal", "stable", "random", "peers", "groups"),
            "objective": st.lists(picked("coverage", "total-score", "worst-off", "even-load"), max_size=3),
            "publish": picked("auto", "review"),
            "intake": picked("every monday", "monthly", "every 2 weeks"),
            "criteria": _named(_criterion),
            "rules": _named(_rule),
        },
    ),
    "sessions": _some(_series, {}),
    "series": _named(_some(_series, {"who": _roles})),
    "timeline": _named(_some(_step, _of_steps)),
    "surveys": _named(_some({**_step, "questions": picked("surveys/midpoint.toml", "x.toml")}, _of_steps)),
    "kpis": _named(
        _some({"kind": picked("match-rate", "participation", "satisfaction")}, {"target": st.floats(-1, 2)})
    ),
    "privacy": _some({}, {"sensitive": st.lists(_columns, max_size=2), "small_cells": st.integers(-1, 9)}),
    "channels": _named(_channel),
    "delivery": _some(
        {},
        {
            "quiet_hours": any_of(hours),
            "at_most": st.builds("{} per {}".format, numbers, picked("week", "day")),
            "digest": st.booleans(),
        },
    ),
    "answers": _some({"files": st.lists(picked("answers.csv", "x.csv", "messages"), max_size=2)}, {}),
    "messages": _some({"columns": st.lists(_columns, max_size=2)}, {}),
    "words": st.dictionaries(picked("mentor", "mentee"), odd_text, max_size=2),
    "contacts": st.dictionaries(_names, any_of(addresses), max_size=2),
}
_program = _some(
    {"name": picked("Pilot"), "starts": _starts, "length": any_of(spans) | st.just("12 weeks")},
    {
        "id": picked("pilot", "a b", "../x"),
        "timezone": any_of(zones),
        "coordinator": any_of(addresses),
        "opens": st.dates(date(2026, 11, 1), date(2027, 1, 1)),
        "signup_closes": _starts,
        "seed": st.integers(-1, 9),
        "goals": st.lists(picked("leadership", "reach", "quick-win"), max_size=2),
        "silent_after": any_of(spans),
    },
)
_roster = _some(
    {"file": st.just("people.csv")},
    {
        "columns": st.dictionaries(_columns, _recipe, max_size=4),
        "eligible": st.dictionaries(_columns, _condition, max_size=1),
        "roles": st.dictionaries(
            picked("mentor", "mentee"), st.dictionaries(_columns, _condition, max_size=2), max_size=2
        ),
        "capacity": st.dictionaries(picked("mentor", "mentee"), st.integers(-1, 4) | _columns, max_size=2),
        "missing": picked("hold", "left"),
    },
)
_models = picked("one-on-one", "group", "peer", "reverse", "erg", "flash")


def _toml(values: Any) -> bytes:
    return str(tomli_w.dumps(_without_odd_zones(values))).encode(errors="ignore")


def _without_odd_zones(value: Any) -> Any:
    """Return values as TOML has them: no NUL keys, no datetimes that it cannot write."""
    if isinstance(value, dict):
        return {key: _without_odd_zones(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_odd_zones(one) for one in value]
    if isinstance(value, (datetime, time)):
        return value.replace(microsecond=0)
    return value


tables: Values = st.builds(
    lambda program, roster, model, parts, head: {
        **head,
        "program": program,
        "roster": roster,
        "model": {"use": model},
        **parts,
    },
    _program,
    _roster,
    _models,
    st.fixed_dictionaries({}, optional=dict(_PARTS)),
    st.sampled_from(
        [{}, {}, {"format": 1}, {"extends": "./mine"}, {"extends": "traditional-one-on-one"}, {"extends": "./nope"}]
    ),
)
programs: st.SearchStrategy[bytes] = tables.map(_toml)

_parameter: Values = _some(
    {"type": picked("length", "string", "integer", "time", "strings", "date", "boolean", "number")},
    {"default": st.one_of(spans, clocks, st.integers(0, 9), st.booleans(), _starts), "help": odd_text},
)
templates: st.SearchStrategy[bytes] = st.builds(
    lambda parts, parameters, requires: {
        "template": {"name": "mine", "version": "1.0"},
        "model": {"use": "one-on-one"},
        "parameters": parameters,
        "requires": requires,
        **parts,
    },
    st.fixed_dictionaries(
        {}, optional={name: part for name, part in _PARTS.items() if name not in ("channels", "answers")}
    ),
    st.fixed_dictionaries({"rhythm": _parameter}),
    _some(
        {},
        {
            "columns": st.lists(_columns, max_size=2),
            "people": st.integers(-1, 9),
            "plugins": st.lists(odd_text, max_size=1),
        },
    ),
).map(_toml)

locks: st.SearchStrategy[bytes] = _some(
    {
        "ledger": _some({"id": odd_text}, {}),
        "template": _some({"name": odd_text, "version": odd_text, "digest": odd_text}, {}),
    },
    {"plugins": st.dictionaries(odd_text, odd_text, max_size=3)},
).map(_toml)
