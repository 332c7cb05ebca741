"""A saved matching proves itself again from program and roster, and nothing in it can be changed unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import PairTable
from mentorkit.core.declaring.structuring import structure
from mentorkit.core.history import History
from mentorkit.core.matching.saved import SavedMatching, saved_matching
from mentorkit.core.matching.solving import match
from mentorkit.core.matching.verifying import Verified, verify
from mentorkit.core.program import CriterionUse, Program, RuleUse, Use
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.pair_lists import PairOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

CATALOGUE = build_catalogue()
NO_MATCHERS = evolve(CATALOGUE, matchers={})
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
AT, ON = datetime(2027, 1, 11, 12, tzinfo=UTC), date(2027, 1, 11)
WANTED = "abcd"


def a_matching_program(*uses: CriterionUse | RuleUse, **changes: Any) -> Program:
    program = a_program(**changes)
    criteria = tuple(use for use in uses if isinstance(use, CriterionUse))
    rules = tuple(use for use in uses if isinstance(use, RuleUse))
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def a_pair(one: str, other: str) -> PairOptions:
    return PairOptions(pairs=PairTable(((one, other, None),)))


PROGRAM = a_matching_program(SKILLS, GAP)


def mentee(person: str, wants: str = "ab", level: int = 2) -> Person:
    return a_person(person, "mentee", wants=frozenset(wants), level=level)


def mentor(person: str, skills: str = "a", level: int = 4, places: int = 1) -> Person:
    return a_person(person, "mentor", places=places, skills=frozenset(skills), level=level)


PEOPLE = (
    mentee("1", "ab"),
    mentee("2", "abc"),
    mentee("3", "d"),
    mentee("4", "c", 3),
    mentor("7", "ab"),
    mentor("8", "cd", places=2),
    mentor("9", "b", 3),
)
ROSTER = a_roster(*PEOPLE)


def saved(program: Program = PROGRAM, roster: Roster = ROSTER) -> dict[str, Any]:
    """Return the document of what is matched."""
    outcome = match(program, roster, CATALOGUE, History(), ON)
    relationships = outcome.matching.relationships
    made = saved_matching(program, roster, CATALOGUE, outcome.solved, relationships, AT, from_ledger=False)
    document: dict[str, Any] = json.loads(json.dumps(attrs.asdict(made)))
    return document


def verified(document: Mapping[str, Any], program: Program = PROGRAM, roster: Roster = ROSTER) -> Verified:
    found, misfits = structure(SavedMatching, document)
    assert found is not None, misfits
    return verify(found, program, roster, NO_MATCHERS, History(), ON)


def told(document: Mapping[str, Any], program: Program = PROGRAM, roster: Roster = ROSTER) -> list[str]:
    return [one.message for one in verified(document, program, roster).diagnostics]


def test_what_was_saved_holds_without_any_matcher() -> None:
    document = saved()
    found = verified(document)
    assert () == found.diagnostics
    assert document["occasions"][0]["certificate"] == attrs.asdict(found.certificates["match"])
    assert (4, 12) == (found.certificates["match"].matched, found.certificates["match"].pairs_checked)


Leaf = tuple[list[Any], Any]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(document))
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copy


def another(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
        case None:
            return 1
    return {"x": 1} if isinstance(value, dict) else ["x"]


IN_OCCASION = ("occasions", 0)
WARNED = [("digests", "program"), ("digests", "roster")]
POSED_BY = [("at",), ("from_ledger",), ("format",)]


@pytest.mark.parametrize("path", [path for path, _value in leaves(saved())], ids=lambda path: ".".join(map(str, path)))
def test_no_value_can_be_changed_unnoticed(path: tuple[Any, ...]) -> None:
    document = saved()
    value = dict(leaves(document))[path]
    forged = changed(document, path, another(value))
    made, misfits = structure(SavedMatching, forged)
    if made is None:
        assert misfits
        return
    if path in POSED_BY or path[-1] == "exact":  # to claim less than is proven is no lie
        return
    found = verified(forged)
    severities = {one.severity for one in found.diagnostics}
    if path in WARNED:
        assert {"warning"} == severities
    elif path[:3] == (*IN_OCCASION, "proof"):
        assert "error" in severities or document["occasions"][0]["certificate"] == attrs.asdict(
            found.certificates["match"]
        )
    else:
        assert "error" in severities


def test_a_higher_price_proves_less() -> None:
    document = saved()
    prices = document["occasions"][0]["proof"]["prices"]
    forged = changed(document, (*IN_OCCASION, "proof", "prices", "9"), prices["9"] + 10_000)
    (message,) = [one for one in told(forged) if "called best" in one]
    assert "the result is called best with 4 people" in message
    honest = changed(forged, (*IN_OCCASION, "certificate", "exact"), value=False)
    assert any(one.startswith(("matched_bound is", "total_score_bound is")) for one in told(honest))


def test_a_relationship_that_is_left_out_is_missed() -> None:
    document = saved()
    del document["occasions"][0]["relationships"][0]
    document["occasions"][0]["certificate"] |= {"exact": False, "gap": None}
    messages = told(document)
    assert "matched is 3, the file says 4" in messages
    assert any(one.startswith("total_score is") for one in messages)


def test_swapped_members_are_found() -> None:
    document = saved()
    one, other = document["occasions"][0]["relationships"][:2]
    one["members"][1], other["members"][1] = other["members"][1], one["members"][1]
    messages = told(document)
    assert 2 == sum("has other members than its id says" in message for message in messages)


def test_everything_that_has_changed_is_told_at_once() -> None:
    document = saved()
    apart = RuleUse("apart", "never", a_pair("1", "7"))
    roster = a_roster(
        *(one for one in PEOPLE if one.id not in ("3", "8")), mentor("8", "cd", places=1), mentee("5"), mentee("6")
    )
    messages = told(document, a_matching_program(SKILLS, GAP, apart), roster)
    assert "the program and the roster have changed since the matching, in something that matching reads" in messages
    assert "mentee 3 cannot be matched any more" in messages
    assert "mentee 5, 6 can be matched by now and could not" in messages
    assert "mentor 8 may join another number of relationships by now" in messages


def test_a_pair_that_is_forbidden_by_now_is_named_with_its_rule() -> None:
    document = saved()
    pair = next(one for one in document["occasions"][0]["relationships"] if one["members"][0]["id"] == "7")
    ids = tuple(one["id"] for one in pair["members"])
    program = a_matching_program(SKILLS, GAP, RuleUse("apart", "never", a_pair(*ids)))
    assert f"mentee {ids[1]} and mentor 7 are together, and apart forbids it" in told(document, program)


def test_somebody_in_more_relationships_than_they_may_be_is_named() -> None:
    document = saved()
    relationships = document["occasions"][0]["relationships"]
    one = next(one for one in relationships if one["members"][0]["id"] != "7")
    one["members"][0]["id"] = "7"
    assert "mentor 7 is in 2 relationships and may join 1" in told(document)


def test_a_pair_that_must_be_together_by_now_is_named() -> None:
    together = RuleUse("together", "always", a_pair("1", "8"))
    messages = told(saved(), a_matching_program(SKILLS, GAP, together))
    assert ["mentee 1 and mentor 8 must be together and are not"] == [one for one in messages if "must be" in one]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda program: evolve(program, id="other"), 'the matching is of program "pilot", not of "other"'),
        (
            lambda program: evolve(program, matching=evolve(program.matching, objective=("total-score", "coverage"))),
            "the objective is total-score, coverage by now, it was coverage, total-score",
        ),
        (
            lambda program: evolve(program, matching=evolve(program.matching, matcher=Use("stable"))),
            'the program names the matcher "stable" by now, it was "optimal"',
        ),
    ],
)
def test_another_program_is_refused(change: Callable[[Program], Program], message: str) -> None:
    assert message in told(saved(), change(PROGRAM))


def test_what_changed_and_changes_nothing_is_a_warning() -> None:
    found = verified(saved(), evolve(PROGRAM, seed=8)).diagnostics
    assert [("warning", "verify-inputs")] == [(one.severity, one.code) for one in found]


def test_names_and_addresses_are_nothing_that_matching_reads() -> None:
    renamed = a_roster(*(evolve(one, values={**one.values, "name": "N", "email": "n@example.org"}) for one in PEOPLE))
    assert [] == told(saved(), roster=renamed)


def test_a_file_of_another_version_may_miss_an_occasion_or_have_one_too_many() -> None:
    document = saved()
    renamed = changed(document, (*IN_OCCASION, "occasion"), "intake")
    assert ['the occasion "intake" is not posed any more', 'the occasion "match" is not in the file'] == told(renamed)
    document["occasions"] *= 2
    assert 'the occasion "match" is in the file more than once' in told(document)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    wants = st.sets(st.sampled_from(WANTED), min_size=1, max_size=3).map("".join)
    levels = st.integers(1, 4)
    mentees = [mentee(f"e{n}", draw(wants), draw(levels)) for n in range(draw(st.integers(1, 4)))]
    mentors = [
        mentor(f"m{n}", draw(wants), draw(levels), draw(st.integers(1, 2))) for n in range(draw(st.integers(1, 3)))
    ]
    return a_roster(*mentees, *mentors)


def best(roster: Roster) -> tuple[int, float]:
    """Return the most people and, for as many, the most points of all allowed matchings, by trying all."""
    mentees, mentors = ([one for one in roster.people if role in one.roles] for role in ("mentee", "mentor"))
    found = (0, 0.0)
    for chosen in product([None, *mentors], repeat=len(mentees)):
        pairs = [(e, m) for e, m in zip(mentees, chosen, strict=True) if m is not None]
        if any(m.values["level"] <= e.values["level"] for e, m in pairs):  # type: ignore[operator]
            continue
        if any(sum(m is one for _e, m in pairs) > one.places["mentor"] for one in mentors):
            continue
        points = sum(_score(e, m) for e, m in pairs)
        found = max(found, (len(pairs), round(points, 1)))
    return found


def _score(one: Person, other: Person) -> float:
    wants, skills = one.values["wants"], other.values["skills"]
    assert isinstance(wants, frozenset)
    assert isinstance(skills, frozenset)
    return int(1000 * len(wants & skills) / len(wants) + 0.5) / 10


@settings(max_examples=150)
@given(rosters(), st.data())
def test_whatever_is_tampered_with_what_is_accepted_is_true(roster: Roster, data: st.DataObject) -> None:
    document = saved(roster=roster)
    everything = [path for path, _value in leaves(document["occasions"][0])]
    for path in data.draw(st.lists(st.sampled_from(everything), max_size=3, unique=True)):
        value = dict(leaves(document["occasions"][0])).get(path, ...)
        assume(value is not ...)
        numbers = {int: st.integers(-3000, 3000), float: st.integers(-3000, 3000).map(float)}
        new = data.draw(numbers.get(type(value), st.just(another(value))))
        document["occasions"][0] = changed(document["occasions"][0], path, new)
    made, _misfits = structure(SavedMatching, document)
    if made is None:
        return
    found = verify(made, PROGRAM, roster, NO_MATCHERS, History(), ON)
    if any(one.is_error for one in found.diagnostics):
        return
    certificate = found.certificates["match"]
    people, points = best(roster)
    if certificate.matched_bound is None or certificate.total_score_bound is None:
        assert not certificate.exact or document["occasions"][0]["proof"] is None
        return
    assert (certificate.matched_bound, certificate.total_score_bound) >= (people, points)
    if certificate.exact:
        assert (people, points) == (certificate.matched, certificate.total_score)
