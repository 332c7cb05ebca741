"""Column recipes: how the text of a cell becomes a value, with a message for every text that cannot.

A recipe joins columns, then applies `map`, then one of `split`, `order` and `format`; without one of these the kind of
the column decides. Dates are ISO 8601 unless a format is declared: day and month are never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, time

from mentorkit.core.conditions import Value, number_in
from mentorkit.core.diagnostics import listed, quoted, suggestion
from mentorkit.core.enrolling.columns import TAG_SEPARATOR, Kind
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.program import ColumnRecipe
from mentorkit.core.written_dates import date_in, date_pattern
from mentorkit.core.zones import known_zones

MAX_PLACES = 10_000

Reader = Callable[[str], Value | None]
"""Turns a cell's text (trimmed, NFC) into its value, or None for an empty cell.

Raises:
    CellError: the text cannot be what the column holds.
"""

_ZERO_WIDTH = "\u200b\ufeff"
_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](.+))?", re.ASCII)
_LISTED_KNOWN = 12


class CellError(ValueError):
    """A cell that cannot be read: a stable code, what is wrong with the text, what to do.

    Attributes:
        known: texts of which one may have been meant; the nearest is looked for only when somebody reads the advice.
    """

    def __init__(self, code: str, text: str, wrong: str, advice: str, known: Collection[str] = ()) -> None:
        self.code, self.text, self.known = code, text, known
        self.message = f"{quoted(text)} {wrong}"
        self._advice = advice
        super().__init__(self.message)

    @property
    def help(self) -> str:
        """What to do, with the nearest known text."""
        return f"{suggestion(self.text, self.known)} {self._advice}".strip()


def clean(text: str) -> str:
    """Return a cell's text in NFC, without the white space and invisible marks around it."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.strip().strip(_ZERO_WIDTH).strip())


def folded(header: str) -> str:
    """Return what headers are compared by: case and runs of white space do not count."""
    return " ".join(clean(header).split()).casefold()


def reader_of(kind: Kind, recipe: ColumnRecipe | None) -> Reader:
    """Return what reads the cells of a column; recipes are checked when they are declared."""
    read = _typed(kind, recipe)
    if recipe is None or not recipe.map:
        return _text if read is _text else lambda text: read(text) if text else None
    exact = {clean(key): clean(value) for key, value in recipe.map.items()}
    any_case = {key.casefold(): value for key, value in exact.items()}

    def mapped(text: str) -> Value | None:
        found = exact.get(text, any_case.get(text.casefold()))
        if found is None and text:
            raise _unmapped(text, exact)
        return read(found) if found else None

    return mapped


def _unmapped(text: str, known: Mapping[str, str]) -> CellError:
    words = sorted(filter(None, known))
    shown = listed(words) if len(words) <= _LISTED_KNOWN else f"{', '.join(words[:_LISTED_KNOWN])} and more"
    advice = f'add it to `map`, with "" for no value; known: {shown}'
    return CellError("cell-unmapped", text, "is not in the map", advice, words)


def _typed(kind: Kind, recipe: ColumnRecipe | None) -> Reader:
    if recipe and recipe.split:
        return _tags_split_by(recipe.split)
    if recipe and recipe.order:
        return _position_in(recipe.order)
    if recipe and recipe.format:
        return _date_written(recipe.format)
    readers: Mapping[Kind, Reader] = {
        "text": _text,
        "number": _number,
        "places": _places,
        "date": _iso_date,
        "tags": _tags_split_by(TAG_SEPARATOR),
        "mail": _mail,
        "zone": _zone,
    }
    return readers[kind]


def _text(text: str) -> Value | None:
    return text or None


def _tags_split_by(separator: str) -> Reader:
    held: dict[str, str] = {}  # equal tags of different cells are held once

    def tags(text: str) -> Value | None:
        found = (tag for part in text.split(separator) if (tag := part.strip().casefold()))
        return frozenset(held.setdefault(tag, tag) for tag in found) or None

    return tags


def _position_in(order: tuple[str, ...]) -> Reader:
    positions = {clean(step).casefold(): position for position, step in enumerate(order, start=1)}

    def position(text: str) -> Value:
        if (found := positions.get(text.casefold())) is None:
            raise CellError("cell-not-in-order", text, "is not in the order", f"the order is {', '.join(order)}", order)
        return found

    return position


def _number(text: str) -> Value:
    if (number := number_in(text)) is None:
        advice = 'write 4 or 4.5, or rank the texts: { column = "…", order = ["lowest", "…", "highest"] }'
        raise CellError("cell-not-a-number", text, "is not a number", advice)
    return number


def _places(text: str) -> Value:
    number = number_in(text)
    if not isinstance(number, int) or not 0 <= number <= MAX_PLACES:
        advice = f"write a whole number from 0 to {MAX_PLACES}"
        raise CellError("cell-not-places", text, "is not a number of places", advice)
    return number


def _iso_date(text: str) -> Value:
    match = _ISO_DAY.fullmatch(text)
    try:
        if match:
            _ = match[2] and time.fromisoformat(match[2].rstrip("Z"))
            return date.fromisoformat(match[1])
    except ValueError:
        pass
    advice = 'declare how dates are written: { column = "…", format = "DD.MM.YYYY" }; day and month are never guessed'
    raise CellError("cell-not-a-date", text, "is not a date of the form 2027-01-31", advice)


def _date_written(declared: str) -> Reader:
    pattern = date_pattern(declared)

    def written(text: str) -> Value:
        match = pattern.fullmatch(text) if pattern else None
        try:
            return date_in(match) if match else _iso_date(text)
        except ValueError:
            wrong, advice = f"is not a date written {declared}", "mend the cell, or the column's `format`"
            raise CellError("cell-not-a-date", text, wrong, advice) from None

    return written


def _mail(text: str) -> Value:
    if not is_mail_address(text):
        advice = "write one address, such as ada@example.org, without a name around it"
        raise CellError("cell-not-mail", text, "is not one mail address", advice)
    return text


def _zone(text: str) -> Value:
    if text in known_zones():
        return text
    advice = "zones have IANA names such as Europe/London"
    raise CellError("cell-not-a-zone", text, "is not a time zone", advice, known_zones())
