"""TOML as a person would write it: inline recipes, a comment behind a value, sections in the order of a program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BEHIND = 38


def key_text(key: str) -> str:
    """Return a key, quoted where it must be."""
    return key if _BARE.fullmatch(key) else value_text(key)


def value_text(value: Any) -> str:
    """Return a value on one line; tables inline.

    Raises:
        TypeError: TOML has no such value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) and value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_text(key)} = {value_text(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(value_text, value))}]"
    raise TypeError(f"TOML has no value for {value!r}")


def line(key: str, value: Any, comment: str = "") -> str:
    """Return `key = value`, with a comment behind it, or before it where the line is long."""
    said = f"{key_text(key)} = {value_text(value)}"
    if not comment:
        return said
    return f"{said:<{_BEHIND}} # {comment}" if len(said) <= _BEHIND else f"# {comment}\n{said}"


def asleep(text: str) -> str:
    """Return a line as a remark that becomes a line when its mark is taken away; remarks before it stay as they are."""
    marked = (one if one.startswith("#") else f"# {one}".replace("   # ", " # ", 1) for one in text.splitlines())
    return "\n".join(marked)


def section(name: str, lines: Iterable[str], comment: str = "") -> str:
    """Return a table with its lines; `name` is `[table]` or `[[array]]` without the outer brackets' spaces."""
    body = [name, *lines]
    return "\n".join([f"# {one}" for one in comment.splitlines()] + body)
