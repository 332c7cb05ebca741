"""Equal values have equal digests, wherever, whenever and by whichever process they were made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any

import attrs

_UNTOLD = {
    "MessageText": {"path"},
    "Agenda": {"path"},
    "RosterSource": {"path"},
    "AnswersFile": {"path"},
    "Program": {"digest"},
}
"""Attributes that say where a file stands, not what it says."""


def digest_of(value: Any) -> str:
    """Return a SHA-256 over a value made of attrs classes, mappings, sequences, sets and plain values."""
    text = json.dumps(_told(value), ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(value: Any) -> Any:
    if attrs.has(type(value)):
        name = type(value).__name__
        left_out = _UNTOLD.get(name, set())
        fields = {one.name: _told(getattr(value, one.name)) for one in attrs.fields(type(value))}
        return [name, {key: told for key, told in fields.items() if key not in left_out}]
    if isinstance(value, Mapping):
        return ["{}", sorted(([_told(key), _told(member)] for key, member in value.items()), key=json.dumps)]
    if isinstance(value, set | frozenset):
        return ["set", sorted((_told(member) for member in value), key=json.dumps)]
    if isinstance(value, list | tuple):
        return [_told(member) for member in value]
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, date | time):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, float):
        return ["float", repr(value)]
    return value if value is None or isinstance(value, str | int | bool) else [type(value).__name__, repr(value)]
