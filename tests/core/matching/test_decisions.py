"""Decisions of whoever reviews a matching, and pairs that were matched before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.contracts import PairTable
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import Decisions, MatchingOutcome, match
from mentorkit.core.matching.explaining import explain_person
from mentorkit.core.program import CriterionUse, RuleUse
from mentorkit.core.relationships import Reason
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_relationship, a_roster
from mentorkit_criteria.pair_lists import PairOptions

CATALOGUE = build_catalogue()
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
NOTHING = History()
WHEN = datetime(2026, 6, 1, tzinfo=UTC)


def mentee(person: str, wants: str = "a") -> Person:
    return a_person(person, "mentee", wants=frozenset(wants.split()))


def mentor(person: str, skills: str = "a", places: int = 1) -> Person:
    return a_person(person, "mentor", places=places, skills=frozenset(skills.split()))


def solved(
    *people: Person,
    rules: tuple[RuleUse, ...] = (),
    history: History = NOTHING,
    objective: tuple[str, ...] = ("coverage", "total-score"),
    **how: Any,
) -> MatchingOutcome:
    program = a_program()
    program = evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), rules=rules, objective=objective))
    return match(program, a_roster(*people), CATALOGUE, history, **how)


def pairs(outcome: MatchingOutcome) -> set[tuple[str, ...]]:
    return {one.people("mentee") + one.people("mentor") for one in outcome.matching.relationships}


def known(mentee: str, mentor: str, **changes: Any) -> KnownRelationship:
    one = a_relationship((mentor, "mentor"), (mentee, "mentee"))
    return evolve(KnownRelationship(one, "published", WHEN), **changes)


FOUR = (mentee("1"), mentee("2", "b"), mentor("8"), mentor("9", "b"))


def test_decisions_stand_over_scores_in_either_order() -> None:
    assert {("1", "8"), ("2", "9")} == pairs(solved(*FOUR))
    assert {("1", "9"), ("2", "8")} == pairs(solved(*FOUR, decisions=Decisions(required=(("9", "1"),))))
    assert {("1", "9"), ("2", "8")} == pairs(solved(*FOUR, decisions=Decisions(forbidden=(("8", "1"),))))


def test_a_forbidden_pair_is_among_the_reasons_as_review() -> None:
    outcome = solved(mentee("1"), mentor("8"), decisions=Decisions(forbidden=(("1", "8"),)))
    assert (Reason("review", 1),) == outcome.matching.unmatched[0].reasons


@pytest.mark.parametrize(
    ("decisions", "rules", "told"),
    [
        (Decisions((("1", "8"),), (("8", "1"),)), (), "keeps 1 and 8 together and forbids them"),
        (Decisions((("1", "2"),)), (), "their roles keep them apart"),
        (Decisions((("1", "77"),)), (), '"77" is not in the roster'),
        (Decisions((("1", "8"), ("2", "8"))), (), "by the review file, who has 1 free"),
        (
            Decisions(forbidden=(("1", "8"),)),
            (RuleUse("always", "always", PairOptions(PairTable((("1", "8", None),)))),),
            'whom the rule "always" wants together',
        ),
        (
            Decisions((("1", "8"),)),
            (RuleUse("never", "never", PairOptions(PairTable((("1", "8", None),)))),),
            'kept together by the review file, and must not be by "never"',
        ),
    ],
)
def test_contradictions_are_told_in_words_of_the_review_file(
    decisions: Decisions, rules: tuple[RuleUse, ...], told: str
) -> None:
    with pytest.raises(ProgramError) as refused:
        solved(*FOUR, rules=rules, decisions=decisions)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (known("1", "8", state="ended", ended_at=WHEN, reason="left"), True),
        (known("1", "8", state="ended", ended_at=WHEN, reason="no time"), False),
        (known("1", "8", state="ended", ended_at=WHEN, reason="declined"), False),
        (known("1", "8", state="proposed", published_at=None, reason="declined"), False),
        (known("1", "8", state="proposed", published_at=None, reason="withdrawn"), True),
        (known("1", "8", state="proposed", published_at=None), True),
    ],
)
def test_who_parted_is_not_matched_again_by_itself(before: KnownRelationship, again: bool) -> None:
    outcome = solved(mentee("1"), mentor("8"), history=History(relationships=(before,)))
    assert again == bool(outcome.matching.relationships)
    reasons = [] if again else [(Reason("matched-before", 1),)]
    assert reasons == [one.reasons for one in outcome.matching.unmatched]


def test_a_decision_or_always_brings_back_together_who_parted() -> None:
    history = History(relationships=(known("1", "8", state="ended", ended_at=WHEN, reason="no time"),))
    always = RuleUse("always", "always", PairOptions(PairTable((("1", "8", None),))))
    people = (mentee("1"), mentor("8"))
    assert {("1", "8")} == pairs(solved(*people, history=history, rules=(always,)))
    assert {("1", "8")} == pairs(solved(*people, history=history, decisions=Decisions((("1", "8"),))))


def test_a_rematch_frees_everybody_and_the_same_pair_keeps_its_id() -> None:
    history = History(relationships=(known("1", "9"), known("2", "8")), occasions={"match": WHEN})
    assert set() == pairs(solved(*FOUR, history=history))
    assert {("1", "8"), ("2", "9")} == pairs(solved(*FOUR, history=history, rematch=True))
    kept = History(relationships=(known("1", "8"),), occasions={"match": WHEN})
    one = solved(mentee("1"), mentor("8"), history=kept, rematch=True).matching.relationships[0]
    assert kept.relationships[0].relationship.id == one.id


def test_a_rematch_may_be_told_to_change_as_little_as_it_can() -> None:
    def rematched(*people: Person, objective: tuple[str, ...]) -> set[tuple[str, ...]]:
        return pairs(solved(*people, history=history, rematch=True, objective=objective))

    history = History(relationships=(known("1", "9"), known("2", "8")), occasions={"match": WHEN})
    alike = (mentee("1"), mentee("2"), mentor("8"), mentor("9"))
    swapped = History(relationships=(known("1", "8"), known("2", "9")), occasions={"match": WHEN})
    last = ("coverage", "total-score", "fewest-changes")
    assert {("1", "9"), ("2", "8")} == rematched(*alike, objective=last)
    assert {("1", "8"), ("2", "9")} == rematched(*FOUR, objective=last)
    assert {("1", "9"), ("2", "8")} == rematched(*FOUR, objective=("coverage", "fewest-changes", "total-score"))
    history = swapped
    assert {("1", "8"), ("2", "9")} == rematched(*alike, objective=last)


def test_a_pair_that_is_proposed_again_gets_another_id() -> None:
    vain = known("1", "8", state="proposed", published_at=None, reason="withdrawn")
    people = (mentee("1"), mentor("8"))
    again = solved(*people, history=History(relationships=(vain,))).matching.relationships[0]
    assert vain.relationship.members == again.members
    assert vain.relationship.id != again.id
    waiting = known("1", "8", state="proposed", published_at=None)
    same = solved(*people, history=History(relationships=(waiting,))).matching.relationships[0]
    assert waiting.relationship.id == same.id


def test_explanations_name_the_rule() -> None:
    history = History(relationships=(known("1", "9", state="ended", ended_at=WHEN, reason="no time"),))
    program = evolve(a_program(), matching=evolve(a_program().matching, criteria=(SKILLS,)))
    matching = solved(*FOUR, history=history).matching
    explained = explain_person(program, a_roster(*FOUR), CATALOGUE, matching, "1", history)
    assert ["matched-before"] == [one.name for one in explained.rules]
    assert () == explain_person(program, a_roster(*FOUR), CATALOGUE, matching, "1", NOTHING).rules


def test_in_an_intake_nobody_is_late() -> None:
    history = History(occasions={"match": WHEN}, relationships=(known("2", "8"),))
    people = (mentee("1"), mentee("2"), mentor("8"))
    outside = solved(*people, history=history).matching.unmatched[0]
    inside = solved(*people, history=history, occasion="intake-2026-07-01").matching.unmatched[0]
    assert (Reason("joined-late", 0), Reason("capacity", 1)) == outside.reasons
    assert (Reason("capacity", 1),) == inside.reasons


def test_an_occasion_can_be_renamed() -> None:
    outcome = solved(*FOUR, occasion="intake-2027-02-01")
    assert ("intake-2027-02-01",) == outcome.occasions
    assert {"intake-2027-02-01"} == {one.occasion for one in outcome.matching.relationships}
