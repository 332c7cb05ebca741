"""From a program, its people and what is published to the pool that a model poses its problems from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import combinations

import numpy as np
from attrs import evolve

from mentorkit.core.acceptance import EXPIRED, Answers, answers_of, unwilling
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Group, Past, Pool, Request, Role, Round, RuleFacts
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.scoreboard import Scoreboard
from mentorkit.core.memberships import together
from mentorkit.core.problems import Seating
from mentorkit.core.program import Program
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.standing import Standing
from mentorkit.core.zones import last_day_before, person_zone, to_local


def rule_facts(program: Program, roster: Roster, history: History) -> RuleFacts:
    """Return what rules may know: the reporting lines of everybody, zones, and this ledger's past pairs."""
    managers = {one.id: one.text("manager_id") for one in roster.people if one.text("manager_id")}
    zones = {one.id: person_zone(one, program.timezone) for one in roster.people}
    return RuleFacts(program.starts, managers, zones, tuple(_past(history)))


def _past(history: History) -> Iterable[tuple[str, str, date | None]]:
    for known in history.relationships:
        if known.state != "proposed":
            for one, other, parted_at in together(known.memberships):
                ended = parted_at or known.ended_at
                yield one.member.person, other.member.person, ended.date() if ended else None


def parted(program: Program, history: History) -> tuple[tuple[str, str], ...]:
    """Return the pairs that nobody but the author or a reviewer matches again, in the ledger's order.

    They declined, proposed or published, or their relationship ended for any reason but that somebody left or that it
    had come to its last day. Of a proposal about which people were asked, only who said no or nothing has parted, from
    each of the others; of a relationship that goes on, only who declined it.
    """
    answers = answers_of(history.events)
    ends = (pair for known in history.relationships for pair in _parted_by(program, known, answers))
    pairs = (*ends, *(pair for known in history.relationships for pair in _parted_on_the_way(known)))
    return tuple(dict.fromkeys(pairs))


def _parted_on_the_way(known: KnownRelationship) -> Iterable[tuple[str, str]]:
    """Yield the pairs of which one declined a relationship that went on; who left it may be with the others again."""
    for one, other, parted_at in together(known.own_days):
        if any(each.left == parted_at and each.reason == "declined" for each in (one, other) if each.left):
            yield one.member.person, other.member.person


def _parted_by(program: Program, known: KnownRelationship, answers: Answers) -> Iterable[tuple[str, str]]:
    everybody = combinations(known.relationship.people(), 2)
    if known.state == "ended":
        return () if known.reason == "left" or known.completed else everybody
    if known.state != "proposed" or known.reason not in ("declined", EXPIRED):
        return ()
    if known.asked_at is None:
        return everybody
    refusing = unwilling(program.model.asking, known, answers)
    return (pair for pair in everybody if refusing.intersection(pair))


def build_pool(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    away: Standing,
    decisions: Decisions,
    on: date | None = None,
    current: Round | None = None,
    only: Mapping[str, frozenset[str]] | None = None,
    requests: Mapping[str, Request] | None = None,
    at: datetime | None = None,
) -> tuple[Pool, Scoreboard]:
    """Return the pool of everybody who can be placed, and the scoreboard it asks.

    `only` says who of a role can be; of roles that it does not name, everybody. Where there are `requests`, each is for
    one relationship more. `at` is the moment, where more of it is known than the day it is `on`.
    """
    given = tuple(known.relationship for known in history.binding)
    seatings = {role.name: _seating(program, roster, role, given, away, only or {}) for role in program.model.roles}
    if program.model.request_days is not None:
        seatings = {role: _one_more(one) if one.served else one for role, one in seatings.items()}
    groups = {role: Group(role, tuple(roster.by_id[one] for one in seats.people)) for role, seats in seatings.items()}
    facts = rule_facts(program, roster, history)
    board = Scoreboard(program, catalogue, groups, facts, given, parted(program, history), decisions)
    pool = Pool(
        seatings=seatings,
        pair_scores=board.pair_scores,
        required=board.required,
        given=given,
        starts=program.starts,
        ends=program.ends,
        objective=program.matching.objective,
        seed=program.seed,
        timezone=program.timezone,
        today=on,
        now=at,
        counts_from=_counts_from(program, history, on),
        round=current,
        past=_all_published(program, history),
        signup_open=on is not None and program.signup_closes is not None and on <= program.signup_closes,
        requests=requests or {},
    )
    return pool, board


def _counts_from(program: Program, history: History, on: date | None) -> date | None:
    """Return since when what is matched counts as published: in place of a lost ledger, since the program began.

    With intakes nobody knows any more who was matched at which, so everybody's days count anew.
    """
    if on is None or not history.in_place_of_another or program.matching.intake is not None:
        return on
    return min(on, program.starts)


def _all_published(program: Program, history: History) -> tuple[Past, ...]:
    """Return everything that was ever published with its days in the program's zone, oldest first."""
    known = [(one.published_at, one) for one in history.relationships if one.published_at is not None]
    known.sort(key=lambda pair: (pair[0], pair[1].relationship.id))
    return tuple(
        Past(
            evolve(one.relationship, members=one.everybody),
            to_local(published, program.timezone).date(),
            last_day_before(one.ended_at, program.timezone) if one.ended_at else None,
        )
        for published, one in known
    )


def _seating(
    program: Program,
    roster: Roster,
    role: Role,
    given: Sequence[Relationship],
    away: Standing,
    only: Mapping[str, frozenset[str]],
) -> Seating:
    taken = Counter(person for relationship in given for person in relationship.people(role.name))
    absent = away.paused | away.left
    left = {one.id: one.places.get(role.name, 1) - taken[one.id] for one in roster.in_role(role.name)}
    among = only.get(role.name, left)
    free = [one for one in roster.in_role(role.name) if left[one.id] > 0 and one.id not in absent and one.id in among]
    free.sort(key=lambda one: seeded(program.seed, one.id))
    return Seating(
        role.name,
        role.served,
        tuple(one.id for one in free),
        np.array([left[one.id] for one in free], dtype=np.int64),
        np.array([taken[one.id] > 0 for one in free], dtype=np.bool_),
        lambda column: tuple(one.values.get(column) for one in free),
    )


def _one_more(seating: Seating) -> Seating:
    """Return the seating of people each of whom asks for one relationship, whatever they have already."""
    return evolve(seating, places=np.minimum(seating.places, 1), covered=np.zeros(len(seating.people), dtype=np.bool_))


def seeded(seed: int, person: str) -> bytes:
    """Return what people are ordered by wherever something must decide between equals."""
    return hashlib.sha256(f"{seed}\x1f{person}".encode()).digest()
