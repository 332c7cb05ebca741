"""Whether an id still stands for the same person: exports give the ids of leavers to newcomers, and say nothing of it.

A new name or a new mail address is somebody's life. Name, address and hire date all new at once are another person,
or at least nobody can tell: what was meant for the one must not go to the other.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping

from mentorkit.core.happenings import CHANGED_HANDS, OWN_EVENT
from mentorkit.core.history import Event
from mentorkit.core.roster import Person, Roster

_TOLD_BY = ("name", "email", "hire_date")
_UNKNOWN = "-"


def signs(person: Person, salt: str) -> str:
    """Return what somebody is recognized by: short digests of name, mail address and hire date, `-` for none.

    `salt` keeps one program's signs from being compared with another's.
    """
    return " ".join(_sign(person.text(column), column, salt) for column in _TOLD_BY)


def _sign(text: str, column: str, salt: str) -> str:
    if not text:
        return _UNKNOWN
    words = "\x1f".join((salt, column, unicodedata.normalize("NFC", text).casefold()))
    return hashlib.blake2b(words.encode(), digest_size=6).hexdigest()


def is_another(before: str, now: str) -> bool:
    """Return whether signs are those of another person: name and address differ, and no hire date speaks against it."""
    (name, mail, hired), (new_name, new_mail, new_hired) = before.split(" "), now.split(" ")
    known = _UNKNOWN not in (name, mail, new_name, new_mail)
    return known and name != new_name and mail != new_mail and (hired != new_hired or hired == _UNKNOWN)


def tells_of_change(event: Event) -> bool:
    """Return whether an event says that an id stands for somebody else by now."""
    return event.id.startswith(OWN_EVENT) and CHANGED_HANDS in event.id


def new_signs(roster: Roster, numbers: Mapping[str, int], known: Mapping[str, str], salt: str) -> dict[str, str]:
    """Return the signs of people with a running number that differ from those known, by id, in roster order."""
    found = {one.id: signs(one, salt) for one in roster.people if one.id in numbers}
    return {person: now for person, now in found.items() if known.get(person) != now}


def changed_hands(roster: Roster, known: Mapping[str, str], salt: str) -> tuple[str, ...]:
    """Return the ids that stand for somebody else than before, as far as anybody can tell, in roster order."""
    here = (one for one in roster.people if one.id in known)
    return tuple(one.id for one in here if is_another(known[one.id], signs(one, salt)))
