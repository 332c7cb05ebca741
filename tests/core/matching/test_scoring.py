from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.conditions import Condition, Value
from mentorkit.core.contracts import Group, RuleFacts
from mentorkit.core.matching.ruled_scores import RuledScores
from mentorkit.core.matching.scoreboard import scores_between
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program
from mentorkit_criteria.numbers import GapOptions, NearOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

SIDES = ("mentee", "mentor")
CATALOGUE = build_catalogue()


def use(kind: str, left: str, right: str = "", weight: float = 1, options: Any = None, **more: Any) -> CriterionUse:
    return CriterionUse(kind, kind, weight, left, right or left, more.pop("between", SIDES), options=options, **more)


def program_with(*criteria: CriterionUse, rules: tuple[RuleUse, ...] = ()) -> Program:
    program = a_program()
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def scores_of(program: Program, wanting: list[Person], offering: list[Person], roles: Any = SIDES) -> RuledScores:
    groups = (Group(role, tuple(people)) for role, people in zip(roles, (wanting, offering), strict=True))
    return scores_between(program, CATALOGUE, *groups, RuleFacts(program.starts))


def tenths(scores: Any) -> list[list[int]]:
    block: list[list[int]] = scores.scores(np.arange(scores.shape[0]), np.arange(scores.shape[1])).tolist()
    return block


def one_score(criterion: CriterionUse, mentee: dict[str, Any], mentor: dict[str, Any]) -> float:
    people = [a_person("e", **mentee)], [a_person("m", **mentor)]
    return tenths(scores_of(program_with(criterion), *people))[0][0] / 10


def tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


@pytest.mark.parametrize(
    ("score", "criterion", "mentee", "mentor"),
    [
        (66.7, use("overlap", "wants", "skills"), {"wants": tags("a b c")}, {"skills": tags("b c d e")}),
        (0, use("overlap", "wants", "skills"), {"wants": tags("")}, {"skills": tags("b")}),
        (0, use("overlap", "wants", "skills"), {}, {"skills": tags("b")}),
        (0, use("overlap", "wants", "skills"), {"wants": tags("a")}, {}),
        (40, use("similar", "skills"), {"skills": tags("a b c")}, {"skills": tags("b c d e")}),
        (0, use("similar", "skills"), {}, {}),
        (100, use("same", "site"), {"site": "Straße"}, {"site": "STRASSE"}),
        (100, use("same", "skills"), {"skills": tags("a b")}, {"skills": tags("b a")}),
        (0, use("same", "skills"), {"skills": tags("a b")}, {"skills": tags("b")}),
        (0, use("same", "site"), {}, {}),
        (100, use("same", "level"), {"level": 3}, {"level": 3.0}),
        (0, use("different", "site"), {"site": "Oslo"}, {"site": "oslo"}),
        (100, use("different", "site"), {"site": "Oslo"}, {"site": "Rome"}),
        (0, use("different", "site"), {"site": "Oslo"}, {}),
        (75, use("near", "age", options=NearOptions(span=20)), {"age": 30}, {"age": 35}),
        (0, use("near", "age", options=NearOptions(span=20)), {"age": 30}, {"age": 60}),
        (0, use("near", "age", options=NearOptions(span=20)), {"age": 30}, {}),
        (100, use("gap", "level", options=GapOptions(span=4, target=2)), {"level": 1}, {"level": 3}),
        (0, use("gap", "level", options=GapOptions(span=4, target=2)), {"level": 3}, {"level": 1}),
        (50, use("gap", "level", options=GapOptions(span=4)), {"level": 3}, {"level": 1}),
    ],
)
def test_the_kinds_mean_what_the_reference_says(
    score: float, criterion: CriterionUse, mentee: dict[str, Any], mentor: dict[str, Any]
) -> None:
    assert score == one_score(criterion, mentee, mentor)


def test_dates_are_near_in_days() -> None:
    from datetime import date

    near = use("near", "hire_date", options=NearOptions(span=100))
    assert 69.0 == one_score(near, {"hire_date": date(2026, 1, 1)}, {"hire_date": date(2026, 2, 1)})


def test_without_criteria_the_score_is_zero() -> None:
    assert [[0]] == tenths(scores_of(program_with(), [a_person("e")], [a_person("m")]))


@pytest.mark.parametrize("kind", ["overlap", "similar"])
def test_several_people_without_any_tag_score_zero(kind: str) -> None:
    program = program_with(use(kind, "wants", "skills"))
    people = [a_person("e1"), a_person("e2", wants=frozenset())], [a_person("m1"), a_person("m2"), a_person("m3")]
    assert [[0, 0, 0]] * 2 == tenths(scores_of(program, *people))


def test_only_if_drops_a_criterion_for_those_it_does_not_concern() -> None:
    condition = {"department": Condition(any_of=frozenset({"sales"}))}
    program = program_with(use("same", "site", weight=30, only_if=condition), use("same", "level", weight=10))
    mentees = [a_person(who, department=who, site="Oslo", level=2) for who in ("Sales", "Legal")]
    assert [[250], [1000]] == tenths(scores_of(program, mentees, [a_person("m", site="Rome", level=2)]))


def test_where_no_criterion_applies_the_score_is_zero() -> None:
    condition = {"department": Condition(any_of=frozenset({"sales"}))}
    program = program_with(use("same", "site", only_if=condition))
    assert [[0]] == tenths(scores_of(program, [a_person("e", site="Oslo")], [a_person("m", site="Oslo")]))


