"""The one word that messages ask for after a session: met, missed or moved, in the languages of the bundled templates.

Nothing is guessed: the word stands alone on its line, at most with thanks or a number behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import frozen

Word = Literal["met", "missed", "moved"]

_WORDS: Mapping[Word, tuple[str, ...]] = {
    "met": (
        *("met", "we met", "we have met", "yes we met", "we did meet"),
        *("getroffen", "wir haben uns getroffen", "ja getroffen", "hat stattgefunden"),
        *("vu", "vus", "vue", "vues", "on s est vus", "nous nous sommes vus"),
        *("visto", "vistos", "nos vimos", "si nos vimos", "sí nos vimos", "nos hemos visto"),
    ),
    "missed": (
        *("missed", "not met", "we missed it", "we did not meet", "we didn t meet"),
        *("ausgefallen", "nicht getroffen", "ist ausgefallen", "fiel aus", "wir haben uns nicht getroffen"),
        *("manqué", "manquée", "pas vus", "nous ne nous sommes pas vus"),
        *("no nos vimos", "no visto", "no nos hemos visto"),
    ),
    "moved": (
        *("moved", "we moved it", "it was moved", "postponed"),
        *("verschoben", "wir haben verschoben", "wir haben es verschoben"),
        *("reporté", "reportée", "déplacé", "déplacée"),
        *("aplazado", "aplazada", "lo aplazamos", "la aplazamos"),
    ),
}
_KINDS: Mapping[str, Word] = {phrase: kind for kind, phrases in _WORDS.items() for phrase in phrases}
_THANKS = frozenset({"", "thanks", "thank you", "danke", "merci", "gracias"})
_LOOKED_AT = 5
"""Lines that are looked at: a greeting may come before the word."""


@frozen
class Said:
    """A word that somebody has said, and what else they wrote.

    Attributes:
        lines: the other lines, and a number that stood behind the word, as a line of its own in its place.
    """

    word: Word
    lines: tuple[str, ...]


def one_word(lines: Sequence[str]) -> Said | None:
    """Return the word that somebody has said in their own lines; None: there is none."""
    for index, line in enumerate(lines[:_LOOKED_AT]):
        found = _word(plain(line))
        if found is not None:
            word, number = found
            return Said(word, (*lines[:index], *([number] if number else []), *lines[index + 1 :]))
    return None


def _word(line: str) -> tuple[Word, str] | None:
    """Return which word a line says, and the number behind it, "" for none."""
    if line in _KINDS:
        return _KINDS[line], ""
    for phrase, kind in _KINDS.items():
        rest = line.removeprefix(f"{phrase} ")
        if rest != line and (rest in _THANKS or rest.isdecimal()):
            return kind, rest if rest.isdecimal() else ""
    return None


def plain(line: str) -> str:
    """Return a line in small letters, with single blanks for all that is no letter or digit."""
    return " ".join(re.sub(r"[^\w\s]", " ", line.casefold()).split())
