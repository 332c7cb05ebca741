"""What a message may do to a value: the filters, none of which can make much out of little, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import signature
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.exceptions import SecurityError, UndefinedError

from mentorkit.core.diagnostics import listed, suggestion

MAX_TEXT = 20_000
"""Longest text an expression may come to, in characters."""


class ForbiddenError(SecurityError):
    """A message asks for something that the language does not have."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class UnknownName(StrictUndefined):
    """A name that is not there; says which names are. The headline and the help stand on two lines."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        known = self._undefined_obj
        if isinstance(known, Mapping):
            words = [str(word) for word in known]
            near = suggestion(str(self._undefined_name), words)
            return f'"{self._undefined_name}" is not known here\n{near or f"known: {listed(words)}"}'
        if known is None:
            advice = "some recipients have no such thing: put it between {% if … %} and {% endif %}"
            return f'"{self._undefined_name}" is asked of something that is not there for everybody\n{advice}'
        return f'"{self._undefined_name}" is not known here\n'


def undefined_problem(problem: UndefinedError) -> tuple[str, str]:
    """Return headline and help of a name that is not there."""
    headline, _, advice = str(problem.message or problem).partition("\n")
    return headline, advice


def joined(parts: Iterable[Any], separator: str = "") -> str:
    """Return parts put together, within the bound."""
    pieces: list[str] = []
    size = 0
    for part in parts:
        piece = text_of(part)
        size += len(piece) + len(separator)
        if size > MAX_TEXT + len(separator):
            raise ForbiddenError(f"an expression comes to more than {MAX_TEXT:,} characters")
        pieces.append(piece)
    return separator.join(pieces)


def text_of(value: Any) -> str:
    """Return a value as text; a list in a list in a list has none, for it could be long beyond measure."""
    if isinstance(value, (str, int, float, Undefined)):
        return str(value)
    if value is None:
        return ""
    raise ForbiddenError("a list or a group of values cannot be shown as it is; show one of its parts")


def items_of(value: Any) -> Sequence[Any]:
    """Return what a value holds, in order."""
    if isinstance(value, StrictUndefined):
        str(value)
    if isinstance(value, (str, list, tuple)):
        return value
    if isinstance(value, Mapping):
        return list(value)
    raise ForbiddenError("only a list can be repeated, joined or sorted")


def _values(value: Any, attribute: str | None) -> list[Any]:
    items = items_of(value)
    return list(items) if attribute is None else [_attribute(item, attribute) for item in items]


def _attribute(item: Any, name: str) -> Any:
    if isinstance(item, Mapping) and name in item:
        return item[name]
    str(UnknownName(obj=item, name=name))
    return None


def _join(value: Any, separator: str = "", attribute: str | None = None) -> str:
    return joined(_values(value, attribute), text_of(separator))


def _listed(value: Any, word: str = "and", attribute: str | None = None) -> str:
    """Return parts as a sentence lists them: `Ada`, `Ada and Bo`, `Ada, Bo and Cy`."""
    *before, last = _values(value, attribute) or [""]
    return joined([joined(before, ", "), last], f" {text_of(word)} ") if before else text_of(last)


def _default(value: Any, instead: Any = "", boolean: bool = False) -> Any:
    return instead if isinstance(value, StrictUndefined) or (boolean and not value) else value


def _chosen(value: Any, attribute: str, keep: bool) -> list[Any]:
    return [item for item in items_of(value) if bool(_attribute(item, attribute)) is keep]


def _sorted(value: Any, attribute: str | None = None, reverse: bool = False) -> list[Any]:
    keyed = list(zip(_values(value, attribute), items_of(value), strict=True))
    return [item for _, item in sorted(keyed, key=lambda pair: text_of(pair[0]).casefold(), reverse=bool(reverse))]


def _unique(value: Any) -> list[Any]:
    return list({text_of(item).casefold(): item for item in reversed(items_of(value))}.values())[::-1]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "capitalize": lambda value: text_of(value).capitalize(),
    "d": _default,
    "default": _default,
    "first": lambda value: next(iter(items_of(value)), ""),
    "join": _join,
    "last": lambda value: next(iter(reversed(items_of(value))), ""),
    "length": lambda value: len(items_of(value)),
    "list": lambda value: list(items_of(value)),
    "listed": _listed,
    "lower": lambda value: text_of(value).lower(),
    "map": lambda value, attribute: _values(value, attribute),
    "rejectattr": lambda value, attribute: _chosen(value, attribute, keep=False),
    "reverse": lambda value: list(reversed(items_of(value))),
    "round": lambda value, digits=0: round(float(value), min(digits, 9)) if digits else round(float(value)),
    "selectattr": lambda value, attribute: _chosen(value, attribute, keep=True),
    "sort": _sorted,
    "title": lambda value: text_of(value).title(),
    "trim": lambda value: text_of(value).strip(),
    "unique": _unique,
    "upper": lambda value: text_of(value).upper(),
}
"""Every filter a message may use. None of them can make much out of little."""


def wrong_arguments(name: str, plain: int, named: Sequence[str]) -> str:
    """Return what is wrong with how a filter is used, or "" where nothing is.

    Args:
        name: one of `FILTERS`; other names are Jinja's to refuse.
        plain: how many arguments stand in its brackets without a name.
        named: the names of the others.
    """
    if name not in FILTERS:
        return ""
    takes = signature(FILTERS[name])
    try:
        takes.bind("", *[""] * plain, **dict.fromkeys(named, ""))
    except TypeError:
        words = listed(list(takes.parameters)[1:]) or "nothing in brackets"
        return f'the filter "{name}" takes {words}, and got {plain + len(named)}'
    return ""
