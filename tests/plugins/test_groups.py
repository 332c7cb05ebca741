from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.errors import ProgramError
from mentorkit.core.matching.certifying import Group, certify
from mentorkit.core.problems import Effort, MatchingProblem
from mentorkit.core.proofs import IslandProof
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import GroupPlan, Groups
from mentorkit.testing import a_group_problem
from mentorkit_matchers.groups import GroupsMatcher
from mentorkit_matchers.groups.setting import setting_of

SIDES = {"mentor": "mentor", "mentee": "mentee"}


def mentees_with_mentors(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    return [(a, b) for a in members if a.role == "mentee" for b in members if b.role == "mentor"]


def solved(problem: MatchingProblem) -> tuple[list[tuple[frozenset[str], frozenset[str]]], Certificate]:
    """Return the groups as (mentors, mentees), and the certificate."""
    solution = GroupsMatcher().solve(None, problem)
    groups, certificate = certify(problem, solution, mentees_with_mentors, SIDES, "groups")  # type: ignore[arg-type]
    return [_sides(group) for group in groups], certificate


def _sides(group: Group) -> tuple[frozenset[str], frozenset[str]]:
    mentors, mentees = (
        frozenset(one.person for one in group.members if one.role == role) for role in ("mentor", "mentee")
    )
    return mentors, mentees


def random_problem(people: tuple[int, int], seed: int, **details: object) -> MatchingProblem:
    """Return a problem in which a tenth of the pairs is forbidden and some mentees are apart."""
    chance, mentees = np.random.default_rng(seed), people[0]
    tenths = chance.integers(0, 1001, size=people)
    tenths[chance.random(tenths.shape) < 0.1] = -1
    apart = [(int(a), int(b)) for a, b in chance.integers(0, mentees, size=(mentees // 8, 2)) if a != b]
    columns = {
        "department": [f"d{one}" for one in chance.integers(0, 6, mentees)],
        "level": chance.integers(1, 5, mentees).tolist(),
    }
    given = {"mentees": (4, 7), "target": 5, **details}
    return a_group_problem(tenths, mentees_apart=apart, columns=columns, details=Groups(**given), seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mentees", "mentors", "places", "details", "plan"),
    [
        (20, 4, 4, Groups(), GroupPlan(4, 20, (5, 5), 4)),
        (22, 9, 9, Groups(), GroupPlan(4, 22, (5, 6), 8)),
        (22, 9, 9, Groups(mentors=(1, 1)), GroupPlan(4, 22, (5, 6), 4)),
        (40, 3, 3, Groups(), GroupPlan(3, 24, (8, 8), 3)),
        (40, 3, 3, Groups(leftover="overfull"), GroupPlan(3, 27, (9, 9), 3)),
        (40, 3, 9, Groups(), GroupPlan(5, 40, (8, 8), 5)),
        (2, 3, 3, Groups(), GroupPlan(0, 0, (0, 0), 0)),
        (7, 3, 3, Groups(mentees=(4, 5)), GroupPlan(1, 5, (5, 5), 2)),
        (30, 12, 12, Groups(mentors=(2, 3)), GroupPlan(6, 30, (5, 5), 12)),
        (12, 4, 4, Groups(target=3), GroupPlan(4, 12, (3, 3), 4)),
        (12, 0, 0, Groups(), GroupPlan(0, 0, (0, 0), 0)),
    ],
)
def test_how_many_groups_there_are_follows_from_the_numbers(
    mentees: int, mentors: int, places: int, details: Groups, plan: GroupPlan
) -> None:
    assert plan == details.plan(mentees, mentors, places)


def every_grouping(problem: MatchingProblem) -> Iterator[list[tuple[tuple[int, ...], tuple[int, ...]]]]:
    """Yield all allowed groups as (mentors, mentees), by trying every way to put people into up to two groups."""
    details: Groups = problem.details
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    apart = {
        role: problem.pairs[role, role].scores(*map(np.arange, problem.pairs[role, role].shape)) < 0
        for role in ("mentee", "mentor")
        if (role, role) in problem.pairs
    }
    for places in product(range(3), repeat=sum(tenths.shape)):
        groups = [
            (
                tuple(m for m in range(tenths.shape[1]) if places[tenths.shape[0] + m] == number),
                tuple(e for e in range(tenths.shape[0]) if places[e] == number),
            )
            for number in (1, 2)
        ]
        groups = [(mentors, mentees) for mentors, mentees in groups if mentors or mentees]
        if all(
            details.mentors[0] <= len(mentors) <= details.mentors[1]
            and details.mentees[0] <= len(mentees) <= details.most
            and (tenths[np.ix_(mentees, mentors)] >= 0).all()
            and not any(
                apart[role][a, b]
                for role, some in (("mentor", mentors), ("mentee", mentees))
                if role in apart
                for a, b in combinations(some, 2)
            )
            for mentors, mentees in groups
        ):
            yield groups


def worth(problem: MatchingProblem, groups: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> Fraction:
    """Return the tenths of some groups, those for differing mates included."""
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    total = Fraction(0)
    for mentors, mentees in groups:
        total += Fraction(int(tenths[np.ix_(mentees, mentors)].sum()), len(mentors))
        for column, points in problem.details.spread.items():
            cells = problem.seatings["mentee"].values(column)
            differing = sum(cells[a] != cells[b] for a, b in product(mentees, repeat=2))
            total += Fraction(points) * 10 * differing / max(1, len(mentees) - 1)
    return total


def is_planned(groups: list[tuple[tuple[int, ...], tuple[int, ...]]], plan: GroupPlan) -> bool:
    if not groups:
        return False
    sizes = [len(mentees) for _, mentees in groups]
    leads = [len(mentors) for mentors, _ in groups]
    return (
        len(groups) == plan.groups
        and sum(sizes) == plan.placed
        and set(sizes) <= set(range(plan.mentees[0], plan.mentees[1] + 1))
        and sum(leads) == plan.mentors
        and max(leads) - min(leads) <= 1
    )


@st.composite
def small_problems(draw: st.DrawFn) -> MatchingProblem:
    mentees = draw(st.integers(0, 5))
    mentors = draw(st.integers(0, 2 if mentees == 5 else 3))
    scores = st.sampled_from([-1, -1, 0, 1, 500, 501, 999, 1000])
    tenths = np.array(draw(st.lists(scores, min_size=mentees * mentors, max_size=mentees * mentors)), dtype=np.int16)
    fewest = draw(st.integers(1, 3))
    details = Groups(
        mentees=(fewest, fewest + draw(st.integers(0, 2))),
        mentors=draw(st.sampled_from([(1, 1), (1, 2), (2, 2), (1, 3)])),
        leftover=draw(st.sampled_from(["waitlist", "overfull"])),
        spread=draw(st.sampled_from([{}, {"site": 20.0}])),
    )
    pairs = st.integers(0, 10).flatmap(lambda a: st.tuples(st.just(a), st.integers(0, 10)))
    apart = {
        role: [(a, b) for a, b in draw(st.lists(pairs, max_size=2)) if a != b and a < size and b < size]
        for role, size in (("mentee", mentees), ("mentor", mentors))
    }
    return a_group_problem(
        tenths.reshape(mentees, mentors),
        mentees_apart=apart["mentee"],
        mentors_apart=apart["mentor"],
        columns={"site": draw(st.lists(st.sampled_from(["a", "b", None]), min_size=mentees, max_size=mentees))},
        details=details,
        seed=draw(st.integers(0, 3)),
    )


@settings(max_examples=25, deadline=None)
@given(small_problems())
def test_as_many_are_placed_as_can_be_and_the_usual_groups_are_the_best_of_them(problem: MatchingProblem) -> None:
    all_of_them = list(every_grouping(problem))
    most = max(sum(len(mentees) for _, mentees in groups) for groups in all_of_them)
    _, certificate = solved(problem)
    two_groups_do = len(certificate.extra) == 0 or certificate.extra["groups"] <= 2
    assert certificate.matched >= most
    assert certificate.matched_bound is None or certificate.matched_bound >= most
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape)) >= 0
    plan = problem.details.plan(int(tenths.any(axis=1).sum()), *[int(tenths.any(axis=0).sum())] * 2)
    best = [worth(problem, groups) for groups in all_of_them if is_planned(groups, plan)]
    if best and two_groups_do and certificate.extra["planned"]:
        assert certificate.matched == most
        found = certificate.total_score + certificate.extra.get("spread", 0)
        assert float(max(best)) / 10 == pytest.approx(found, abs=1e-3)


@pytest.mark.parametrize(
    ("mentees", "mentors", "details"),
    [
        (60, 12, {}),
        (53, 14, {"mentors": (1, 1)}),
        (63, 30, {"spread": {"department": 20.0, "level": 10.0}}),
        (90, 9, {}),
        (90, 9, {"leftover": "overfull"}),
    ],
)
def test_larger_problems_keep_sizes_and_rules_and_come_near_their_bound(
    mentees: int, mentors: int, details: dict[str, object]
) -> None:
    problem = random_problem((mentees, mentors), 2, **details)
    groups, certificate = solved(problem)
    plan = problem.details.plan(mentees, mentors, mentors)
    assert plan.placed == certificate.matched == certificate.matched_bound
    assert set(Counter(len(inside) for _, inside in groups)) <= set(range(plan.mentees[0], plan.mentees[1] + 1))
    assert plan.mentors == sum(len(leads) for leads, _ in groups)
    assert certificate.total_score_bound is not None
    assert 0.8 * certificate.total_score_bound < certificate.total_score <= certificate.total_score_bound
    again, _ = solved(problem)
    assert groups == again


def test_where_nobody_is_apart_and_all_lead_the_prices_prove_that_nothing_is_better() -> None:
    chance = np.random.default_rng(3)
    problem = a_group_problem(chance.integers(0, 1001, (80, 16)), details=Groups(mentees=(4, 6)))
    _, certificate = solved(problem)
    assert (True, 0.0) == (certificate.exact, certificate.gap)


def test_highs_proves_what_prices_cannot() -> None:
    _, certificate = solved(random_problem((40, 8), 1, spread={"department": 20.0}))
    assert ("HiGHS", False) == (certificate.extra["proven_by"], certificate.exact)
    value = certificate.total_score + certificate.extra["spread"]
    assert certificate.extra["proven_bound"] == pytest.approx(value, abs=1e-3)


def test_who_must_be_together_is() -> None:
    problem = random_problem((30, 6), 5)
    tenths = np.maximum(problem.pairs["mentee", "mentor"].scores(np.arange(30), np.arange(6)), 0)
    required = {
        ("mentee", "mentor"): (("e3", "m1"), ("e4", "m1")),
        ("mentee", "mentee"): (("e5", "e6"), ("e6", "e7")),
        ("mentor", "mentor"): (("m1", "m2"),),
    }
    problem = a_group_problem(
        tenths, mentees_apart=[(8, 9)], mentors_apart=[(0, 5)], details=Groups(), required=required
    )
    groups, certificate = solved(problem)
    assert 30 == certificate.matched
    assert any({"m1", "m2"} <= mentors and {"e3", "e4"} <= mentees for mentors, mentees in groups)
    assert any({"e5", "e6", "e7"} <= mentees for _, mentees in groups)


@pytest.mark.parametrize(
    ("required", "why"),
    [
        ({("mentee", "mentor"): tuple((f"e{one}", "m0") for one in range(9))}, "9 mentees and 1 mentors are more"),
        ({("mentor", "mentor"): (("m0", "m1"), ("m1", "m2"))}, "0 mentees and 3 mentors are more"),
        ({("mentee", "mentee"): (("e0", "e1"),)}, "a rule keeps them apart"),
    ],
)
def test_who_cannot_be_together_is_named_as_the_authors_mistake(
    required: Mapping[tuple[str, str], tuple[tuple[str, str], ...]], why: str
) -> None:
    problem = a_group_problem(np.full((20, 4), 500), mentees_apart=[(0, 1)], required=required)
    with pytest.raises(ProgramError) as raised:
        solved(problem)
    assert why in raised.value.diagnostics[0].message


def test_a_mentor_with_several_places_leads_several_groups_only_where_mentors_are_too_few() -> None:
    tenths = np.full((24, 3), 500)
    few, _ = solved(a_group_problem(tenths, [2, 2, 2], details=Groups(mentees=(3, 5))))
    enough, _ = solved(a_group_problem(tenths, [2, 2, 2], details=Groups(mentees=(3, 8))))
    assert [2, 2, 1] == sorted(Counter(one for mentors, _ in few for one in mentors).values(), reverse=True)
    assert [1, 1, 1] == list(Counter(one for mentors, _ in enough for one in mentors).values())


def test_too_few_people_for_a_group_are_in_none() -> None:
    groups, certificate = solved(a_group_problem(np.full((2, 3), 500)))
    assert ([], 0, 0) == (groups, certificate.matched, certificate.matched_bound)


def test_somebody_who_is_in_a_group_already_joins_no_second_one() -> None:
    problem = a_group_problem(np.full((10, 2), 500))
    covered = evolve(problem.seatings["mentee"], covered=np.arange(10) < 2)
    groups, certificate = solved(evolve(problem, seatings={**problem.seatings, "mentee": covered}))
    assert 8 == certificate.matched == certificate.matched_bound
    assert not {"e0", "e1"} & {one for _, mentees in groups for one in mentees}


def test_people_whom_only_full_mentors_may_have_wait_and_the_bound_knows() -> None:
    tenths = np.full((40, 4), 500)
    tenths[:20, 1:] = -1
    _, certificate = solved(a_group_problem(tenths, details=Groups(mentees=(3, 8))))
    assert (28, 28) == (certificate.matched, certificate.matched_bound)
    assert not certificate.extra["planned"]


def test_without_time_there_are_groups_that_keep_all_rules() -> None:
    problem = evolve(random_problem((60, 12), 2), effort=Effort(over=lambda: True))
    _, certificate = solved(problem)
    assert certificate.matched >= 50
    assert certificate.total_score <= (certificate.total_score_bound or 0)


def test_many_groups_sit_at_several_tables() -> None:
    problem = random_problem((1120, 224), 7, spread={"department": 20.0}, mentors=(1, 1))
    groups, certificate = solved(problem)
    assert 1120 == certificate.matched
    assert {5} == {len(mentees) for _, mentees in groups}
    assert certificate.total_score_bound is not None
    assert certificate.total_score > 0.95 * certificate.total_score_bound


def test_who_can_be_placed_is_found_without_keeping_all_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(8)
    tenths = chance.integers(0, 1001, (260, 40))
    tenths[:, 30:] = np.where(chance.random((260, 10)) < 0.01, 0, -1)
    tenths[:, 39], tenths[7, :] = -1, -1
    problem = a_group_problem(tenths, details=Groups(mentees=(3, 9)))
    kept = setting_of(problem)
    monkeypatch.setattr("mentorkit_matchers.groups.setting._KEPT", 1_000)
    found = setting_of(problem)
    assert [kept.rows.tolist(), kept.columns.tolist()] == [found.rows.tolist(), found.columns.tolist()]
    assert (tenths >= 0).any(axis=1).nonzero()[0].tolist() == found.rows.tolist()
    assert (tenths >= 0).any(axis=0).nonzero()[0].tolist() == found.columns.tolist()
    assert 259 == solved(problem)[1].matched


def test_each_island_has_the_usual_groups_of_its_people() -> None:
    chance = np.random.default_rng(4)
    tenths = chance.integers(0, 6, (90, 16)) * 100
    tenths[:32, 5:], tenths[32:, :5] = -1, -1
    sites = [f"s{one}" for one in chance.integers(0, 4, 90)]
    details = Groups(mentees=(3, 8), spread={"site": 10.0})
    groups, certificate = solved(a_group_problem(tenths, columns={"site": sites}, details=details))
    assert (90, 90, True) == (certificate.matched, certificate.matched_bound, certificate.extra["planned"])
    sizes = Counter(len(mentees) for _, mentees in groups)
    assert {5: 8, 6: 6, 7: 2} == sizes
    assert certificate.gap is not None
    assert certificate.gap < 0.02 * certificate.total_score


def test_islands_share_circles_of_those_who_have_no_mentor() -> None:
    tenths = np.full((24, 3), 500)
    tenths[:12, 1:], tenths[12:, :1] = -1, -1
    details = Groups(mentees=(3, 5), leftover="peer-circle")
    groups, certificate = solved(a_group_problem(tenths, details=details))
    assert (24, 24) == (certificate.matched, certificate.matched_bound)
    assert all(3 <= len(mentees) <= 5 for _, mentees in groups)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(1, 1), (1, 2)]))
