"""Nested TOML values become attrs classes, strictly, and every misfit is told with its path.

Types are exact: `true` is no number, `7` no text, `"2027-01-11"` no date; only a whole number may stand where any
number may. Unknown keys are misfits. Plugins' options go the same way as our own tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
from attrs import frozen
from cattrs import ClassValidationError, Converter, IterableValidationError
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from mentorkit.core.contracts import PairTable, PreferenceTable
from mentorkit.core.declaring import word_types
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.word_types import Unfit
from mentorkit.core.diagnostics import MOST_LISTED, Diagnostic, error, listed, suggestion

T = TypeVar("T")


_EXAMPLES: Mapping[Path, str] = {
    ("program",): 'program.name = "Pilot" and program.starts = 2027-01-11',
    ("program", "name"): 'name = "Pilot"',
    ("program", "starts"): "starts = 2027-01-11",
    ("program", "length"): 'length = "24 weeks"',
    ("roster",): 'roster.file = "people.csv"',
    ("model",): 'model.use = "one-on-one"',
    ("model", "use"): 'use = "one-on-one"',
    ("sessions", "count"): "count = 7",
}
SMALLEST = tuple(line for path in (("program",), ("roster",), ("model",)) for line in _EXAMPLES[path].split(" and "))
"""The lines of the smallest program."""


@frozen
class Misfit:
    """A problem with a declaration, by the path it concerns."""

    path: Path
    diagnostic: Diagnostic


def structure(
    wanted: type[T], raw: Any, path: Path = (), also_known: Collection[str] = ()
) -> tuple[T | None, list[Misfit]]:
    """Return a table as its class, or None, and every misfit.

    Args:
        wanted: an attrs class.
        raw: what tomllib read.
        path: where the table stands; misfits' paths begin with it.
        also_known: keys that stand beside the class's own in the author's table, for suggestions.
    """
    try:
        return _converter.structure(raw, wanted), []
    except ClassValidationError as problems:
        return None, list(_told(problems, raw, path, also_known))
    except (Unfit, ValueError, TypeError) as problem:
        return None, [_misfit(problem, raw, path)]


def _told(group: BaseException, raw: Any, path: Path, also_known: Collection[str]) -> Iterator[Misfit]:
    if not isinstance(group, ClassValidationError | IterableValidationError):
        yield _misfit(group, raw, path)
        return
    noted, bare = group.group_exceptions()
    for problem in bare:
        if isinstance(problem, ForbiddenExtraKeysError):
            known = {*keys_of(problem.cl), *also_known}
            near = len(problem.extra_fields) <= MOST_LISTED  # so many are no slips of the pen, and not all are listed
            yield from (_unknown((*path, key), known, near=near) for key in sorted(problem.extra_fields))
        else:
            yield from _told(problem, raw, path, also_known)
    for problem, told in noted:
        key = _key_of(group.cl, told.name) if hasattr(told, "name") else told.index
        if isinstance(problem, KeyError) and hasattr(told, "name"):
            yield _missing((*path, key))
        else:
            yield from _told(problem, _member(raw, key), (*path, key), ())


def _member(raw: Any, key: str | int) -> Any:
    try:
        return raw[key]
    except (KeyError, IndexError, TypeError):
        return key  # the name itself is what does not fit


def _key_of(wanted: type, name: str) -> str:
    return next((key_of(one) for one in attrs.fields(wanted) if one.name == name), name)


def key_of(attribute: attrs.Attribute[Any]) -> str:
    """Return the key that an attribute of a declaration or options class is written as."""
    return str(attribute.metadata.get("key", attribute.name))


def keys_of(wanted: type) -> tuple[str, ...]:
    """Return the keys of a declaration or options class."""
    return tuple(key_of(one) for one in attrs.fields(wanted) if one.init)


def _unknown(path: Path, known: Collection[str], *, near: bool) -> Misfit:
    key = str(path[-1])
    help_ = (near and suggestion(key, known)) or (f"known here: {listed(known)}" if known else "nothing is known here")
    if len(path) > 1 and (key,) in _EXAMPLES and key not in known:
        help_ = f"keys that begin with {key} belong above the first [table], or below [{key}]"
    return Misfit(path, error("unknown-key", f'unknown key "{path[-1]}"', path=dotted(path), help=help_))


def _missing(path: Path) -> Misfit:
    where = f" in [{dotted(path[:-1])}]" if path[:-1] else ""
    help_ = f"write {_EXAMPLES[path]}" if path in _EXAMPLES else ""
    return Misfit(path[:-1], error("missing-key", f'"{path[-1]}" is missing{where}', path=dotted(path), help=help_))


def _misfit(problem: BaseException, raw: Any, path: Path) -> Misfit:
    if isinstance(problem, Unfit):
        last = path[-1] if path else "this"
        name = dotted(path) if isinstance(last, int) else f'"{last}"'
        told = f"{name} is {quoted(raw)}, but must be {problem}"
        return Misfit(path, error("wrong-type", told, path=dotted(path)))
    words = str(problem.args[0]) if problem.args else type(problem).__name__
    if blamed := [one for one in problem.args[1:] if isinstance(one, attrs.Attribute)]:
        path = (*path, key_of(blamed[0]))  # a validator may say whose value it was
    return Misfit(path, error("wrong-value", words, path=dotted(path)))


def dotted(path: Path) -> str:
    """Return a path as an author would write it: `matching.rules.gap`, `roster.sources[0].file`."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part}]"
        else:
            bare = part and all(letter.isalnum() or letter in "-_" for letter in part)
            words += ("." if words else "") + (part if bare else f'"{part}"')
    return words


