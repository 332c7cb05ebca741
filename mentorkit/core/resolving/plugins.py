"""Names of plugins are looked up, and their tables structured as the options they declare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import attrs
from cattrs.errors import StructureHandlerNotFoundError

from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import PairTable, PreferenceTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import dotted, keys_of, structure
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.errors import PluginError, ProgramError
from mentorkit.core.resolving.files import Problems, ProgramFiles

T = TypeVar("T")

_INLINE: Mapping[Any, str] = {PairTable: "pairs", PreferenceTable: "lists"}
"""The types of options that a file may fill, with the key under which the program file itself may say as much."""

_TWICE = {"pairs": "pairs-twice", "lists": "lists-twice"}
_KEEP_ONE = "keep one of the two"


def find(
    offers: Mapping[str, Offer[T]], kind: str, name: str, path: Path, problems: Problems, others: Iterable[str] = ()
) -> T | None:
    """Return the implementation of a name, or tell that there is none; `others` may be suggested, too."""
    if name in offers:
        return offers[name].implementation
    known = {*offers, *others}
    hint = suggestion(name, known) or (f"installed are {listed(known)}" if known else f"no {kind} is installed")
    problems.error(path, f"unknown-{kind}", f'unknown {kind} "{name}"', hint)
    return None


def refuse_reserved(offer: Offer[Any], kind: str, reserved: Collection[str]) -> None:
    """Check that options can be set beside the keys that the core keeps for itself in the same table.

    Raises:
        PluginError: an option has the name of such a key, so that no program could ever set it.
    """
    wanted = offer.implementation.options
    taken = {*keys_of(wanted)} & {*reserved, "off"} if wanted is not None and attrs.has(wanted) else set()
    if taken:
        told = f'the {kind} "{offer.implementation.name}" of {offer.origin} has options that no program can set'
        raise PluginError(f"{told}: its table keeps {listed(taken)} for mentorkit; its author must rename them")


def fitting(
    wanted: type[T], raw: Mapping[str, Any], path: Path, problems: Problems, also_known: Collection[str] = ()
) -> T:
    """Return the core's own keys of a plugin's table; a key that does not fit is told and taken for not said.

    `wanted` must have a default for each of its keys.
    """
    table, misfits = structure(wanted, raw, path, also_known)
    problems.found.extend(misfits)
    bad = {misfit.path[len(path)] for misfit in misfits}
    return table or fitting(wanted, {key: raw[key] for key in raw if key not in bad}, path, problems, also_known)


def options_of(
    plugin: Any,
    raw: Mapping[str, Any],
    path: Path,
    files: ProgramFiles,
    problems: Problems,
    also_known: Collection[str] = (),
) -> Any:
    """Return a plugin's options from its part of a table, or None.

    A field of type `PairTable` is filled from the key `file` or the key `pairs`, one of type `PreferenceTable` from
    `file` or `lists`.

    Raises:
        PluginError: the plugin's options class cannot be filled from a program file at all.
    """
    wanted = plugin.options
    if wanted is None:
        for key in raw:
            hint = suggestion(key, also_known) or f'"{plugin.name}" takes no options'
            problems.error((*path, key), "unknown-key", f'unknown key "{key}"', hint)
        return None
    try:
        return _structured(wanted, dict(raw), path, files, problems, also_known)
    except (StructureHandlerNotFoundError, NameError, TypeError) as reason:
        told = f'the options of the plugin "{plugin.name}" have a type that a program file cannot give: {reason}'
        raise PluginError(told) from reason


def _structured(
    wanted: type[Any],
    values: dict[str, Any],
    path: Path,
    files: ProgramFiles,
    problems: Problems,
    also_known: Collection[str],
) -> Any:
    field, inline = _table_field(wanted)
    if field and not _fill_table(field, inline, values, path, files, problems):
        return None
    also_known = (*also_known, "file", inline) if field else also_known
    options, misfits = structure(wanted, values, path, also_known)
    problems.found.extend(misfits)
    return options


def _table_field(wanted: type) -> tuple[str, str]:
    """Return the name of the field that a file may fill, and the key that may stand in the file's place."""
    fields = attrs.fields(attrs.resolve_types(wanted))
    return next(((one.name, _INLINE[one.type]) for one in fields if one.type in _INLINE), ("", ""))


def _fill_table(
    field: str, inline: str, values: dict[str, Any], path: Path, files: ProgramFiles, problems: Problems
) -> bool:
    written = [key for key in ("file", inline) if key in values]
    if len(written) > 1:
        problems.error((*path, inline), _TWICE[inline], f"{inline} stand both here and in a file", _KEEP_ONE)
        return False
    for key in written:
        raw = values.pop(key)
        try:
            table = _read_table(inline, key, raw, (*path, key), files, problems)
        except ProgramError as problem:
            problems.placed(problem)
            return False
        if table is None:
            return False
        values[field] = table
    return True


def _read_table(
    inline: str, key: str, raw: Any, path: Path, files: ProgramFiles, problems: Problems
) -> PairTable | PreferenceTable | None:
    if inline == "pairs":
        pairs = files.pairs(path, raw) if key == "file" else _listed_pairs(raw, path, problems)
        return None if pairs is None else PairTable(pairs)
    choices = files.preferences(path, raw) if key == "file" else _listed_choices(raw, path, problems)
    return None if choices is None else PreferenceTable(choices, "file" if key == "file" else "lists")


def _listed_choices(raw: Any, path: Path, problems: Problems) -> tuple[tuple[str, str, int], ...] | None:
    rows = raw if isinstance(raw, dict) else {"": None}
    choices: list[tuple[str, str, int]] = []
    for voter, row in rows.items():
        if not _are_others(row, voter):
            at = (*path, voter) if isinstance(raw, dict) else path
            told = f'"{dotted(at)}" is not a list of other people\'s ids, each once'
            problems.error(at, "wrong-type", told, 'write lists = { "42" = ["17", "19"] }, the best first')
            return None
        choices += [(voter.strip(), one.strip(), rank) for rank, one in enumerate(row or (), start=1)]
    return tuple(choices)


def _are_others(row: Any, voter: str) -> bool:
    sound = isinstance(row, list) and all(isinstance(one, str) and one.strip() for one in row)
    return sound and len(set(row)) == len(row) and voter not in row


def _listed_pairs(raw: Any, path: Path, problems: Problems) -> tuple[tuple[str, str, None], ...] | None:
    rows = raw if isinstance(raw, list) else [None]
    pairs: list[tuple[str, str, None]] = []
    for index, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(one, str) and one.strip() for one in row):
            at = (*path, index) if isinstance(raw, list) else path
            problems.error(at, "wrong-type", f'"{dotted(at)}" is not a pair of ids', 'write pairs = [["1", "2"]]')
            return None
        pairs.append((row[0].strip(), row[1].strip(), None))
    return tuple(pairs)
