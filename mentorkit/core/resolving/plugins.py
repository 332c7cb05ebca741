"""Names of plugins are looked up, and their tables structured as the options they declare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import attrs
from cattrs.errors import StructureHandlerNotFoundError

from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import PairTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import dotted, keys_of, structure
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.errors import PluginError, ProgramError
from mentorkit.core.resolving.files import Problems, ProgramFiles

T = TypeVar("T")


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

    A field of type `PairTable` is filled from the key `file` or the key `pairs`.

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
    field = _pairs_field(wanted)
    if field and not _fill_pairs(field, values, path, files, problems):
        return None
    also_known = (*also_known, "file", "pairs") if field else also_known
    options, misfits = structure(wanted, values, path, also_known)
    problems.found.extend(misfits)
    return options


def _pairs_field(wanted: type) -> str:
    fields = attrs.fields(attrs.resolve_types(wanted))
    return next((one.name for one in fields if one.type is PairTable), "")


def _fill_pairs(field: str, values: dict[str, Any], path: Path, files: ProgramFiles, problems: Problems) -> bool:
    written = [key for key in ("file", "pairs") if key in values]
    if len(written) > 1:
        problems.error((*path, "pairs"), "pairs-twice", "pairs stand both here and in a file", "keep one of the two")
        return False
    for key in written:
        raw = values.pop(key)
        try:
            read = files.pairs((*path, key), raw) if key == "file" else _listed_pairs(raw, (*path, key), problems)
        except ProgramError as problem:
            problems.placed(problem)
            return False
        if read is None:
            return False
        values[field] = PairTable(read)
    return True


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