def test_between_peers_wanting_and_offering_are_averaged() -> None:
    peers = ("peer", "peer")
    program = program_with(
        use("overlap", "wants", "skills", between=peers), use("gap", "level", options=GapOptions(4, 2), between=peers)
    )
    people = [
        a_person("a", wants=tags("x y"), skills=tags("z"), level=1),
        a_person("b", wants=tags("z"), skills=tags("x"), level=3),
    ]
    overlap, gap = (Fraction(1, 2) + 1) / 2, (Fraction(1) + 0) / 2
    expected = int(1000 * (overlap + gap) / 2)
    scores = tenths(scores_of(program, people, people, peers))
    assert [[-1, expected], [expected, -1]] == scores


def test_a_criterion_follows_its_own_roles_whichever_way_it_is_asked() -> None:
    program = program_with(use("overlap", "wants", "skills"))
    mentees, mentors = [a_person("e", wants=tags("x y"))], [a_person("m", skills=tags("x"), wants=tags("x"))]
    assert [[500]] == tenths(scores_of(program, mentees, mentors))
    assert [[500]] == tenths(scores_of(program, mentors, mentees, ("mentor", "mentee")))
    assert [[0]] == tenths(scores_of(program, mentors, mentees, ("mentor", "trainee")))


WORDS = st.frozensets(st.sampled_from("abcde"), max_size=4)
VALUES = st.fixed_dictionaries(
    {}, optional={"wants": WORDS, "skills": WORDS, "level": st.integers(1, 9), "site": st.sampled_from(["X", "x", "y"])}
)


def people(letter: str, values: list[dict[str, Value]]) -> list[Person]:
    return [a_person(f"{letter}{number}", **one) for number, one in enumerate(values)]


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=6), st.lists(VALUES, min_size=1, max_size=6), st.integers(1, 97))
def test_published_scores_lie_within_a_tenth_of_the_formula(
    mentees: list[dict[str, Value]], mentors: list[dict[str, Value]], weight: int
) -> None:
    program = program_with(
        use("overlap", "wants", "skills", weight),
        use("similar", "skills", "", 3),
        use("same", "site", "", 0.1),
        use("near", "level", "", 7, NearOptions(span=3)),
    )
    found = tenths(scores_of(program, people("e", mentees), people("m", mentors)))
    for row, mentee in enumerate(mentees):
        for column, mentor in enumerate(mentors):
            exact = _formula(mentee, mentor, weight)
            assert abs(exact - found[row][column] / 10) <= 0.1
            assert abs(exact * 10 - found[row][column]) <= 0.5 + 1e-6 + 4 * 0.0005


def _formula(mentee: dict[str, Any], mentor: dict[str, Any], weight: int) -> float:
    wants, offers = mentee.get("wants", frozenset()), mentor.get("skills", frozenset())
    own = mentee.get("skills", frozenset())
    overlap = Fraction(len(wants & offers), len(wants)) if wants else Fraction(0)
    similar = Fraction(len(own & offers), len(own | offers)) if own | offers else Fraction(0)
    same = int("site" in mentee and mentee["site"].lower() == mentor.get("site", "").lower())
    near = Fraction(0)
    if "level" in mentee and "level" in mentor:
        near = max(Fraction(0), 1 - Fraction(abs(mentee["level"] - mentor["level"]), 3))
    total = weight * overlap + 3 * similar + Fraction(1, 10) * same + 7 * near
    return float(100 * total / (weight + 3 + Fraction(1, 10) + 7))


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=7), st.lists(VALUES, min_size=1, max_size=7), st.data())
def test_any_block_of_any_part_says_the_same(
    mentees: list[dict[str, Value]], mentors: list[dict[str, Value]], data: st.DataObject
) -> None:
    gap = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=-2))
    program = program_with(use("overlap", "wants", "skills"), use("same", "site"), rules=(gap,))
    scores = scores_of(program, people("e", mentees), people("m", mentors))
    whole = np.array(tenths(scores))
    rows = np.array(data.draw(st.permutations(range(len(mentees)))))[: data.draw(st.integers(1, len(mentees)))]
    columns = np.array(data.draw(st.permutations(range(len(mentors)))))[: data.draw(st.integers(1, len(mentors)))]
    assert whole[np.ix_(rows, columns)].tolist() == scores.scores(rows, columns).tolist()
    part = scores.take(rows, columns)
    assert whole[np.ix_(rows, columns)].tolist() == tenths(part)
    some = np.arange(len(rows))[:1], np.arange(len(columns))
    blocks = {name: block.tolist() for name, block in part.blocked_by(*some).items()}
    assert {"gap": (whole[np.ix_(rows[:1], columns)] < 0).tolist()} == blocks
    closed = part.forbid("first", lambda r, c: (r == 0)[:, None] & (c == 0))
    expected = whole[np.ix_(rows, columns)].copy()
    expected[0, 0] = -1
    assert expected.tolist() == tenths(closed)
    assert expected[:, ::-1].tolist() == tenths(closed.take(np.arange(len(rows)), np.arange(len(columns))[::-1]))
    assert closed.blocked_by(*some)["first"].tolist() == [[column == 0 for column in range(len(columns))]]


def test_values_too_many_to_tabulate_score_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    words = [f"w{number}" for number in range(20)]
    mentees = [a_person(f"e{i}", wants=frozenset(chance.choice(words, 3).tolist())) for i in range(30)]
    mentors = [a_person(f"m{i}", skills=frozenset(chance.choice(words, 4).tolist())) for i in range(25)]
    program = program_with(use("overlap", "wants", "skills"))
    tabulated = tenths(scores_of(program, mentees, mentors))
    monkeypatch.setattr("mentorkit.core.matching.similarities._TABLE", 10)
    assert tabulated == tenths(scores_of(program, mentees, mentors))
    few = scores_of(program, mentees, mentors).scores(np.array([7, 2]), np.array([20, 3, 4]))
    assert [[tabulated[row][column] for column in (20, 3, 4)] for row in (7, 2)] == few.tolist()
