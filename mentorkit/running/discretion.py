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
from urllib.parse import quote

from attrs import define, field

from mentorkit.core.contracts import Outgoing, Secret

HIDDEN = "<…>"
LONGEST = 400
"""Characters of what a channel says that are kept."""
_LEAST = 4
"""Shorter secrets cannot be told from words."""
_LEAST_OF_A_NAME = 3
_PART_OF_URL = re.compile(r"[^/?&=#:@]{8,}")
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]+")


@define(eq=False)
class Discretion:
    """Knows the secrets that were read in a run, as whoever reads them by `remembering` gets them."""

    _secrets: set[str] = field(factory=set, repr=False)

    def remembering(self, reveal: Callable[[Secret], str]) -> Callable[[Secret], str]:
        """Return what reads secrets as `reveal` does, and remembers what must never be repeated."""

        def read(secret: Secret) -> str:
            found = reveal(secret)
            self._secrets.update(_forms(found))
            return found

        return read

    def without(self, text: str, outgoing: Outgoing | None = None) -> str:
        """Return a text as one printable line without secrets, and without the recipient of what it is about."""
        line = " ".join(_ODD.sub(" ", text).split())
        for secret in sorted(self._secrets, key=len, reverse=True):
            line = line.replace(secret, HIDDEN)
        line = _without_beginning(line, self._secrets)
        for one in _about(outgoing) if outgoing else ():
            if one.casefold() in line.casefold():  # patterns are slow to make, and seldom needed
                line = re.sub(rf"<{re.escape(one)}>|(?<!\w){re.escape(one)}(?!\w)", HIDDEN, line, flags=re.IGNORECASE)
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _forms(secret: str) -> Iterator[str]:
    """Yield how a secret may stand in a text: as it is, quoted, in base64 wherever it begins there, and in parts."""
    parts = _PART_OF_URL.findall(secret) if "://" in secret else ()
    for one in (secret, *parts):
        forms = (one, quote(one, safe=""), quote(one), json.dumps(one)[1:-1], *_in_base64(one.encode()))
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
        for size in range(len(secret) - 1, _LEAST - 1, -1):
            if text.endswith(secret[:size]):
                return text[:-size] + HIDDEN
    return line


def _about(outgoing: Outgoing) -> list[str]:
    """Return what tells who a recipient is, the longest first: cells, address and name, and parts of these."""
    local = outgoing.to_address.rpartition("@")[0]
    whole = [outgoing.to_address, outgoing.to_name, *(cell for _, cell in outgoing.values)]
    parts = [local, *re.findall(r"[^\W\d_]+", outgoing.to_name)]
    words = {form for one in (*whole, *parts) if len(one) >= _LEAST_OF_A_NAME for form in (one, quote(one, safe=""))}
    return sorted(words | {outgoing.to_name} - {""}, key=len, reverse=True)
