"""What a pair would cost, in words."""

from __future__ import annotations

import pytest

from mentorkit.core.matching.alternatives import Alternative, Versus
from mentorkit.core.matching.costing import Cost
from mentorkit.core.relationships import Member
from mentorkit.presenting.alternatives import alternatives_text, versus_text
from mentorkit.testing import a_person, a_roster

ROSTER = a_roster(a_person("1", "mentee", name="Dev Patel"), a_person("9", "mentor", name="Ada Osei"))
DEV, ADA = Member("1", "mentee"), Member("9", "mentor")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (None, "what it would cost is not known, as nothing proves this matching to be the best"),
        (Cost("exact", 0, 0.0), "it would cost nothing: another matching is as good"),
        (Cost("exact", 0, 1234.5), "with that pair the total score would be 1,234.5 lower"),
        (Cost("exact", 1, 0.0), "with that pair 1 person fewer would be matched"),
        (
            Cost("exact", 2, -3.0),
            "with that pair 2 people fewer would be matched and the total score would be 3.0 higher",
        ),
        (
            Cost("exact", -1, 7.0),
            "with that pair 1 person more would be matched and the total score would be 7.0 lower",
        ),
        (Cost("at-least", 0, 4.1), "the total score would be at least 4.1 lower, or fewer would be matched"),
        (Cost("at-least", 1, 0.0), "with that pair at least 1 person fewer would be matched"),
        (Cost("at-least", 0, 0.0), "it may cost nothing"),
    ],
)
def test_a_cost_in_words(cost: Cost | None, words: str) -> None:
    told = alternatives_text([Alternative(DEV, ADA, 61.0, 75.4, cost)], ROSTER)
    assert told.startswith("best alternative\n  Ada Osei (9) (mentor): 61.0, now 75.4; ")
    assert words in told


@pytest.mark.parametrize(
    ("versus", "words"),
    [
        (Versus(DEV, ADA, together=True), "they are together"),
        (Versus(DEV, ADA, rules=("gap", "never")), "kept apart by gap, never"),
        (Versus(DEV, ADA, absent="paused", who="9"), "Ada Osei (9) pauses"),
        (Versus(DEV, ADA, absent="scope"), "the model's scope leaves one of them out"),
        (Versus(DEV, ADA, full="9"), "allowed, but pairs that must be matched take all places of Ada Osei (9)"),
        (Versus(DEV, ADA, cost=Cost("exact", 0, 2.0)), "allowed; with that pair the total score would be 2.0 lower"),
    ],
)
def test_why_not_in_words(versus: Versus, words: str) -> None:
    assert f"Dev Patel (1) and Ada Osei (9): {words}" == versus_text(versus, ROSTER)
