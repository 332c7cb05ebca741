"""People who wait for a coordinator: missing, held, back again, gone, asking for something, or without a partner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from mentorkit.core.deliveries import Held
from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import Event, KnownRelationship
from mentorkit.core.learning.noticing import MISSING
from mentorkit.core.learning.recognizing import tells_of_change
from mentorkit.core.matching.queueing import InLine
from mentorkit.core.planning.needs import RECENT_DAYS, Need, Situation
from mentorkit.core.relationships import Unmatched
from mentorkit.core.standing import says_left
from mentorkit.core.zones import to_utc

WHO_IS_IT = "name and mail address are new"
STILL_THERE = "recorded as left, and still in the roster"
"""What is said of those whom the roster never let go: the export is older than the news, or wider."""


def missing(situation: Situation, ids: Iterable[str]) -> list[Need]:
    """Return who should be in the roster and is not, and for whom no message waits yet."""
    held = {one.recipient.id for one in situation.plan.held if one.reason == "missing"}
    return [
        Need("missing", (one,), detail="not in the roster", command=_recorded("left", one))
        for one in ids
        if one not in held
    ]


def held(situation: Situation) -> list[Need]:
    """Return whose messages are held, each person once, with how many wait already."""
    groups: dict[str, list[Held]] = {}
    for one in situation.plan.held:
        groups.setdefault(one.recipient.id, []).append(one)
    return [_held(situation, person, group) for person, group in groups.items()]


def _held(situation: Situation, person: str, group: Sequence[Held]) -> Need:
    keys = tuple(sorted(key for one in group for key in one.transmissions))
    if group[0].reason == "missing":
        why, since, command = "missing from the roster", None, _recorded("left", person)
    else:
        why, since, command = _pause(situation, person)
    waiting = f"{len(keys)} message{'' if len(keys) == 1 else 's'} wait{'s' if len(keys) == 1 else ''}"
    return Need(
        "held",
        (person,),
        detail=f"{why}; {waiting}" if keys else why,
        since=since,
        amount=len(keys),
        subjects=keys,
        command=command,
    )


def changed_hands(situation: Situation) -> list[Need]:
    """Return ids that stand for somebody else by now, it seems, and that nobody has said anything of since."""
    latest = situation.latest("paused")
    return [
        Need("changed-hands", (person,), detail=WHO_IS_IT, since=latest[person].at, command=_recorded("left", person))
        for person in sorted(situation.away.paused)
        if person in latest and tells_of_change(latest[person])
    ]


def _pause(situation: Situation, person: str) -> tuple[str, datetime | None, tuple[str, ...]]:
    event = situation.latest("paused").get(person)
    until = pause_end(situation, person)
    return (
        f"paused until {until}" if until else "paused until further notice",
        event.at if event else None,
        () if until else _recorded("resumed", person),
    )


def pause_end(situation: Situation, person: str) -> date | None:
    """Return the day on which somebody who pauses is back, as events or the roster say; None: nobody knows."""
    word = situation.words.get(person)
    if word is not None and word.pauses(situation.today):
        return word.until
    known = situation.roster.by_id.get(person)
    column = known.values.get("paused_until") if known else None
    return column if isinstance(column, date) and column > situation.today else None


def back_again(situation: Situation) -> list[Need]:
    """Return who has left and takes part by today's roster, those first whom the roster itself had let go."""
    left = situation.latest("left")
    back = [
        left[one.id]
        for one in situation.roster.participants
        if one.id in situation.away.left and one.id in left and not says_left(one, situation.today)
    ]
    return [
        Need(
            "back-again",
            (one.person,),
            detail="in the roster again" if one.id.startswith(OWN_EVENT) else STILL_THERE,
            since=_left_at(situation, one),
            command=_recorded("resumed", one.person),
        )
        for one in sorted(back, key=lambda one: (not one.id.startswith(OWN_EVENT), one.at, one.person))
    ]


def _left_at(situation: Situation, event: Event) -> datetime:
    """Return when somebody left: the day that the roster says, else the event's moment."""
    if not event.id.startswith(OWN_EVENT):
        return event.at
    try:
        return min(event.at, _beginning(situation, date.fromisoformat(event.value)))
    except ValueError:
        return event.at


def leavers(situation: Situation) -> list[Need]:
    """Return who left lately, the last first, with the partners who are free again."""
    left = situation.latest("left")
    recent = [left[one] for one in sorted(situation.away.left) if one in left and _is_recent(situation, left[one])]
    return [_leaver(situation, one) for one in sorted(recent, key=lambda one: one.at, reverse=True)]


