"""Looks up which days people of a country work, in the library `holidays`: it knows the public holidays of some 250.

Which of them there will be in years to come is the library's guess as of its version: laws change. The library is
imported when a roster says where somebody lives, and not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

from attrs import field, frozen

from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.working_days import WorkingDays

SHOWN = 5
"""So many cells of a column are named; the rest is counted."""
_MOST_YEARS = 40
_CODE = re.compile("[A-Za-z]{2,3}")


@frozen
class HolidayReading:
    """The working days by cell of the column `country`, and what there is to say about cells."""

    countries: Mapping[str, WorkingDays] = field(factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def holidays_version() -> str:
    """Return the version of the holiday data in use, such as `0.109`."""
    return version("holidays")


def read_holidays(cells: Iterable[str], first: date, last: date) -> HolidayReading:
    """Return the working days that cells such as `DE`, `DEU`, `Germany` or `DE-BY` name, from the year of `first` on.

    A cell that names no country which the library knows is left out and named in one warning; of a country without
    the part that a cell names (`DE-XX`) there are the holidays of the whole country, and a warning.
    """
    years = (first.year, min(last.year, first.year + _MOST_YEARS))
    found: dict[str, WorkingDays] = {}
    unknown, parts = [], []
    for cell in sorted(set(cells)):
        code, part = _split(cell)
        if code is None:
            unknown.append(cell)
            continue
        if part and part.casefold() not in _parts_of(code):
            parts.append(cell)
        found[cell] = _working_days(code, _parts_of(code).get(part.casefold(), ""), *years)
    return HolidayReading(found, tuple(_problems(unknown, parts)))


def _problems(unknown: list[str], parts: list[str]) -> Iterable[Diagnostic]:
    if unknown:
        yield warning(
            "country-unknown",
            f"no holidays are known of {_listed(unknown)} in the column country: people there count as working from "
            "Monday to Friday",
            help='write countries as "DE", "DEU" or "Germany", parts of them as "DE-BY"',
        )
    if parts:
        yield warning(
            "country-unknown",
            f"{_listed(parts)} in the column country {'name' if len(parts) > 1 else 'names'} no part of a country "
            "that is known: only the holidays of the whole country count there",
            help='write the part by its ISO 3166-2 code, such as "DE-BY" or "US-CA"',
        )


def _listed(cells: list[str]) -> str:
    shown = [f'"{cell}"' for cell in cells[:SHOWN]]
    shown += [f"{len(cells) - SHOWN} more"] if len(cells) > SHOWN else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _split(cell: str) -> tuple[str | None, str]:
    """Return the two letters of a cell's country, None if there is none such, and its part, "" for all of it.

    Two or three letters before a dash are a country's code, whatever the whole spells: `AR-E` lies in Argentina.
    """
    country, dash, part = cell.partition("-")
    whole = None if dash and _CODE.fullmatch(country.strip()) else _countries().get(_plain(cell))
    if whole is not None or not dash:
        return whole, ""
    return _countries().get(_plain(country)), part.strip()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


@lru_cache
def _countries() -> Mapping[str, str]:
    """Return all names and codes of countries, in small letters without spaces, to the country's two letters."""
    from holidays.registry import COUNTRIES

    names = {_plain(name): codes[1] for name, codes in COUNTRIES.items()}
    return names | {_plain(code): codes[1] for codes in COUNTRIES.values() for code in codes}


@lru_cache
def _parts_of(code: str) -> Mapping[str, str]:
    """Return the parts of a country as the library writes them, by what they are in small letters."""
    from holidays import country_holidays

    return {part.casefold(): part for part in country_holidays(code).subdivisions}


@lru_cache(maxsize=1024)
def _working_days(code: str, part: str, first: int, last: int) -> WorkingDays:
    from holidays import country_holidays

    found = country_holidays(code, subdiv=part or None, years=range(first, last + 1))
    weekend = tuple(sorted(found.weekend))
    days = (date(first, 1, 1) + timedelta(days=n) for n in range((date(last + 1, 1, 1) - date(first, 1, 1)).days))
    worked = tuple(day for day in days if day.weekday() in weekend and found.is_working_day(day))
    return WorkingDays(f"{code}-{part}" if part else code, weekend, tuple(sorted(found)), worked)
