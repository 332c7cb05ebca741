"""Time zones from the pinned `tzdata` package, never from the system's copy, which may be years old."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version
from zoneinfo import ZoneInfo

from mentorkit.core.roster import Person, Roster

zoneinfo.reset_tzpath(to=())


def tzdata_version() -> str:
    """Return the version of the zone data in use, such as `2026.6`."""
    return version("tzdata")


def data_versions(roster: Roster) -> dict[str, str]:
    """Return the versions of the data about the world in use: zones and, where the roster names countries, holidays."""
    return {"tzdata": tzdata_version(), **({"holidays": roster.holidays} if roster.holidays else {})}


@lru_cache
def known_zones() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(zoneinfo.available_timezones())


@lru_cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of this IANA name.

    Raises:
        KeyError: there is no such zone.
    """
    if name not in known_zones():
        raise KeyError(name)
    return ZoneInfo(name)


def to_utc(local: datetime, name: str) -> datetime:
    """Return the UTC moment of a wall-clock time in a zone.

    A time that a clock change skips is read with the offset before the change (02:30 becomes 03:30 on the new clock);
    a time that happens twice is the first of the two (PEP 495, fold 0).
    """
    return local.replace(tzinfo=zone(name), fold=0).astimezone(UTC)


def to_local(moment: datetime, name: str) -> datetime:
    """Return the wall-clock time in a zone of an aware moment, without tzinfo."""
    return moment.astimezone(zone(name)).replace(tzinfo=None)


@lru_cache(maxsize=65_536)
def local_day(moment: datetime, name: str) -> date:
    """Return the day in a zone of an aware moment; large programs ask for the same ones over and over."""
    return to_local(moment, name).date()


def utc_text(moment: datetime) -> str:
    """Return an aware moment as all our documents write it: `2027-01-11T09:00:00Z`, in whole seconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def day_end(day: date, name: str) -> datetime:
    """Return 24:00 of a day in a zone, in UTC."""
    return to_utc(datetime.combine(day + timedelta(days=1), time()), name)


def last_day_before(moment: datetime, name: str) -> date:
    """Return the day, in a zone, whose end an aware moment is or in which it lies: 24:00 belongs to its day."""
    return to_local(moment - timedelta(microseconds=1), name).date()


def person_zone(person: Person | None, default: str) -> str:
    """Return the zone a person lives in: their `timezone` column, else `default` (the program's)."""
    name = person.text("timezone") if person is not None else ""
    return name if name in known_zones() else default
