"""Scores as sums are the scores in blocks: whatever the criteria, rules, missing values and narrowings."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.conditions import Condition
from mentorkit.core.contracts import Group, PairTable, RuleFacts
from mentorkit.core.matching.scoreboard import scores_between
from mentorkit.core.problems import FORBIDDEN, UNIT_BITS, PairScores, ScoreSums
from mentorkit.core.program import CriterionUse, RuleUse
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program
from mentorkit_criteria.numbers import GapOptions, NearOptions
from mentorkit_criteria.pair_lists import PairOptions
from mentorkit_criteria.reporting_line import ReportingLineOptions
from mentorkit_criteria.seniority import SeniorityGapOptions
from mentorkit_criteria.timezones import TimezoneOptions

CATALOGUE = build_catalogue()
WORDS = [f"w{number}" for number in range(12)]


def people(chance: np.random.Generator, letter: str, size: int) -> tuple[Any, ...]:
    def some(most: int) -> frozenset[str]:
        return frozenset(chance.choice(WORDS, chance.integers(0, most)).tolist())

    def maybe(value: Any) -> dict[str, Any]:
        return {} if chance.random() < 0.15 else value

    return tuple(
        a_person(
            f"{letter}{number}",
            "any",
            wants=some(6),
            skills=some(6),
            **maybe({"level": float(chance.integers(1, 6))}),
            **maybe({"languages": some(3)}),
            **maybe({"site": str(chance.integers(3))}),
            kind=str(chance.integers(2)),
        )
        for number in range(size)
    )


def use(
    name: str, left: str, right: str, weight: float, between: Any, options: Any = None, **more: Any
) -> CriterionUse:
    return CriterionUse(name, name.partition("-")[0], weight, left, right, between, options=options, **more)


def a_scoring(seed: int, roles: tuple[str, str]) -> tuple[PairScores, tuple[Group, Group], list[tuple[str, str]]]:
    chance = np.random.default_rng(seed)
    first = people(chance, "e", 23)
    second = first if roles[0] == roles[1] else people(chance, "m", 17)
    some = [
        (str(a), str(b))
        for a, b in zip(
            chance.choice([one.id for one in first], 6), chance.choice([one.id for one in second], 6), strict=True
        )
        if a != b
    ]
    criteria = (
        use("overlap", "wants", "skills", 40, roles),
        use("overlap-2", "skills", "skills", 7, roles[::-1]),
        use("similar", "skills", "skills", 9.5, roles, only_if={"kind": Condition(any_of=frozenset({"1"}))}),
        use("gap", "level", "level", 10, roles, GapOptions(span=3, target=1)),
        use("near", "level", "level", 10, roles, NearOptions(span=4)),
        use("same", "site", "site", 10 / 3, roles),
        use("different", "kind", "kind", 5, roles),
    )
    rules = (
        RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_most=3), if_missing="block" if seed % 2 else "allow"),
        RuleUse("language", "shared-language"),
        RuleUse("zone", "timezone-distance", TimezoneOptions(at_most=5)),
        RuleUse(
            "line",
            "outside-reporting-line",
            ReportingLineOptions(distance=2 if seed % 2 else None),
            if_missing="block" if seed % 3 == 0 else "allow",
        ),
        RuleUse("apart", "never", PairOptions(PairTable(tuple((a, b, None) for a, b in some[:3])))),
        RuleUse("together", "always", PairOptions(PairTable(tuple((a, b, None) for a, b in some[3:])))),
    )
    everybody = [one.id for one in (first if first is second else (*first, *second))]
    managers = {one: everybody[number // 3] for number, one in enumerate(everybody) if number > 2}
    zones = {one: str(chance.choice(["Europe/Paris", "Asia/Tokyo", "Europe/London"])) for one in everybody}
    program = a_program()
    program = evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))
    groups = Group(roles[0], first), Group(roles[1], second)
    scores = scores_between(program, CATALOGUE, *groups, RuleFacts(date(2027, 1, 11), managers, zones))
    return scores, groups, some[3:]


def added_up(sums: ScoreSums) -> Any:
    units = np.zeros(sums.shape, dtype=np.int64)
    allowed = np.ones(sums.shape, dtype=np.bool_)
    for part in sums.parts:
        every = np.vstack([part.numbers(np.arange(part.size)), np.zeros((1, sums.shape[1]), dtype=np.int32)])
        assert every.dtype == np.int32
        units += every[part.codes].sum(axis=1)
        if part.common is not None:
            told = part.common.by_set(np.arange(sums.shape[0]))[:, part.common.sets]
            assert (told == every[part.codes].sum(axis=1)).all()
    for part in sums.allowed:
        assert part.codes.shape[1] == 1
        allowed &= part.numbers(np.arange(part.size))[part.codes[:, 0]]
    allowed[tuple(sums.apart.T)] = False
    return np.where(allowed, (units + (1 << (UNIT_BITS - 1))) >> UNIT_BITS, FORBIDDEN)


def in_blocks(scores: PairScores, required: list[tuple[str, str]], groups: tuple[Group, Group]) -> Any:
    block = scores.scores(*map(np.arange, scores.shape)).copy()
    first, second = ({one.id: number for number, one in enumerate(group.people)} for group in groups)
    for a, b in [*required, *(pair[::-1] for pair in required)]:
        if a in first and b in second:
            block[first[a], second[b]] = FORBIDDEN
    return block


@pytest.mark.parametrize("roles", [("mentee", "mentor"), ("peer", "peer")])
@pytest.mark.parametrize("seed", range(12))
def test_sums_are_what_blocks_are(seed: int, roles: tuple[str, str]) -> None:
    scores, groups, required = a_scoring(seed, roles)
    sums = scores.sums()
    assert sums is not None
    assert (in_blocks(scores, required, groups) == added_up(sums)).all()


@pytest.mark.parametrize("seed", range(6))
def test_narrowed_sums_are_narrowed_blocks(seed: int) -> None:
    scores, groups, required = a_scoring(seed, ("mentee", "mentor"))
    whole = in_blocks(scores, required, groups)
    chance = np.random.default_rng(seed)
    rows, columns = chance.permutation(23)[:15], chance.permutation(17)[:9]
    apart = np.array([[2, 3], [0, 0], [7, 8], [7, 8]])
    narrowed = (
        scores.take(rows, columns)
        .forbid_pairs("some", apart)
        .forbid("others", lambda some, others: (some[:, None] + others) % 5 == 0)
    )
    expected = whole[np.ix_(rows, columns)]
    expected[tuple(apart.T)] = FORBIDDEN
    expected[np.add.outer(np.arange(15), np.arange(9)) % 5 == 0] = FORBIDDEN
    sums = narrowed.sums()
    assert sums is not None
    assert (expected == added_up(sums)).all()
    blocks = narrowed.scores(np.arange(15), np.arange(9))
    assert (expected[blocks == FORBIDDEN] == FORBIDDEN).all()
    assert {"some", "others"} <= set(narrowed.blocked_by(np.arange(15), np.arange(9)))
