"""How single words of a declaration become values: lengths, moments, zones, addresses, names, recipes, conditions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import attrs
from cattrs import Converter, IterableValidationNote

from mentorkit.core.conditions import Condition
from mentorkit.core.contracts import Secret
from mentorkit.core.declaring import declarations as d
from mentorkit.core.declaring.condition_parsing import parse_condition
from mentorkit.core.declaring.recipe_checking import as_recipe
from mentorkit.core.declaring.zone_words import zone_advice
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.moments import (
    parse_at_most,
    parse_cadence,
    parse_hours,
    parse_intake,
    parse_length,
    parse_patience,
    parse_quiet_hours,
    parse_step_condition,
    parse_until,
    parse_weekdays,
    parse_when,
)
from mentorkit.core.program import AtMost, ColumnRecipe, Intake, Length, StepCondition, When, is_language
from mentorkit.core.zones import known_zones

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)


class Unfit(Exception):  # noqa: N818 (it never leaves structuring)
    """A value has the wrong type; the message says what is expected."""


def note_index(problem: BaseException, index: int | str) -> None:
    """Note in which member of a list or table a problem arose."""
    problem.add_note(IterableValidationNote(f"at {index!r}", index, None))


def text(value: Any, _: Any = None) -> str:
    """Return a text without control characters other than line breaks and tabs."""
    if not isinstance(value, str):
        raise Unfit("a text in quotes")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in value):
        raise ValueError("there is a control character in this text")
    return value


def _some_text(value: Any, _: Any) -> str:
    if not text(value).strip():
        raise ValueError("this must not be empty")
    return text(value)


def _name(value: Any, _: Any) -> str:
    if not _NAME.fullmatch(text(value)):
        raise ValueError(f'"{value}" is not a name: use letters, digits, "-" and "_", at most 60')
    return text(value)


def _zone(value: Any, _: Any) -> str:
    if text(value) not in known_zones():
        raise ValueError(f'unknown time zone "{value}"; {zone_advice(value)}')
    return text(value)


def _language(value: Any, _: Any) -> str:
    if not is_language(text(value)):
        raise ValueError(f'"{value}" is no language; write its code, such as "de" or "pt-BR"')
    return text(value)


def _address(value: Any, _: Any) -> str:
    if not is_mail_address(text(value)):
        raise ValueError(f'"{value}" is not one plain mail address, such as "aurora@example.org"')
    return text(value)


def _count(value: Any, _: Any) -> int:
    if type(value) is not int:
        raise Unfit("a whole number")
    if value < 0:
        raise ValueError(f"{value} is less than 0")
    return value


def _positive(value: Any, _: Any) -> float:
    if type(value) not in (int, float):
        raise Unfit("a number above 0")
    if value <= 0:
        raise ValueError(f"{value} is not above 0; to go without it, write off = true")
    return float(value)


def _places(value: Any, _: Any) -> int | str:
    if isinstance(value, str):
        return _some_text(value, None)
    if type(value) is not int:
        raise Unfit("a number of places or the name of a column")
    if value < 1:
        raise ValueError(f"{value} places leave nobody to match; write 1 or more")
    return value


def _one_or_more(value: Any, _: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (text(value),)
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise Unfit("a text or a list of texts")
    if not value:
        raise ValueError("this names nobody; leave the step out, or name somebody")
    return tuple(dict.fromkeys(value))


def _channel_names(value: Any, _: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (text(value),)
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise Unfit("the name of a channel, or a list of names")
    if not value:
        raise ValueError("this names no channel; leave it out, and every declared channel is used")
    return tuple(dict.fromkeys(value))


def _secret(value: Any, _: Any) -> Secret:
    """Return where a secret is kept; what stands there instead may be one, and is never repeated."""
    if isinstance(value, dict) and len(value) == 1:
        ((kept_in, name),) = value.items()
        if kept_in in ("env", "file") and isinstance(name, str) and text(name).strip():
            return Secret(kept_in, name)
    raise ValueError(
        'a secret is never written here, only where it is kept: { env = "NAME" } for an environment variable, or '
        '{ file = "PATH" } for a file that holds nothing else'
    )


def _text_or_secret(value: Any, _: Any) -> str | Secret:
    if not isinstance(value, str | dict):
        raise Unfit('a text in quotes, or where it is kept as a secret: { env = "NAME" } or { file = "PATH" }')
    return text(value) if isinstance(value, str) else _secret(value, None)


def _cadence(value: Any, _: Any) -> tuple[Length, ...]:
    if isinstance(value, str):
        return (parse_cadence(value),)
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise Unfit('a text such as "every 4 weeks", or a list of such texts')
    return tuple(parse_cadence(member) for member in value)


def _until(value: Any, _: Any) -> When:
    if type(value) is date:
        return When("day", day=value, text=value.isoformat())
    return parse_until(text(value))


def _weekdays(value: Any, _: Any) -> frozenset[int]:
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise Unfit('a list of weekdays, such as ["mon", "tue"]')
    return parse_weekdays(value)


def _raw_table(value: Any, _: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unfit("a table")
    return value


def _parsed(parse: Callable[[str], Any], expected: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, str):
            raise Unfit(expected)
        return parse(value)

    return hook


def _recipe(converter: Converter) -> Callable[[Any, Any], ColumnRecipe]:
    def hook(value: Any, _: Any) -> ColumnRecipe:
        if isinstance(value, str):
            return ColumnRecipe((_some_text(value, None),))
        if not isinstance(value, dict):
            raise Unfit("a header, or a table that says how the column is made")
        return as_recipe(converter.structure(value, d.RecipeTable))

    return hook


def _place(converter: Converter) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        return converter.structure(value, d.PlaceTable) if isinstance(value, dict) else text(value)

    return hook


def register(converter: Converter) -> None:
    """Teach a converter the words of declarations."""
    words: dict[Any, Callable[[Any, Any], Any]] = {
        d.Text: _some_text,
        d.Name: _name,
        d.Zone: _zone,
        d.LanguageCode: _language,
        d.MailAddress: _address,
        d.Count: _count,
        d.Positive: _positive,
        d.Places: _places,
        d.OneOrMore: _one_or_more,
        d.ChannelNames: _channel_names,
        d.Cadence: _cadence,
        d.Weekdays: _weekdays,
        d.RawTable: _raw_table,
        d.Hours: _parsed(parse_hours, 'a text, such as "09:00-17:00"'),
        d.QuietHours: _parsed(parse_quiet_hours, 'a text, such as "20:00-07:00"'),
        d.Patience: _parsed(parse_patience, 'a text, such as "10 minutes"'),
        AtMost: _parsed(parse_at_most, 'a text, such as "2 per week"'),
        Length: _parsed(parse_length, 'a text, such as "24 weeks"'),
        Intake: _parsed(parse_intake, 'a text, such as "every monday" or "monthly"'),
        When: _parsed(parse_when, 'a text, such as "match + 3 days at 09:00"'),
        d.Repeat: _parsed(parse_cadence, 'a text, such as "every 60 days"'),
        d.Until: _until,
        StepCondition: _parsed(parse_step_condition, 'a text, such as "not met"'),
        Condition: lambda value, _: parse_condition(value),
        ColumnRecipe: _recipe(converter),
    }
    for word, hook in words.items():
        converter.register_structure_hook_func(partial(_is, word), hook)
    converter.register_structure_hook(Secret, _secret)
    converter.register_structure_hook_func(partial(_is, str | Secret), _text_or_secret)
    place = attrs.fields(attrs.resolve_types(d.SessionsTable)).place.type
    converter.register_structure_hook_func(partial(_is, place), _place(converter))


def _is(word: Any, wanted: Any) -> bool:
    return bool(wanted == word)
