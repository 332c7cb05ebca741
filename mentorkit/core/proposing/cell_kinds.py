"""What the cells of a column look like: dates and in which format, mails, zones, tags, an order of grades."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.written_dates import date_in, date_pattern
from mentorkit.core.zones import known_zones

FORMATS = (
    "YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY/MM/DD", "YYYY.MM.DD",
    "DD.MM.YY", "DD/MM/YY", "MM/DD/YY",
)  # fmt: skip
"""Formats in which dates are looked for; ISO, the first, needs no word in a program."""

_MOST = 0.9
_TAGGED = 0.05
_LADDERS = (
    ("AA", "AO", "EO", "HEO", "SEO", "G7", "G6", "SCS1", "SCS2", "SCS3", "SCS4"),
    ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"),
    ("intern", "trainee", "junior", "intermediate", "senior", "lead", "staff", "principal", "manager", "head",
     "director", "vice president", "president"),
    ("entry", "associate", "mid", "senior", "lead", "principal", "executive"),
    ("praktikant", "junior", "senior", "teamleiter", "abteilungsleiter", "bereichsleiter", "geschäftsführer"),
)  # fmt: skip
_NUMBERED = re.compile(r"([^\W\d]*)[ .\-]?(\d{1,3})")


def date_formats(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the formats in which all cells can be read as dates; a time of day behind the date does not count."""
    days = [re.split(r"[ T]", cell)[0] for cell in cells]
    return tuple(form for form in FORMATS if days and all(_is_date(form, day) for day in days))


def _is_date(form: str, text: str) -> bool:
    pattern = date_pattern(form)
    found = pattern.fullmatch(text) if pattern else None
    if found is None:
        return False
    try:
        date_in(found)
    except ValueError:
        return False
    return True


def mostly_mails(cells: Sequence[str]) -> bool:
    """Return whether nearly all cells are mail addresses."""
    return _mostly([is_mail_address(cell) for cell in cells])


def all_zones(cells: Sequence[str]) -> bool:
    """Return whether every cell names a time zone."""
    return bool(cells) and known_zones().issuperset(cells)


def all_numbers(cells: Sequence[str]) -> bool:
    """Return whether every cell is a number."""
    return bool(cells) and all(re.fullmatch(r"[+-]?\d+(\.\d+)?", cell) for cell in cells)


def separator(cells: Sequence[str]) -> str:
    """Return what stands between the tags of a cell: `;`, `|`, `/` or a comma; "" where most cells hold one tag."""
    counts = Counter({sign: sum(sign in cell for cell in cells) for sign in (";", "|", ",", "/")})
    sign, times = counts.most_common(1)[0]
    return sign if times and times >= _TAGGED * len(cells) else ""


def known_order(values: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return distinct grades from the lowest to the highest and whether that is sure; nothing where no order shows.

    A ladder that everybody knows is sure. The same letters with numbers (`P1`, `P2`) rise most of the time.
    """
    folded = {value.casefold(): value for value in values}
    for ladder in _LADDERS:
        if set(folded) <= {one.casefold() for one in ladder} and len(folded) > 1:
            return tuple(folded[one.casefold()] for one in ladder if one.casefold() in folded), True
    numbered = [(_NUMBERED.fullmatch(value.strip()), value) for value in values]
    letters = {found[1].casefold() for found, _ in numbered if found}
    if len(values) > 1 and len(letters) == 1 and all(found for found, _ in numbered):
        return tuple(value for found, value in sorted(numbered, key=lambda one: int(one[0][2]))), False  # type: ignore[index]
    return (), False


def _mostly(yes: Sequence[bool]) -> bool:
    return bool(yes) and sum(yes) >= _MOST * len(yes)
