"""Whether the characters of a saved JSON file are whole: an escape can name half of one, which nothing can print."""

from __future__ import annotations

import json
import re
from typing import Any

_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def check_whole(text: str, document: Any) -> None:
    """Refuse a document that was read from a text and holds half a character.

    Raises:
        ValueError: it does.
    """
    if _MAY_BE_HALF.search(text):
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("it holds half a character") from None
