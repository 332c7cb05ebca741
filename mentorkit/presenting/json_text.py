"""JSON documents as they are printed: one text, readable as it is, in which nothing does anything to a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_COMMANDS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def json_text(document: Any, *, indent: int | None = 2, default: Callable[[Any], Any] | None = None) -> str:
    """Return a document as JSON, with letters of all languages as they are.

    What a terminal obeys stands by its number, which every reader of JSON reads back as the same character.
    """
    return escaped(json.dumps(document, ensure_ascii=False, indent=indent, default=default))


def escaped(text: str) -> str:
    """Return a JSON or TOML text of which a terminal obeys nothing, and that says the same."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
