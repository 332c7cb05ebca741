"""What a template lets a client set: declarations of parameters, the values they get, and their places in a tree.

All templates of a chain share one set of names. `{ parameter = "NAME" }` stands for a whole value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.declaring.merging import Leaf, Node, Spot, Table, is_parameter
from mentorkit.core.diagnostics import Diagnostic, error, listed, suggestion
from mentorkit.core.moments import parse_cadence, parse_length, parse_time

Placed = tuple[Spot, Diagnostic]


@frozen
class Parameter:
    """A declared parameter.

    Attributes:
        type: one of `TYPES`.
        default: its value, or None where a client must set one.
        spot: where it was declared.
        set_at: where its default was said.
    """

    name: str
    type: str
    default: Any
    help: str
    spot: Spot
    set_at: Spot


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _reads(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def is_read(value: Any) -> bool:
        try:
            parse(value)
        except (ValueError, TypeError, AttributeError):
            return False
        return True

    return is_read


def _parse_span(text: str) -> object:
    return parse_cadence(text) if text.startswith("every ") else parse_length(text)


TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "string": (_is_text, 'a text, such as "Aurora"'),
    "strings": (lambda value: isinstance(value, list) and all(map(_is_text, value)), 'texts, such as ["a", "b"]'),
    "integer": (_is_integer, "a whole number, such as 7"),
    "number": (lambda value: _is_integer(value) or isinstance(value, float), "a number, such as 0.5"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "date": (_is_day, "a date without quotes, such as 2027-01-11"),
    "length": (_reads(_parse_span), 'a length, such as "24 weeks"'),
    "time": (_reads(parse_time), 'a time of day, such as "09:00"'),
}
"""Type of a parameter to its check and the words for what it expects."""

_KEYS = ("type", "default", "help")


def declare(table: Table, known: Mapping[str, Parameter]) -> tuple[dict[str, Parameter], list[Placed]]:
    """Return the parameters of a template: those of its parents, with what its `[parameters]` declares and sets."""
    parameters, problems = dict(known), list[Placed]()
    for name, node in table.entries.items():
        if isinstance(node, Table) and "type" in node.entries:
            parameter, found = _declared(name, node)
            problems.extend(found)
            if parameter is not None:
                parameters[name] = parameter
        else:
            problems.extend(_set(parameters, name, node))
    return parameters, problems


def assign(table: Table, known: Mapping[str, Parameter]) -> tuple[dict[str, Parameter], list[Placed]]:
    """Return the parameters as a program's `[parameters]` sets them."""
    parameters, problems = dict(known), list[Placed]()
    for name, node in table.entries.items():
        if isinstance(node, Table) and "type" in node.entries:
            told = f'only a template declares parameters; a program sets them: {name} = "…"'
            problems.append((node.spot, error("parameter-declared", told)))
        else:
            problems.extend(_set(parameters, name, node))
    unset = [parameter for parameter in parameters.values() if parameter.default is None]
    problems.extend((Spot(0, ("parameters",)), _unset(parameter)) for parameter in unset)
    return parameters, problems


def _unset(parameter: Parameter) -> Diagnostic:
    words = f": {parameter.help}" if parameter.help else ""
    return error(
        "parameter-unset",
        f'the template needs the parameter "{parameter.name}"{words}',
        help=f"set it under [parameters]: {parameter.name} = …, {TYPES[parameter.type][1]}",
    )


def _declared(name: str, node: Table) -> tuple[Parameter | None, list[Placed]]:
    problems: list[Placed] = []
    for key, entry in node.entries.items():
        if key not in _KEYS:
            help_ = suggestion(key, _KEYS) or f"a parameter has {listed(_KEYS)}"
            problems.append((entry.spot, error("unknown-key", f'unknown key "{key}"', help=help_)))
    kind, help_text = (_text(node, key) for key in ("type", "help"))
    if kind not in TYPES:
        told = f'unknown type "{kind}" of the parameter "{name}"'
        help_ = suggestion(kind, TYPES) or f"write one of {listed(TYPES)}"
        problems.append((node.entries["type"].spot, error("parameter-type", told, help=help_)))
        return None, problems
    default = node.entries.get("default")
    value = default.value if isinstance(default, Leaf) else None
    if default is not None and (found := _wrong(name, kind, value)):
        problems.append((default.spot, found))
        return None, problems
    return Parameter(name, kind, value, help_text, node.spot, default.spot if default else node.spot), problems


