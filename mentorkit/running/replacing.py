"""What a saved file may replace: another one of its kind, and never a program or roster that was named by a slip."""

from __future__ import annotations

import json
from pathlib import Path

from mentorkit.core.errors import RefusedError


def check_replaceable(path: Path, kind: str, keys: frozenset[str]) -> None:
    """Refuse a path at which something else than a saved file of this kind would be lost.

    Args:
        path: where a file is to be saved.
        kind: what it is called: "matching", "plan".
        keys: what every file of this kind has, whatever its format.

    Raises:
        RefusedError: there is another file.
    """
    if not path.is_file():
        return
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not keys <= document.keys():
        told = f"{path} is there already and is not a {kind} that mentorkit saved; give --out another name"
        raise RefusedError(told)
