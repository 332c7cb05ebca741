"""Matchings as files: JSON with ids, scores, digests and the numbers that prove them, no names and no texts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve

from mentorkit.core.declaring.structuring import structure
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.matching.saved import FORMAT, SavedMatching
from mentorkit.running.saved_characters import check_whole

WIDE = 160
"""Characters up to which a value stays on one line."""

KEYS = frozenset({"format", "digests", "occasions"})
"""By which a saved matching is told from other JSON."""

_AGAIN = "make a new one with `mentorkit match PROGRAM.toml --out FILE`"


def dump_matching(saved: SavedMatching) -> str:
    """Return a matching as JSON text: keys sorted, a line for each relationship, the same value the same bytes."""
    return _pretty(attrs.asdict(saved, filter=_is_said), "") + "\n"


def _is_said(attribute: attrs.Attribute[Any], value: Any) -> bool:
    return attribute.name != "slot" or value is not None


def _pretty(value: Any, indent: str) -> str:
    """Return a value on one line where it fits, else its parts on lines of their own."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if len(line) + len(indent) <= WIDE or not isinstance(value, dict | list | tuple):
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_pretty(value[key], deeper)}" for key in sorted(value)]
        return "{\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + _pretty(part, deeper) for part in value) + f"\n{indent}]"


def load_matching(path: Path) -> SavedMatching:
    """Return what a saved matching says.

    Raises:
        RefusedError: there is no such file, or it is nothing that mentorkit saved, or has another format.
        ProgramError: values in it are none; all of them are told.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text, parse_constant=_refuse, object_pairs_hook=_each_once)
        check_whole(text, document)
    except FileNotFoundError:
        raise RefusedError(f"there is no matching {path}; {_AGAIN}") from None
    except OSError as problem:
        raise RefusedError(f"the matching {path} cannot be read: {problem.strerror}") from problem
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(
            f"{path} is not a matching that mentorkit saved: it is no JSON, or only a part of it; {_AGAIN}"
        ) from None
    except ValueError as problem:
        raise RefusedError(f"{path} is not a matching that mentorkit saved: {problem}; {_AGAIN}") from None
    if not isinstance(document, dict) or "format" not in document:
        raise RefusedError(f"{path} is not a matching that mentorkit saved; {_AGAIN}")
    if document["format"] != FORMAT:
        raise RefusedError(f"{path} has the format {document['format']}, this mentorkit reads {FORMAT}; {_AGAIN}")
    saved, misfits = structure(SavedMatching, document)
    if saved is None:
        raise ProgramError([evolve(one.diagnostic, file=str(path), help="") for one in misfits])
    _check_moment(saved, path)
    return saved


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("it has a key twice")
    return found


def _check_moment(saved: SavedMatching, path: Path) -> None:
    try:
        told = datetime.fromisoformat(saved.at).tzinfo is not None
    except ValueError:
        told = False
    if not told:
        raise RefusedError(f"{path} says no moment under at, but {saved.at!r}; {_AGAIN}")