def _text(node: Table, key: str) -> str:
    entry = node.entries.get(key)
    return str(entry.value) if isinstance(entry, Leaf) else ""


def _set(parameters: dict[str, Parameter], name: str, node: Node) -> list[Placed]:
    parameter = parameters.get(name)
    if parameter is None:
        help_ = suggestion(name, parameters) or (
            f"the template has {listed(parameters)}" if parameters else "the template has none"
        )
        return [(node.spot, error("unknown-parameter", f'unknown parameter "{name}"', help=help_))]
    value = node.value if isinstance(node, Leaf) else None
    if found := _wrong(name, parameter.type, value):
        return [(node.spot, found)]
    parameters[name] = evolve(parameter, default=value, set_at=node.spot)
    return []


def _wrong(name: str, kind: str, value: Any) -> Diagnostic | None:
    check, expected = TYPES[kind]
    if is_parameter(value) or check(value):
        return None
    told = "a table" if value is None else f'"{value}"'
    return error("parameter-value", f'the parameter "{name}" cannot be {told}', help=f"write {expected}")


def in_use(table: Table, parameters: Mapping[str, Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters that a tree reads, by itself or through the value of another one, in their order."""
    read, left = set[str](), [name for node in table.entries.values() for name in _named(node)]
    while left:
        name = left.pop()
        if name in parameters and name not in read:
            read.add(name)
            left += _named_in(parameters[name].default)
    return tuple(one for one in parameters.values() if one.name in read)


def _named(node: Node) -> list[str]:
    if isinstance(node, Table):
        return [name for one in node.entries.values() for name in _named(one)]
    return _named_in(node.value)


def _named_in(value: Any) -> list[str]:
    if is_parameter(value):
        return [value["parameter"]]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for one in members for name in _named_in(one)]


def substitute(table: Table, parameters: Mapping[str, Parameter]) -> tuple[Table, list[Placed]]:
    """Return the tree with every `{ parameter = "NAME" }` replaced by its value, which keeps its own place."""
    values = {name: _final(name, parameters, ()) for name in parameters}
    problems = [
        (one.set_at, error("parameter-circle", f'the parameter "{one.name}" never comes to a value'))
        for one in parameters.values()
        if is_parameter(one.default) and values[one.name] is None
    ]

    def entry(node: Node) -> Node:
        if isinstance(node, Table):
            return below(node)
        if not is_parameter(node.value):
            return evolve(node, value=_inside(node.value, node.spot, values, problems))
        found = _looked_up(node.value["parameter"], node.spot, values, problems)
        return found if found is not None else evolve(node, value=None)

    def below(node: Table) -> Table:
        return evolve(node, entries={key: entry(member) for key, member in node.entries.items()})

    return below(table), problems


def _inside(value: Any, spot: Spot, values: Mapping[str, Leaf | None], problems: list[Placed]) -> Any:
    if is_parameter(value):
        found = _looked_up(value["parameter"], spot, values, problems)
        return None if found is None else found.value
    if isinstance(value, list):
        return [_inside(member, spot, values, problems) for member in value]
    if isinstance(value, dict):
        return {key: _inside(member, spot, values, problems) for key, member in value.items()}
    return value


def _looked_up(name: str, spot: Spot, values: Mapping[str, Leaf | None], problems: list[Placed]) -> Leaf | None:
    if name not in values:
        help_ = suggestion(name, values) or "declare it in the template under [parameters]"
        problems.append((spot, error("unknown-parameter", f'unknown parameter "{name}"', help=help_)))
    return values.get(name)


def _final(name: str, parameters: Mapping[str, Parameter], seen: Sequence[str]) -> Leaf | None:
    parameter = parameters.get(name)
    if parameter is None or parameter.default is None or name in seen:
        return None
    if is_parameter(parameter.default):
        return _final(parameter.default["parameter"], parameters, (*seen, name))
    return Leaf(parameter.default, parameter.set_at)
