"""What requests do to a matching: who is in it, and what they want."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import evolve

from mentorkit.core.contracts import Request
from mentorkit.core.history import History
from mentorkit.core.program import Program
from mentorkit.core.requests import WANTS, as_pooled, looked_for
from mentorkit.core.roster import Roster


def looked_for_now(program: Program, history: History) -> Mapping[str, Request]:
    """Return the requests that wait for somebody, by person."""
    return as_pooled(program, looked_for(program, history))


def looked_for_anyway(program: Program, roster: Roster, history: History, on: date | None) -> Mapping[str, Request]:
    """Return the requests of the history; of one that knows of none, as if all who are served asked on a day.

    That is what a matching afresh is for: to see whom people would get.
    """
    if program.model.request_days is None or any(event.kind == "requested" for event in history.events):
        return looked_for_now(program, history)
    served = {role.name for role in program.model.roles if role.served}
    asking = (one.id for one in roster.participants if served.intersection(one.roles))
    return {person: Request(person, frozenset(), on or program.starts) for person in asking}


def with_topics(program: Program, roster: Roster, requests: Mapping[str, Request]) -> Roster:
    """Return the roster in which people want what they asked for; who named no topics, what they wanted before."""
    if program.model.request_days is None:
        return roster
    topics = {person: one.topics for person, one in requests.items() if one.topics}
    people = tuple(
        evolve(one, values={**one.values, WANTS: topics[one.id]}) if one.id in topics else one for one in roster.people
    )
    return evolve(roster, people=people, columns=roster.columns | {WANTS})


def only_requesting(
    program: Program, only: Mapping[str, frozenset[str]], requests: Mapping[str, Request]
) -> Mapping[str, frozenset[str]]:
    """Return who can be placed, by role: of those served, where a model works on request, only who asked."""
    if program.model.request_days is None:
        return only
    asking = frozenset(requests)
    served = [role.name for role in program.model.roles if role.served]
    return {**only, **{role: only.get(role, asking) & asking for role in served}}
