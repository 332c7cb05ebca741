"""Scores told by tags in common are the scores in blocks, however a loop goes through them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.conditions import Condition
from mentorkit.core.contracts import Cells, CountedCriterion, Group, RuleFacts
from mentorkit.core.matching.certifying.best_gains import best_gains
from mentorkit.core.matching.counting import counted
from mentorkit.core.matching.scoreboard import scores_between
from mentorkit.core.problems import Effort, PairScores
from mentorkit.core.program import CriterionUse, RuleUse
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program
from mentorkit_criteria.tag_sets import Similar
from mentorkit_matchers.all_pairs import EXCLUDED, Search
from mentorkit_matchers.all_pairs.compiled import CompiledPairs

PEERS = ("peer", "peer")
SIZE = 600
"""People, most with sets of their own: more than are told as rows of numbers."""


def scores_of_many_sets(seed: int) -> PairScores:
    chance = np.random.default_rng(seed)

    def some(most: int) -> frozenset[str]:
        return frozenset(f"tag{tag}" for tag in chance.integers(0, 40, chance.integers(0, most)).tolist())

    people = tuple(
        a_person(str(number), "peer", wants=some(5), skills=some(9), hobbies=some(7), site=f"{chance.integers(3)}")
        for number in range(SIZE)
    )
    at_site_1 = {"site": Condition(any_of=frozenset({"1"}))} if seed % 2 else {}
    criteria = (
        CriterionUse("overlap", "overlap", 50, "wants", "skills", PEERS),
        CriterionUse("similar", "similar", 30, "hobbies", "hobbies", PEERS, only_if=at_site_1),
        CriterionUse("same", "same", 10, "site", "site", PEERS),
    )
    program = a_program()
    matching = evolve(program.matching, criteria=criteria, rules=(RuleUse("shared-language", "shared-language"),))
    group = Group("peer", people)
    facts = RuleFacts(date(2027, 1, 11), {}, {})
    return scores_between(evolve(program, matching=matching), build_catalogue(), group, group, facts)


@pytest.mark.uncounted
@pytest.mark.parametrize("seed", range(2))
def test_both_compiled_loops_find_what_blocks_hold(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    chance = np.random.default_rng(seed)
    scores = scores_of_many_sets(seed)
    block = scores.scores(np.arange(SIZE), np.arange(SIZE)).astype(np.int64)
    prices = chance.integers(0, 500, size=SIZE)
    expected = np.where(block < 0, -(2**60), 3 * block - prices).max(axis=1)
    monkeypatch.setattr("mentorkit.core.matching.certifying.best_gains._WORTHWHILE", 0)
    assert expected.tolist() == best_gains(scores, np.arange(SIZE), prices, 3, 0).tolist()

    sums = scores.sums()
    assert sums is not None
    looks = CompiledPairs(scores, sums, Effort())
    assert 3 == len(looks._tables.counts.steady)  # both directions of the overlap, and what is alike
    there = np.flatnonzero(chance.random(SIZE) < 0.5)
    within = np.full(SIZE, -(2**60))
    within[:] = np.where(block < 0, -(2**60), 3 * block - prices)[:, there].max(axis=1)
    for columns, most in ((None, expected), (there, within)):
        found = looks.better(Search(prices, np.full(SIZE, -EXCLUDED), 4, gain=3, columns=columns))
        best = np.full(SIZE, -(2**60))
        np.maximum.at(best, found.rows, 3 * found.tenths - prices[found.columns])
        assert most.tolist() == best.tolist()
        assert (block[found.rows, found.columns] == found.tenths).all()
        assert found.tenths.tolist() == looks.of(found.rows, found.columns).tolist()


def test_who_has_very_many_tags_is_asked_about_in_another_way() -> None:
    everything = Cells("skills", (frozenset(map(str, range(300))), frozenset({"7"})))
    kinds = [np.zeros(2, dtype=np.int64)]
    assert counted(everything, kinds, everything, kinds, lambda rows, columns, common: common * 1.0) is None


def test_jaccard_depends_on_three_counts() -> None:
    assert isinstance(Similar(), CountedCriterion)
    one, other, common = np.array([3, 0]), np.array([2, 0]), np.array([1, 0])
    assert [0.25, 0.0] == Similar().of_counts(None, one, other, common).tolist()
