"""What an iCalendar file says about when its person is busy.

Busy are events, whole days and out-of-office among them, and `FREEBUSY` periods. Free is what is transparent, canceled
or shown as free. The library `recurring-ical-events` expands what repeats. Entries that cannot be understood are left
out and counted by reason; nothing of what they say is repeated.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import field, frozen

from mentorkit.busy_calendars.repeating_rules import why_not_expanded
from mentorkit.core.busy_times import BusyTimes, busy_times, span_of
from mentorkit.core.zones import known_zones, to_utc

MOST_ENTRIES = 20_000
"""A calendar with more entries, or more occurrences of them in the span asked for, is not read."""
_DATES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_ONCE = ("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID")
_FREE = ("FREE", "WORKINGELSEWHERE")
_OUTSIDE = "it lies outside of the calendar"
_ANY_ZONE = timedelta(days=1)
"""The library takes days and floating times for those of UTC, which no zone is further away from."""


class CalendarError(Exception):
    """A calendar that is not read, with the reason."""


@frozen
class Found:
    """When somebody is busy by a calendar.

    Attributes:
        left_out: how many of its entries are, by reason.
        elsewhere: how many are in a zone that nobody knows, and so reckoned in the person's own.
    """

    busy: BusyTimes = field(factory=BusyTimes)
    left_out: Mapping[str, int] = field(factory=dict)
    elsewhere: int = 0


class _LeftOutError(Exception):
    """An entry that cannot be understood, with the reason."""


def busy_in(content: bytes, zone: str, span: tuple[datetime, datetime], own: str = "") -> Found:
    """Return when somebody is busy by an iCalendar file between two aware moments.

    Args:
        content: the file's.
        zone: in which floating times, whole days, and times of zones that nobody knows are reckoned.
        span: the moments.
        own: the end of the UIDs of entries that are passed over, if not "".

    Raises:
        CalendarError: it is no whole calendar, or one with too many entries.
    """
    begins, ends = span
    calendar = _parsed(content)
    events = [event for event in calendar.walk("VEVENT") if not (own and str(event.get("UID", "")).endswith(own))]
    if len(events) > MOST_ENTRIES:
        raise CalendarError(f"it has more than {MOST_ENTRIES:,} entries; export the months of the program only")
    left_out: Counter[str] = Counter()
    spans: list[tuple[datetime, datetime]] = []
    for occurrence in _occurrences(calendar, events, begins, ends, left_out):
        try:
            spans.append(_span_of_event(occurrence, zone))
        except _LeftOutError as reason:
            left_out[str(reason)] += 1
        except OverflowError:
            left_out[_OUTSIDE] += 1
    for entry in calendar.walk("VFREEBUSY"):
        spans += _periods(entry, zone, left_out)
    within = ((max(a, begins), min(b, ends)) for a, b in spans)
    busy = busy_times(span_of(a, b) for a, b in within if a < b)
    return Found(busy, dict(sorted(left_out.items())), sum(map(_in_no_known_zone, events)))


def _parsed(content: bytes) -> Any:
    from icalendar import Calendar

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it makes of odd names of zones, and they are somebody's own
            return Calendar.from_ical(content)
    except Exception:
        raise CalendarError("it is not one whole iCalendar calendar") from None


def _occurrences(
    calendar: Any, events: Iterable[Any], begins: datetime, ends: datetime, left_out: Counter[str]
) -> Iterator[Any]:
    """Yield single events as they are, and those that repeat once for each time in the span."""
    groups: dict[object, list[Any]] = {}
    for number, event in enumerate(events):
        try:
            _check(event)
        except _LeftOutError as reason:
            left_out[str(reason)] += 1
            continue
        groups.setdefault(str(event["UID"]) if "UID" in event else number, []).append(event)
    single = [group[0] for group in groups.values() if not _repeats(group)]
    yield from (event for event in single if not _is_free(event))
    number = 0
    for group in (group for group in groups.values() if _repeats(group)):
        try:
            found = _expanded(calendar, group, begins, ends)
        except Exception:
            left_out["how it repeats cannot be understood"] += len(group)
            continue
        number += len(found)
        if number > MOST_ENTRIES:
            raise CalendarError(f"its entries repeat more than {MOST_ENTRIES:,} times during the program")
        yield from (event for event in found if not _is_free(event))


def _check(event: Any) -> None:
    """Look whether an event says when it is.

    Raises:
        _LeftOutError: it does not.
    """
    broken = [name for name, _ in event.errors if name in _DATES]
    broken += [name for name in _ONCE if isinstance(event.get(name), list)]
    if broken:
        raise _LeftOutError(f"its {broken[0]} cannot be read")
    if "DTSTART" not in event:
        raise _LeftOutError("it has no DTSTART")
    start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    if not isinstance(start, date) or (end is not None and not _are_alike(start, end)):
        raise _LeftOutError("its begin and end are not of one kind")
    if "RRULE" in event and (reason := why_not_expanded(event["RRULE"], start)):
        raise _LeftOutError(reason)


def _are_alike(start: date, end: object) -> bool:
    return isinstance(end, date) and isinstance(end, datetime) == isinstance(start, datetime)


def _in_no_known_zone(event: Any) -> bool:
    start = event.get("DTSTART")
    value = getattr(start, "dt", None) if hasattr(start, "params") and not event.errors else None
    return isinstance(value, datetime) and value.tzinfo is None and "TZID" in start.params


def _repeats(group: list[Any]) -> bool:
    return len(group) > 1 or any(name in group[0] for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _expanded(calendar: Any, group: list[Any], begins: datetime, ends: datetime) -> list[Any]:
    from icalendar import Calendar
    from recurring_ical_events import of

    alone = Calendar()
    if str(calendar.get("X-WR-TIMEZONE", "")) in known_zones() and not any(map(_is_floating, group)):
        alone["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]  # whose clock a series in UTC keeps
    for event in group:
        alone.add_component(event)
    return list(of(alone, components=["VEVENT"]).between(begins - _ANY_ZONE, ends + _ANY_ZONE))


def _is_floating(event: Any) -> bool:
    start = event["DTSTART"].dt
    return isinstance(start, datetime) and start.tzinfo is None


def _is_free(event: Any) -> bool:
    """Whether an event says that its person is free all the same."""
    if str(event.get("TRANSP", "")).strip().upper() == "TRANSPARENT":
        return True
    if str(event.get("STATUS", "")).strip().upper() == "CANCELLED":
        return True
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).strip().upper() in _FREE


def _span_of_event(event: Any, zone: str) -> tuple[datetime, datetime]:
    """Return from when until when an event is.

    Raises:
        _LeftOutError: it ends before it begins.
        OverflowError: it lies outside of the calendar.
    """
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else None
    length = None if end is not None or "DURATION" not in event else event["DURATION"].dt
    if not isinstance(start, datetime):
        end = start + length if length is not None else end
        last = end if end is not None and end > start else start + timedelta(days=1)
        return _moment(start, zone), _moment(last, zone)
    if "RECURRENCE-ID" in event and end is not None:
        length = end - start  # each time of a series is as long as the first, whatever the clocks do meanwhile
    first = _moment(start, zone)
    last = _later(start, length, zone) if length is not None else _moment(start if end is None else end, zone)
    if last < first:
        raise _LeftOutError("it ends before it begins")
    return first, last


def _later(start: datetime, length: timedelta, zone: str) -> datetime:
    """Return the moment so much after a time: days go by the calendar, hours as they pass (RFC 5545, 3.3.6)."""
    days = timedelta(days=length.days)
    return _moment(start + days, zone) + (length - days)


def _moment(value: date, zone: str) -> datetime:
    """Return the moment of a date or a time, those without a zone in `zone`."""
    if not isinstance(value, datetime):
        return to_utc(datetime.combine(value, time()), zone)
    return to_utc(value, zone) if value.tzinfo is None else value.astimezone(UTC)


def _periods(entry: Any, zone: str, left_out: Counter[str]) -> Iterator[tuple[datetime, datetime]]:
    found = entry.get("FREEBUSY", [])
    for value in found if isinstance(found, list) else [found]:
        if str(value.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        try:
            first, last = (_moment(one, zone) for one in (value.start, value.end))
            if last < first:
                raise _LeftOutError("it ends before it begins")
        except (AttributeError, TypeError, ValueError):
            left_out["its FREEBUSY cannot be read"] += 1
        except _LeftOutError as reason:
            left_out[str(reason)] += 1
        except OverflowError:
            left_out[_OUTSIDE] += 1
        else:
            yield first, last
