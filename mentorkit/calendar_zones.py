"""A time zone as calendars carry it along (VTIMEZONE), so that readers with old zone data of their own get it right.

Two forms that all readers we know of understand. Where a zone changes its clocks by the same rule every year, the rule:
a yearly RRULE from 1970 on, as most calendars write it, from the rule at the end of the zone's data (RFC 8536, 3.3).
Where that rule says anything else than the data around the session do, or says it in a way that RRULE cannot, single
changes, one component each. Lists of changes (RDATE), which libraries like to write, shift sessions by an hour in
Outlook and ical.js.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files

from attrs import frozen

from mentorkit.core.zones import zone

_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_CLOCK = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_DAY = rf"M(\d+)\.(\d)\.(\d)(?:/({_CLOCK}))?"
_RULE = re.compile(rf"({_NAME})({_CLOCK})(?:({_NAME})({_CLOCK})?,{_DAY},{_DAY})?")
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST = 5
_DAY_SECONDS = 86400
_NO_TIME = timedelta()
_AROUND = 1
"""How many years before and after a session a zone is told by single changes."""


@frozen
class _Change:
    """A change of clocks that comes every year: in a month, on the `week`-th (5: last) `weekday` (0: Sunday)."""

    month: int
    week: int
    weekday: int
    seconds: int

    def on(self, year: int) -> datetime:
        """Return its wall-clock moment in a year, before the change."""
        first = _midnight(year, self.month)
        day = first + timedelta(days=(self.weekday - (first.weekday() + 1)) % 7 + 7 * (self.week - 1))
        if day.month != self.month:
            day -= timedelta(days=7)
        return day + timedelta(seconds=self.seconds)

    @property
    def rrule(self) -> str:
        """Return it as the standard writes it."""
        nth = -1 if self.week == _LAST else self.week
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={nth}{_WEEKDAYS[self.weekday]}"


@frozen
class _Rule:
    """What a zone does from now on; offsets in seconds east of UTC."""

    standard: int
    standard_name: str
    daylight: int = 0
    daylight_name: str = ""
    begins: _Change | None = None
    ends: _Change | None = None


@lru_cache(maxsize=2048)
def vtimezone(name: str, year: int) -> bytes:
    """Return the VTIMEZONE component of a zone, right for moments in this year; lines end with CR LF.

    Raises:
        KeyError: there is no such zone.
    """
    rule = _rule_of(name)
    parts = _by_rule(rule) if rule and _tells_the_truth(rule, name, year) else _by_changes(name, year)
    return "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *parts, "END:VTIMEZONE", ""]).encode()


def _rule_of(name: str) -> _Rule | None:
    """Return the rule at the end of a zone's data; None where there is none, or one that RRULE cannot say."""
    zone(name)
    data = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    written = _RULE.fullmatch(data.rsplit(b"\n", 2)[1].decode("ascii"))
    if written is None:
        return None
    called, offset, summer, shifted, *days = written.groups()
    standard = -_seconds(offset)
    if summer is None:
        return _Rule(standard, called.strip("<>"))
    begins, ends = (_change(*days[at : at + 4]) for at in (0, 4))
    if begins is None or ends is None:
        return None
    daylight = -_seconds(shifted) if shifted else standard + 3600
    return _Rule(standard, called.strip("<>"), daylight, summer.strip("<>"), begins, ends)


def _change(month: str, week: str, weekday: str, clock: str | None) -> _Change | None:
    """Return a yearly change; None where its clock time is on another day than it names."""
    seconds = _seconds(clock) if clock else 7200
    if not 0 <= seconds < _DAY_SECONDS:
        return None
    return _Change(int(month), int(week), int(weekday), seconds)


def _midnight(year: int, month: int = 1) -> datetime:
    """Return the beginning of a month on the clocks of wherever it is."""
    return datetime.combine(date(year, month, 1), time())


def _seconds(clock: str) -> int:
    sign = -1 if clock.startswith("-") else 1
    parts = [int(part) for part in clock.lstrip("+-").split(":")]
    hours, minutes, seconds = (*parts, 0, 0)[:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)


def _tells_the_truth(rule: _Rule, name: str, year: int) -> bool:
    """Whether a rule changes the clocks when the zone's data say, in the years around."""
    told: list[tuple[datetime, int, int]] = []
    for one in range(year - _AROUND, year + _AROUND + 1):
        if rule.begins and rule.ends:
            begins = rule.begins.on(one) - timedelta(seconds=rule.standard)
            ends = rule.ends.on(one) - timedelta(seconds=rule.daylight)
            told += [(begins, rule.standard, rule.daylight), (ends, rule.daylight, rule.standard)]
    found = [(moment, before, after) for moment, before, after in _changes(name, year)]
    first = zone(name).utcoffset(_midnight(year - _AROUND))
    return sorted(told) == found and (bool(told) or first == timedelta(seconds=rule.standard))


def _by_rule(rule: _Rule) -> list[str]:
    if rule.begins is None or rule.ends is None:
        return _component("STANDARD", _midnight(1970), rule.standard, rule.standard, rule.standard_name)
    begins, ends = rule.begins, rule.ends
    there = rule.standard, rule.daylight, rule.daylight_name, begins.rrule
    back = rule.daylight, rule.standard, rule.standard_name, ends.rrule
    ahead = rule.standard < rule.daylight  # in Ireland winter is what the law makes an exception of
    return [
        *_component("DAYLIGHT" if ahead else "STANDARD", begins.on(1970), *there),
        *_component("STANDARD" if ahead else "DAYLIGHT", ends.on(1970), *back),
    ]


def _by_changes(name: str, year: int) -> list[str]:
    """Return each change of the years around by itself, after what holds before them."""
    here = zone(name)
    begin = _midnight(year - _AROUND)
    offset = here.utcoffset(begin)
    before = int(offset.total_seconds()) if offset else 0
    parts = _component("STANDARD", _midnight(1970), before, before, here.tzname(begin) or "")
    for moment, old, new in _changes(name, year):
        after = moment.replace(tzinfo=UTC).astimezone(here)
        kind = "DAYLIGHT" if (after.dst() or _NO_TIME) > _NO_TIME else "STANDARD"
        parts += _component(kind, moment + timedelta(seconds=old), old, new, after.tzname() or "")
    return parts


def _component(kind: str, begins: datetime, before: int, after: int, called: str, rrule: str = "") -> list[str]:
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(after)}",
        *([f"RRULE:{rrule}"] if rrule else []),
        *([f"TZNAME:{called}"] if called else []),
        f"END:{kind}",
    ]


def _offset(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{minutes % 60:02}" + (f"{rest:02}" if rest else "")


def _changes(name: str, year: int) -> list[tuple[datetime, int, int]]:
    """Return the changes of a zone's offset in the years around: UTC moment, seconds before, seconds after."""
    here = zone(name)

    def offset(moment: datetime) -> int:
        found = moment.replace(tzinfo=UTC).astimezone(here).utcoffset()
        return int(found.total_seconds()) if found else 0

    moment, end = _midnight(year - _AROUND), _midnight(year + _AROUND + 1)
    moment, end = moment - timedelta(seconds=offset(moment)), end - timedelta(seconds=offset(end))
    found: list[tuple[datetime, int, int]] = []
    step = timedelta(days=1)
    while moment < end:
        following = min(moment + step, end)
        if offset(moment) != offset(following):
            low, high = moment, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle -= timedelta(microseconds=middle.microsecond)
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append((high, offset(moment), offset(following)))
        moment = following
    return found
