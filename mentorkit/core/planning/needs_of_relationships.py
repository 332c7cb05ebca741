"""Relationships that wait for a coordinator: proposed, against a rule, silent, or with sessions that need a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from mentorkit.core.acceptance import answers_of, last_day_to_answer, yet_to_answer
from mentorkit.core.coming import latest_answers
from mentorkit.core.history import TO_COME, KnownRelationship, KnownSession
from mentorkit.core.matching.seats import Seat
from mentorkit.core.planning.broken_rules import BrokenRule
from mentorkit.core.planning.lacking_sessions import lacking_sessions
from mentorkit.core.planning.needs import Need, Situation
from mentorkit.core.planning.needs_of_people import pause_end
from mentorkit.core.scheduling.lacking import why_lacking
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.asking import About, Asking

UNSAID_DAYS = 7
"""How many days after a session we begin to ask whether it was held."""


def proposed(situation: Situation) -> list[Need]:
    """Return the relationships that wait to be published, as one need; what a run would publish now does not wait."""
    plan, program = situation.plan, situation.program
    taken = {one.id for one in plan.matching.relationships} if plan.matching and not plan.proposing else set()
    open_ones = [
        known
        for known in situation.history.proposed
        if known.relationship.id not in taken and known.relationship.id not in plan.withdrawn
    ]
    if not open_ones:
        return []
    occasions = situation.history.occasions
    since = [occasions[one.relationship.occasion] for one in open_ones if one.relationship.occasion in occasions]
    review = " after a review" if program.matching.publish == "review" else ""
    return [
        Need(
            "proposed",
            (),
            detail=f"{len(open_ones)} relationship{'' if len(open_ones) == 1 else 's'} to publish{review}",
            since=min(since, default=None),
            amount=len(open_ones),
            subjects=tuple(one.relationship.id for one in open_ones),
            command=("publish",),
        )
    ]


def asked(situation: Situation) -> list[Need]:
    """Return the relationships about which somebody is asked and has not answered, those first who were asked first."""
    asking, zone = situation.program.model.asking, situation.program.timezone
    answers = answers_of(situation.history.events)
    found = []
    for known in sorted(situation.history.asked, key=lambda one: (one.asked_at, one.relationship.id)):
        people = yet_to_answer(asking, known.relationship, answers)
        if asking is not None and people:
            named = people[0], "--subject", known.relationship.id
            others = tuple(one for one in known.relationship.people() if one not in people)
            detail = f"can answer until {last_day_to_answer(asking, known, zone)}"
            command = ("record", "accepted", "--person", *named)
            found.append(Need("asked", people, known.relationship.id, detail, known.asked_at, others, command=command))
    return found


def forbidden(broken: Iterable[BrokenRule]) -> list[Need]:
    """Return the published relationships that a rule would forbid today; nothing is changed about them."""
    groups: dict[str, list[BrokenRule]] = {}
    for one in broken:
        groups.setdefault(one.relationship, []).append(one)
    return [
        Need(
            "forbidden",
            people := tuple(dict.fromkeys(person for one in group for person in one.people)),
            relationship,
            f"against {', '.join(dict.fromkeys(one.rule for one in group))}",
            amount=len(group),
            command=("record", "ended", "--person", people[0], "--subject", relationship),
        )
        for relationship, group in groups.items()
    ]


def vacant(situation: Situation, seats: Iterable[Seat]) -> list[Need]:
    """Return the relationships with seats that somebody is wanted for, those first that have waited longest.

    Under a review no run puts anybody there; else one does as soon as there is somebody.
    """
    reviewed = situation.program.matching.publish == "review"
    groups: dict[str, list[Seat]] = {}
    for seat in seats:
        groups.setdefault(seat.relationship, []).append(seat)
    found = [
        Need(
            "vacant",
            group[0].known.relationship.people(),
            relationship,
            ", ".join(f"{number} {role}" for role, number in Counter(one.role for one in group).items()),
            since=min((one.former.left for one in group if one.former.left is not None), default=None),
            amount=len(group),
            command=("publish", "--fill") if reviewed else (),
        )
        for relationship, group in groups.items()
    ]
    return sorted(found, key=lambda need: (need.since or situation.at, need.subject))


def silent(situation: Situation) -> list[Need]:
    """Return the published relationships of which nobody has said anything for `silent_after`, the longest first.

    Between two sessions there may be nothing to say: who has a session to come, and none behind them for a week of
    which nobody has spoken since, is not silent.
    """
    asking = Asking(situation.program, situation.history.events, situation.history.seen, ())
    sessions = _open_sessions(situation)
    found = []
    for known in situation.published.values():
        here = tuple(one for one in known.relationship.people() if one not in situation.away.left)
        about = About(here, (known,))
        since = asking.silent_since(about, situation.at)
        if (
            here
            and not situation.away.paused.intersection(here)
            and asking.silent(about, situation.program.silent_after, situation.at)
            and not _between_sessions(sessions.get(known.relationship.id, ()), since, situation.at)
        ):
            found.append(
                Need(
                    "silent",
                    here,
                    known.relationship.id,
                    since=since,
                    command=("record", "met", "--person", here[0], "--subject", known.relationship.id),
                )
            )
    return sorted(found, key=lambda need: (need.since, need.subject))


def _open_sessions(situation: Situation) -> dict[str, list[Session]]:
    """Return the sessions that nobody has spoken of, by relationship."""
    found: dict[str, list[Session]] = {}
    for known in situation.history.sessions:
        if known.state in TO_COME:
            found.setdefault(known.session.relationship, []).append(known.session)
    return found


def _between_sessions(sessions: Iterable[Session], since: datetime | None, at: datetime) -> bool:
    """Return whether people wait for their next session, and have spoken since all that they should have told of."""
    ahead = [one for one in sessions if one.starts > at]
    return bool(ahead) and not any(_long_over(one, at) and (since is None or one.starts > since) for one in sessions)


def _long_over(session: Session, at: datetime) -> bool:
    return session.starts + timedelta(minutes=session.minutes, days=UNSAID_DAYS) <= at


def in_pause(situation: Situation) -> list[Need]:
    """Return the published relationships with sessions to come while somebody of them pauses."""
    groups: dict[str, list[KnownSession]] = {}
    ends = {person: pause_end(situation, person) for person in sorted(situation.away.paused)}
    for known in situation.history.sessions:
        session = known.session
        if known.state in TO_COME and session.starts > situation.at and session.relationship in situation.published:
            away = (ends[one] for one in session.people if one in ends)
            if any(until is None or session.local.date() < until for until in away):
                groups.setdefault(session.relationship, []).append(known)
    return [_in_pause(situation, relationship, group) for relationship, group in groups.items()]


def _in_pause(situation: Situation, relationship: str, group: list[KnownSession]) -> Need:
    first = min(group, key=lambda known: (known.session.starts, known.session.id)).session
    away = tuple(one for one in first.people if one in situation.away.paused)
    return Need(
        "in-pause",
        away,
        relationship,
        f"{len(group)} session{'' if len(group) == 1 else 's'}, first {first.local:%Y-%m-%d %H:%M}",
        others=tuple(one for one in first.people if one not in away),
        amount=len(group),
        subjects=tuple(known.session.id for known in group),
        command=("record", "moved", "--person", away[0], "--subject", first.id, "--value", "TIME"),
    )


def not_coming(situation: Situation) -> list[Need]:
    """Return the sessions to come that somebody has said they will not come to, unless they have changed since."""
    said = latest_answers(situation.history.events)
    found = []
    for known in sorted(situation.history.sessions, key=lambda one: (one.session.starts, one.session.id)):
        session = known.session
        to_come = known.state in TO_COME and session.starts > situation.at
        if to_come and session.relationship in situation.published:
            answers = {one: said[session.id, one] for one in session.people if (session.id, one) in said}
            away = tuple(one for one, (at, word) in answers.items() if word == "no" and at >= (known.changed or at))
            if away:
                found.append(_not_coming(known, away, min(answers[one][0] for one in away)))
    return found


def _not_coming(known: KnownSession, away: tuple[str, ...], since: datetime) -> Need:
    session = known.session
    return Need(
        "not-coming",
        away,
        session.id,
        f"{session.local:%Y-%m-%d %H:%M}",
        since,
        others=tuple(one for one in session.people if one not in away),
        command=("record", "moved", "--person", away[0], "--subject", session.id, "--value", "TIME"),
    )


def without_time(situation: Situation) -> list[Need]:
    """Return the published relationships for which no hour was found for some of the declared sessions.

    What lies after its end by the cadence needs nobody. The reason of the first of them is told, and what would help.
    """
    program, history = situation.program, situation.history
    lacking = [one for one in lacking_sessions(program, history) if one.no_time]
    relationships = [one.relationship for one in lacking]
    reasons: dict[str, str] = {}
    for told in why_lacking(program, situation.roster, program.model.roles, history, relationships, situation.at):
        reasons.setdefault(told.relationship, f": {told.explained}")
    return [
        Need(
            "no-time",
            one.relationship.relationship.people(),
            one.relationship.relationship.id,
            f"{one.no_time} of {one.declared} sessions {'has' if one.no_time == 1 else 'have'} no time"
            + reasons.get(one.relationship.relationship.id, ""),
            amount=one.no_time,
            command=("show", "--origin"),
        )
        for one in lacking
    ]


def unsaid(situation: Situation) -> list[Need]:
    """Return the published relationships with sessions long over of which nobody said whether they were held."""
    groups: dict[str, list[KnownSession]] = {}
    for known in situation.history.sessions:
        session = known.session
        if known.state in TO_COME and _long_over(session, situation.at) and session.relationship in situation.published:
            groups.setdefault(session.relationship, []).append(known)
    return [_unsaid(situation.published[name], group) for name, group in groups.items()]


def _unsaid(known: KnownRelationship, group: list[KnownSession]) -> Need:
    people = known.relationship.people()
    first = group[0].session
    return Need(
        "unsaid",
        people,
        known.relationship.id,
        f"{len(group)} session{'' if len(group) == 1 else 's'}",
        since=first.starts,
        amount=len(group),
        subjects=tuple(one.session.id for one in group),
        command=("record", "met", "--person", people[0], "--subject", first.id),
    )
