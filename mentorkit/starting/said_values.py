"""Values as people write them on a command line, where texts have no quotes: of parameters and of options."""

from __future__ import annotations

import tomllib
from typing import Any, get_type_hints

import attrs

from mentorkit.core.declaring.parameters import TYPES, Parameter

_TEXTS = {"string", "length", "time"}


def parameter_value(parameter: Parameter, text: str) -> Any:
    """Return the value of a parameter.

    Raises:
        ValueError: the parameter cannot be it; it says what is expected.
    """
    check, expected = TYPES[parameter.type]
    value = text if parameter.type in _TEXTS else _as_toml(text)
    if value is None or not check(value):
        raise ValueError(f'"{parameter.name}" cannot be "{text}"; write {expected}')
    return value


def option_value(options: type, name: str, text: str) -> Any:
    """Return the value of a field of an options class; what is no TOML is a text. Whether it suits, `check` says."""
    if get_type_hints(options).get(name) is str:
        return text
    value = _as_toml(text)
    return text if value is None else value


def option_names(options: type | None) -> tuple[str, ...]:
    """Return the names of a model's or scope's options."""
    return tuple(one.name for one in attrs.fields(options)) if options is not None else ()


def _as_toml(text: str) -> Any:
    """Return a value as TOML has it, None where it has none such."""
    try:
        values = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return None
    return values["value"] if set(values) == {"value"} else None