def _is_recent(situation: Situation, event: Event) -> bool:
    return situation.at - timedelta(days=RECENT_DAYS) < event.at <= situation.at


def _leaver(situation: Situation, event: Event) -> Need:
    theirs = situation.relationships.get(event.person, ())
    to_the_end = [one for one in theirs if event.person in one.relationship.people()]
    ended = [one for one in to_the_end if one.state == "ended" and one.reason == "left"]
    others = dict.fromkeys(person for one in ended for person in one.relationship.people() if person != event.person)
    placed = {person for known in situation.history.published for person in known.relationship.people()}
    free = tuple(person for person in others if person not in situation.away.left and person not in placed)
    going_on = sum(one.state == "published" for one in theirs if one not in to_the_end)
    goes_on = f"{going_on} relationship{'' if going_on == 1 else 's'} {'goes' if going_on == 1 else 'go'} on"
    return Need(
        "left",
        (event.person,),
        detail="; ".join(part for part in (_why_left(event), f"{goes_on} without them" if going_on else "") if part),
        since=_left_at(situation, event),
        others=free,
        amount=len(ended),
        subjects=tuple(one.relationship.id for one in ended),
        command=situation.filling if free else (),
    )


def _why_left(event: Event) -> str:
    """Return why somebody left, in their words; of the roster, how it said so."""
    if not event.id.startswith(OWN_EVENT):
        return event.value
    return "missing from the roster" if event.value == MISSING else "by the roster"


def requested(situation: Situation) -> list[Need]:
    """Return who asked for something lately, the first first, unless a relationship of theirs has changed since."""
    requests: dict[str, list[Event]] = {}
    for event in sorted(situation.history.events, key=lambda one: (one.at, one.id)):
        if event.kind == "requested" and _is_recent(situation, event) and not _answered(situation, event):
            requests.setdefault(event.person, []).append(event)
    return [_request(situation, person, events) for person, events in requests.items()]


def _answered(situation: Situation, event: Event) -> bool:
    changes = (
        moment
        for known in situation.relationships.get(event.person, ())
        if known.state in ("published", "ended")
        for moment in (known.published_at, known.ended_at, *_own_days(known, event.person))
    )
    return any(moment is not None and moment > event.at for moment in changes)


def _own_days(known: KnownRelationship, person: str) -> Iterator[datetime | None]:
    """Yield when somebody joined or left a relationship that went on."""
    for one in known.own_days:
        if one.member.person == person:
            yield from (one.joined, one.left)


def _request(situation: Situation, person: str, events: Sequence[Event]) -> Need:
    theirs = situation.relationships.get(person, ())
    running = [one for one in theirs if one.state == "published" and person in one.relationship.people()]
    return Need(
        "requested",
        (person,),
        events[-1].subject,
        events[-1].value,
        since=events[0].at,
        amount=len(events),
        command=_ending(person, running) if running else situation.filling,
    )


def _ending(person: str, running: Sequence[KnownRelationship]) -> tuple[str, ...]:
    return *_recorded("ended", person), "--subject", running[-1].relationship.id


def unmatched(
    situation: Situation, waiting: Sequence[Unmatched], line: Sequence[InLine], placeable: Collection[str]
) -> list[Need]:
    """Return who waits for a partner, since when, and why, in line; somebody in two roles once."""
    since = {(one.person, one.role): one.since for one in line}
    turn = {key: number for number, key in enumerate(since)}
    reasons: dict[str, list[str]] = {}
    days: dict[str, datetime | None] = {}
    for one in sorted(waiting, key=lambda one: turn.get((one.person, one.role), len(turn))):
        reasons.setdefault(one.person, []).extend(map(str, one.reasons))
        day = since.get((one.person, one.role))
        days.setdefault(one.person, _beginning(situation, day) if day else None)
    return [
        Need(
            "unmatched",
            (person,),
            detail=_prospect(situation, person, placeable) or "; ".join(dict.fromkeys(why)),
            since=days[person],
            command=situation.filling if person in placeable else (),
        )
        for person, why in reasons.items()
    ]


def _prospect(situation: Situation, person: str, placeable: Collection[str]) -> str:
    """Return what somebody who waits can hope for now, "" where that is nothing."""
    if person in situation.in_asked:
        return "somebody is asked about them"
    if person in situation.in_proposals:
        return "in a proposal that waits to be published"
    return "somebody free could take them" if person in placeable else ""


def _beginning(situation: Situation, day: date) -> datetime:
    return to_utc(datetime.combine(day, time()), situation.program.timezone)


def _recorded(kind: str, person: str) -> tuple[str, ...]:
    return "record", kind, "--person", person