def quoted(value: Any) -> str:
    """Return a value the way its author would recognize it, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


# ------------------------------------------------------------------------------------------------ the converter


def _exact(wanted: type, expected: str) -> Any:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not wanted:
            raise Unfit(expected)
        return value

    return hook


def _number(value: Any, _: Any) -> float:
    if type(value) not in (int, float):
        raise Unfit("a number")
    return float(value)


def _pair_table(value: Any, _: Any) -> PairTable:
    if not isinstance(value, PairTable):
        raise Unfit('pairs from `file = "pairs.csv"` or `pairs = [["1", "2"]]`')
    return value


def _preference_table(value: Any, _: Any) -> PreferenceTable:
    if not isinstance(value, PreferenceTable):
        raise Unfit('choices from `file = "preferences.csv"` or `lists = { "42" = ["17", "19"] }`')
    return value


def _literal(value: Any, wanted: Any) -> Any:
    choices = get_args(wanted)
    for choice in choices:
        if value == choice and type(value) is type(choice):
            return value
    if isinstance(value, str) and all(isinstance(choice, str) for choice in choices):
        hint = suggestion(value, choices) or f"write {listed(choices)}"
        raise ValueError(f'"{value}" is not possible here; {hint}')
    raise Unfit(listed(quoted(choice) for choice in choices))


def _sequence(converter: Converter) -> Any:
    def hook(value: Any, wanted: Any) -> Any:
        if not isinstance(value, list):
            raise Unfit("a list")
        members = get_args(wanted)
        inner = members[0] if members else Any
        made, problems = [], []
        for index, member in enumerate(value):
            try:
                made.append(converter.structure(member, inner))
            except Exception as problem:  # every misfit of a list is told, whatever raised it
                word_types.note_index(problem, index)
                problems.append(problem)
        if problems:
            raise IterableValidationError("list", problems, wanted)
        return (get_origin(wanted) or tuple)(made)

    return hook


def _mapping(converter: Converter) -> Any:
    def hook(value: Any, wanted: Any) -> Any:
        if not isinstance(value, dict):
            raise Unfit("a table")
        key_type, inner = get_args(wanted) or (str, Any)
        made, problems = {}, []
        for key, member in value.items():
            try:
                made[converter.structure(key, key_type)] = converter.structure(member, inner)
            except Exception as problem:  # likewise
                word_types.note_index(problem, key)
                problems.append(problem)
        if problems:
            raise IterableValidationError("table", problems, wanted)
        return made

    return hook


def _attrs_class(converter: Converter) -> Any:
    def factory(wanted: type) -> Any:
        renamed: Any = {one.name: override(rename=key_of(one)) for one in attrs.fields(wanted) if "key" in one.metadata}
        inner: Any = make_dict_structure_fn(wanted, converter, _cattrs_forbid_extra_keys=True, **renamed)

        def hook(value: Any, cl: Any) -> Any:
            if not isinstance(value, dict):
                raise Unfit("a table")
            return inner(value, cl)

        return hook

    return factory


def _is_sequence(wanted: Any) -> bool:
    origin = _origin(wanted)
    if origin is tuple:
        return get_args(wanted)[-1:] in ((), (...,))
    return origin in (list, frozenset, Sequence)


def _origin(wanted: Any) -> Any:
    return get_origin(wanted) or wanted


def _make_converter() -> Converter:
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    converter.register_structure_hook_func(lambda cl: _origin(cl) is Literal, _literal)
    converter.register_structure_hook_func(_is_sequence, _sequence(converter))
    converter.register_structure_hook_func(lambda cl: _origin(cl) in (dict, Mapping), _mapping(converter))
    converter.register_structure_hook_factory(
        lambda cl: isinstance(cl, type) and attrs.has(cl), _attrs_class(converter)
    )
    converter.register_structure_hook(str, word_types.text)
    converter.register_structure_hook(int, _exact(int, "a whole number"))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(bool, _exact(bool, "true or false"))
    converter.register_structure_hook(date, _exact(date, "a date without quotes, such as 2027-01-11"))
    converter.register_structure_hook(datetime, _exact(datetime, "a date with a time, without quotes"))
    converter.register_structure_hook(time, _exact(time, "a time without quotes, such as 09:00:00"))
    converter.register_structure_hook(PairTable, _pair_table)
    converter.register_structure_hook(PreferenceTable, _preference_table)
    word_types.register(converter)
    return converter


_converter = _make_converter()
