"""What of all that could go out now waits: in its recipient's quiet hours, or because they have had enough lately.

Nothing is forgotten: what waits is looked at again by every plan until it goes out or has expired, which is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from attrs import frozen

from mentorkit.core.deliveries import State, Transmission
from mentorkit.core.history import CONTACT, History, KnownTransmission
from mentorkit.core.plan import Paced, Waiting
from mentorkit.core.program import INVITATION, AtMost, Pacing, Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import person_zone, to_local, to_utc

MAY_HAVE_ARRIVED: tuple[State, ...] = ("sent", "at_risk", "in_doubt")
"""States of what somebody has had, or may have."""


@frozen
class _Wanting:
    """Something that could go out now: new, or left in the ledger."""

    key: str
    step: str
    number: int
    due: datetime
    zone: str


@frozen
class Spread:
    """What goes out now, in the order in which it was given, and what waits, by (until, key)."""

    due: tuple[Transmission, ...]
    waiting: tuple[Waiting, ...]
    paced: tuple[Paced, ...] = ()


def spread(
    program: Program,
    roster: Roster,
    history: History,
    due: tuple[Transmission, ...],
    waiting: tuple[Waiting, ...],
    at: datetime,
) -> Spread:
    """Return what of everything that could go out at `at` does, the oldest first, by the program's pacing."""
    pacing = program.pacing
    if pacing == Pacing():
        return Spread(due, waiting)
    names = {number: name for name, number in history.numbers.items()}
    left = [_left(history.transmissions[one.key], names, program, roster) for one in waiting]
    new = [_Wanting(one.key, one.step, one.recipient.number, one.due, one.zone) for one in due]
    wanting = sorted(left + new, key=lambda one: (one.due, one.key))
    people = {one.recipient.number for one in due if one.recipient.kind == "person"}
    people |= {one.number for one in left if not names.get(one.number, "").startswith(CONTACT)}
    paced = {one.key: one for one in _quiet(pacing, wanting, at)}
    if pacing.at_most is not None:
        asking = [one for one in wanting if one.key not in paced and one.step != INVITATION and one.number in people]
        paced |= {one.key: one for one in _enough(pacing.at_most, history, asking, at, digest=pacing.digest)}
    return Spread(
        tuple(one for one in due if one.key not in paced),
        tuple(one for one in waiting if one.key not in paced),
        tuple(sorted(paced.values(), key=lambda one: (one.until, one.key))),
    )


def _left(known: KnownTransmission, names: Mapping[int, str], program: Program, roster: Roster) -> _Wanting:
    zone = person_zone(roster.by_id.get(names.get(known.number, "")), program.timezone)
    return _Wanting(known.key, known.step, known.number, known.due, zone)


def _quiet(pacing: Pacing, wanting: Sequence[_Wanting], at: datetime) -> list[Paced]:
    if pacing.quiet_hours is None:
        return []
    ends = {zone: quiet_until(pacing.quiet_hours, zone, at) for zone in {one.zone for one in wanting}}
    found = ((one, ends[one.zone]) for one in wanting)
    return [
        Paced(one.key, one.step, one.number, until, "quiet-hours", one.due) for one, until in found if until is not None
    ]


def quiet_until(hours: tuple[time, time], zone: str, at: datetime) -> datetime | None:
    """Return when the quiet hours in which a moment lies are over, UTC, aware; None: it lies in none."""
    begins, ends = hours
    local = to_local(at, zone)
    inside = begins <= local.time() < ends if begins < ends else not ends <= local.time() < begins
    if not inside:
        return None
    end = datetime.combine(local.date() if local.time() < ends else local.date() + timedelta(days=1), ends)
    until = to_utc(end, zone)
    return until if until > at else at + (end - local)  # the clocks went back over the end, and it comes once more


def _enough(
    at_most: AtMost, history: History, asking: Sequence[_Wanting], at: datetime, *, digest: bool
) -> list[Paced]:
    """Return what is over, by person, the newest first to wait; what is one message counts once."""
    had = _had(history, at - at_most.within)
    theirs: dict[int, list[_Wanting]] = defaultdict(list)
    for one in asking:
        theirs[one.number].append(one)
    paced: list[Paced] = []
    for number, ones in theirs.items():
        moments = had.get(number, [])
        free = max(at_most.number - len(moments), 0)
        if digest:
            waits = [] if free else [(one, 0) for one in ones]  # all of it is one message, and goes with the first
        else:
            waits = [(one, ahead) for ahead, one in enumerate(ones[free:])]
        moments = [*moments, *([at] * min(free, len(ones)))]
        for one, ahead in waits:
            paced.append(
                Paced(one.key, one.step, one.number, _free_again(at_most, moments, ahead, at), "at-most", one.due)
            )
    return paced


def _had(history: History, since: datetime) -> dict[int, list[datetime]]:
    """Return when each person has had a message after a moment, or may have had one, the earliest first."""
    known = [
        one
        for one in history.transmissions.values()
        if one.state in MAY_HAVE_ARRIVED and one.step != INVITATION and one.changed is not None
    ]
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for one in known:
        if one.changed is not None and _minute(one.changed) > _minute(since):
            found[one.number][one.bundle or one.key] = _minute(one.changed)
    return {number: sorted(moments.values()) for number, moments in found.items()}


def _minute(at: datetime) -> datetime:
    """Return the minute of a moment: what runs every morning begins a second earlier or later each time."""
    return at.replace(second=0, microsecond=0)


def _free_again(at_most: AtMost, moments: Sequence[datetime], ahead: int, at: datetime) -> datetime:
    """Return when there is room for the message behind `ahead` others that wait, if nothing else comes between."""
    leaves = moments[len(moments) - at_most.number :] or [at]
    rounds, place = divmod(ahead, len(leaves))
    return leaves[place] + at_most.within * (rounds + 1)
