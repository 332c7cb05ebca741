"""Mentors for whoever asked: those who know the topic, and have meetings left this month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import numpy as np
from attrs import evolve

from mentorkit.core.conditions import tags_in
from mentorkit.core.contracts import Pool
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, Occasion
from mentorkit_models.flash.options import FlashOptions
from mentorkit_models.flash.timetables import BETWEEN
from mentorkit_models.posing import problem_of

TOPIC = "topic"
"""The rule that a mentor offers one of the topics that are asked for."""


def on_request(options: FlashOptions, pool: Pool) -> Occasion:
    """Return the occasion: who asked gets one mentor, and has some weeks for it."""
    mentors = pool.seatings["mentor"]
    spent = Counter(_this_month(pool))
    left = [(options.per_month - spent[one] * options.meetings) // options.meetings for one in mentors.people]
    room: IntArray = np.clip(np.array(left, dtype=np.int64), 0, mentors.places)
    seatings = {**pool.seatings, "mentor": evolve(mentors, places=room)}
    problem = problem_of(evolve(pool, seatings=seatings), "two-sided", BETWEEN)
    if options.topics == "required":
        problem = _with_topics(problem)
    begins = max(pool.starts, pool.today or pool.starts)
    return Occasion("match", problem, until=begins + timedelta(weeks=options.weeks))


def _this_month(pool: Pool) -> Iterator[str]:
    """Yield a mentor for every mentee whom they were given in this month, or are asked about now."""
    published = {one.relationship.id for one in pool.past}
    for one in pool.given:
        if one.id not in published:
            yield from one.people("mentor")
    if pool.today is not None:
        month = (pool.today.year, pool.today.month)
        for past in pool.past:
            if (past.published.year, past.published.month) == month:
                yield from past.relationship.people("mentor")


def _with_topics(problem: MatchingProblem) -> MatchingProblem:
    """Return the problem in which nobody is given a mentor who offers none of what they ask for.

    Who asks for nothing in particular may get anybody; where no mentor says what they offer, everybody may.
    """
    wanted, offered = (
        [tags_in(cell) for cell in problem.seatings[role].values(column)]
        for role, column in zip(BETWEEN, ("wants", "skills"), strict=True)
    )
    return problem.forbid(BETWEEN, TOPIC, _unknown(wanted, offered)) if any(offered) else problem


def _unknown(wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]) -> Callable[..., BoolArray]:
    """Return which of the mentors offer nothing of what the mentees ask for, by row and column."""
    known = {topic: number for number, topic in enumerate(sorted(frozenset().union(*offered)))}
    knows = np.zeros((len(offered), len(known)), dtype=np.int64)
    for column, topics in enumerate(offered):
        knows[column, [known[one] for one in topics]] = 1

    def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
        found = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        for number, row in enumerate(rows):
            asked = [known[one] for one in wanted[row] if one in known]
            if wanted[row]:
                found[number] = knows[columns][:, asked].sum(axis=1) == 0
        return found

    return blocked
