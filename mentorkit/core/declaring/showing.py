"""What a program does not say and the engine takes for said, in the words in which it could have been said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

import attrs

from mentorkit.core.declaring.declarations import ProgramFile
from mentorkit.core.declaring.structuring import key_of
from mentorkit.core.moments import WEEKDAYS
from mentorkit.core.program import Length, Program


def taken_for_said(declared: ProgramFile, said: Mapping[str, Any], program: Program) -> Mapping[str, Any]:
    """Return the keys that were left out and have a value all the same, as nested values of TOML."""
    about = {"id": program.id, "timezone": program.timezone}
    found: dict[str, Any] = {
        "program": {key: value for key, value in about.items() if key not in said.get("program", {})},
        "matching": {} if "use" in said.get("matching", {}) else {"use": program.matching.matcher.name},
    }
    if program.channels and "channels" not in said.get("delivery", {}):
        found["delivery"] = {"channels": [one.name for one in program.channels]}
    return _joined(found, dict(_left_out(declared, said)))


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    joined = {**first, **second}
    for key in set(first) & set(second):
        joined[key] = _joined(first[key], second[key]) if isinstance(first[key], Mapping) else first[key]
    return {key: joined[key] for key in (*first, *(one for one in second if one not in first))}


def _left_out(declared: Any, said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for attribute in attrs.fields(type(declared)):
        key, value = key_of(attribute), getattr(declared, attribute.name)
        inner = said.get(key)
        if key not in said and not attrs.has(type(value)):
            yield from ((key, one) for one in _written(value))
        elif _is_table(value) and (inner is None or isinstance(inner, Mapping)):
            if below := dict(_left_out(value, inner or {})):
                yield key, below
        elif isinstance(value, Mapping) and isinstance(inner, Mapping):
            below = {name: dict(_left_out(one, inner[name])) for name, one in value.items() if _is_table(one)}
            yield key, {name: one for name, one in below.items() if one}
        elif key not in said:
            yield from ((key, one) for one in _written(value))


def _is_table(value: Any) -> bool:
    return attrs.has(type(value)) and type(value).__name__.endswith("Table")


def _written(value: Any) -> Iterator[Any]:
    """Yield how a value is written, or nothing where it says nothing."""
    if value in (None, "", ()) or isinstance(value, Mapping):
        return
    if isinstance(value, Length):
        yield str(value)
    elif isinstance(value, frozenset):
        yield [WEEKDAYS[day] for day in sorted(value)]
    elif isinstance(value, tuple) and isinstance(value[0], time):
        yield "-".join(f"{one:%H:%M}" for one in value)
    elif isinstance(value, tuple):
        yield [str(one) for one in value]
    elif isinstance(value, str | int | float | bool):
        yield value