def test_of_two_islands_the_best_groups_are_those_of_each(seed: int, mentors: tuple[int, int]) -> None:
    chance = np.random.default_rng(seed)
    details = Groups(mentees=(2, 3), mentors=mentors, spread={"site": 20.0})
    sizes = [(int(chance.integers(0, 6)), int(chance.integers(1, 3))) for _ in range(2)]
    parts = [chance.integers(0, 1001, size) for size in sizes]
    tenths = np.full((sum(one for one, _ in sizes), sum(one for _, one in sizes)), -1)
    tenths[: sizes[0][0], : sizes[0][1]], tenths[sizes[0][0] :, sizes[0][1] :] = parts
    sites = [str(one) for one in chance.integers(0, 3, len(tenths))]
    problem = a_group_problem(tenths, columns={"site": sites}, details=details)
    _, whole = solved(problem)
    best = []
    for part, some in zip(parts, (sites[: len(parts[0])], sites[len(parts[0]) :]), strict=True):
        alone = a_group_problem(part, columns={"site": some}, details=details)
        plan = details.plan(*part.shape, part.shape[1])
        best.append(max((worth(alone, one) for one in every_grouping(alone) if is_planned(one, plan)), default=0))
    assert sum(details.plan(*part.shape, part.shape[1]).placed for part in parts) <= whole.matched
    if isinstance(GroupsMatcher().solve(None, problem).proof, IslandProof):
        assert float(sum(best)) / 10 == pytest.approx(whole.total_score + whole.extra.get("spread", 0), abs=1e-3)
