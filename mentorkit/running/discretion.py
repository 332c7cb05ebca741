"""What is kept and shown of what channels say: no secret that one of them has read, nobody's name or address.

Servers repeat in their errors what they were told, and libraries put it into exceptions. Channels of ours keep the
least of that, but one that anybody else wrote may not. So it is here, where all words of channels come by, that what
must not stand in ledger and logs gives way to `<…>`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from urllib.parse import quote

from attrs import define, field

from mentorkit.core.contracts import Outgoing, Secret

HIDDEN = "<…>"
LONGEST = 400
"""Characters of what a channel says that are kept."""
_LONGEST_LOOKED_AT = 20_000
_LEAST = 4
"""Shorter secrets cannot be told from words."""
_LEAST_OF_A_NAME = 3
_PLAIN_AS_DAY = 8
"""What is so long does not come about by leaving spaces out of something else."""
_PART_OF_URL = re.compile(r"[^/?&=#:@]{8,}")
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]+")


@define(eq=False)
class Discretion:
    """Knows the secrets that were read in a run, as whoever reads them by `remembering` gets them."""

    _secrets: tuple[str, ...] = field(default=(), repr=False)
    """In all their forms, the longest first."""

    def remembering(self, reveal: Callable[[Secret], str]) -> Callable[[Secret], str]:
        """Return what reads secrets as `reveal` does, and remembers what must never be repeated."""

        def read(secret: Secret) -> str:
            found = reveal(secret)
            self._secrets = tuple(sorted({*self._secrets, *_forms(found)}, key=lambda one: (-len(one), one)))
            return found

        return read

    def without(self, text: str, outgoing: Outgoing | None = None) -> str:
        """Return a text as one printable line without secrets, and without the recipient of what it is about."""
        line = text[:_LONGEST_LOOKED_AT]
        for secret in self._secrets:
            line = _hidden(line, secret, re.escape(secret))
        line = _without_beginning(line, self._secrets)
        line = " ".join(_ODD.sub(" ", line).split())
        bare = "".join(line.split())
        if any(len(secret) >= _PLAIN_AS_DAY and secret in bare for secret in self._secrets):
            return HIDDEN  # folded, as long lines of base64 are
        for one in _about(outgoing) if outgoing else ():
            line = _hidden(line, one, rf"<{re.escape(one)}>|(?<!\w){re.escape(one)}(?!\w)")
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _hidden(line: str, word: str, pattern: str) -> str:
    """Return a line without a word in any case; patterns are slow to make, and seldom needed."""
    return re.sub(pattern, HIDDEN, line, flags=re.IGNORECASE) if word.casefold() in line.casefold() else line


def _forms(secret: str) -> Iterator[str]:
    """Yield how a secret may stand in a text: as it is, quoted, in base64 wherever it begins there, and in parts."""
    parts = _PART_OF_URL.findall(secret) if "://" in secret else ()
    for one in (secret, *parts):
        forms = (one, quote(one, safe=""), quote(one), json.dumps(one)[1:-1], escape(one), *_in_base64(one.encode()))
        yield from (form for form in forms if len(form) >= _LEAST)


def _in_base64(content: bytes) -> Iterator[str]:
    """Yield the characters that base64 makes of some bytes alone, for each place within three bytes they may have."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + content).decode("ascii").rstrip("=")
        first, last = -(-before * 4 // 3), (before + len(content)) * 8 // 6
        found = coded[first:last]
        if len(found) >= _LEAST + 2:
            yield from {found, found.translate(str.maketrans("+/", "-_"))}


def _without_beginning(line: str, secrets: Iterable[str]) -> str:
    """Return a line that somebody cut short, without the beginning of a secret at its end."""
    text = line.removesuffix("…").removesuffix("...")
    for secret in secrets:
        start = text.find(secret[:_LEAST])
        while start >= 0:
            if secret.startswith(text[start:]):
                return text[:start] + HIDDEN
            start = text.find(secret[:_LEAST], start + 1)
    return line


def _about(outgoing: Outgoing) -> list[str]:
    """Return what tells who a recipient is, the longest first: cells, address and name, and parts of these."""
    local = outgoing.to_address.rpartition("@")[0]
    whole = [outgoing.to_address, outgoing.to_name, *(cell for _, cell in outgoing.values)]
    parts = [local, *re.findall(r"[^\W\d_]+", outgoing.to_name)]
    words = {form for one in (*whole, *parts) if len(one) >= _LEAST_OF_A_NAME for form in (one, quote(one, safe=""))}
    return sorted(words | {outgoing.to_name} - {""}, key=len, reverse=True)
