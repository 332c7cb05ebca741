"""How relationships live, one by one and without names: how long they last, and when they last met."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mentorkit.core.contracts import RelationshipFacts
from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.moments import add_length
from mentorkit.core.phases import last_day, relationship_start
from mentorkit.core.program import MAIN_SERIES, Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local


def started(history: History) -> tuple[KnownRelationship, ...]:
    """Return the relationships that were published, ended ones among them."""
    return tuple(known for known in history.relationships if known.published_at is not None)


def main_series(program: Program) -> Series | None:
    """Return the series under `[sessions]`, or the first of the others."""
    return next((one for one in program.series if one.name == MAIN_SERIES), next(iter(program.series), None))


def cadence_days(program: Program) -> float | None:
    """Return the longest step between two sessions of the main series, in days."""
    series = main_series(program)
    steps = [(add_length(program.starts, one) - program.starts).days for one in series.cadence] if series else []
    return float(max(steps)) if steps else None


def last_moment(program: Program, at: datetime) -> datetime:
    """Return `at`, or the last second of the program where that came before."""
    return min(at, day_end(program.ends, program.timezone) - timedelta(seconds=1))


def relationship_facts(program: Program, history: History, at: datetime) -> tuple[RelationshipFacts, ...]:
    """Return every published relationship as of `at` (UTC, aware), in the history's order."""
    until = last_moment(program, at)
    met = _last_met(history, until)
    return tuple(_facts(program, known, until, met.get(known.relationship.id)) for known in started(history))


def _facts(program: Program, known: KnownRelationship, until: datetime, met: datetime | None) -> RelationshipFacts:
    today = min(to_local(until, program.timezone).date(), last_day(program, known.relationship))
    first = relationship_start(program, known.published_at or until)
    ended = known.ended_at if known.ended_at and known.ended_at <= until else None
    last = min(to_local(ended, program.timezone).date(), today) if ended else today
    return RelationshipFacts(
        possible_days=_days(first, today),
        lived_days=_days(first, last),
        live=ended is None and first <= today,
        days_since_met=max(0.0, (until - met).total_seconds() / 86400) if met else None,
    )


def _days(first: date, last: date) -> int:
    return max(0, (last - first).days)


def _last_met(history: History, until: datetime) -> dict[str, datetime]:
    """Return when relationships last met: by sessions that were held, and where somebody said that they have met."""
    moments = [(one.session.relationship, one.session.starts) for one in history.sessions if one.state == "held"]
    ids = {known.relationship.id for known in history.relationships}
    moments += [(event.subject, event.at) for event in history.events if event.kind == "met" and event.subject in ids]
    last: dict[str, datetime] = {}
    for relationship, moment in moments:
        if moment <= until:
            last[relationship] = max(moment, last.get(relationship, moment))
    return last


def heard_of(roster: Roster, history: History) -> tuple[int, int]:
    """Return how many participants with a relationship, ended or not, were heard of, and how many there are."""
    related = {one.person for known in started(history) for one in known.everybody}
    related &= {person.id for person in roster.participants}
    heard = {event.person for event in history.events if not event.id.startswith(OWN_EVENT)}
    return len(related & heard), len(related)
