from __future__ import annotations

import pytest
from attrs import evolve, frozen

from mentorkit.core.diagnostics import error, warning
from mentorkit.core.program import CriterionUse, MatchingUse, MessageSet, RosterSource, RosterUse, RuleUse, Use
from mentorkit.core.resolving.checkable import checkable
from mentorkit.testing import a_catalogue, a_program


@frozen
class Plugin:
    name: str
    options: type | None = None


CATALOGUE = a_catalogue(
    criteria=[Plugin("same"), Plugin("near", Plugin)],
    rules=[Plugin("line"), Plugin("gap", Plugin)],
    matchers=[Plugin("optimal")],
)


@pytest.mark.parametrize("path", ["roster", "roster.columns.level", "roster.sources[0].file", "model.use", "extends"])
def test_nothing_is_checked_by_a_program_that_does_not_say_who_takes_part(path: str) -> None:
    assert checkable(a_program(), CATALOGUE, [error("wrong-value", "?", path=path)]) is None
    assert checkable(a_program(), CATALOGUE, [warning("odd", "?", path=path)]) == a_program()


def test_nothing_is_checked_where_a_roster_file_was_refused() -> None:
    refused = a_program(roster=RosterUse((RosterSource("", "../people.csv"),)))
    assert checkable(refused, CATALOGUE, []) is None


def test_criteria_and_rules_that_could_not_be_understood_are_left_out() -> None:
    whole = (CriterionUse("a", "same", 1, "x", "x"), CriterionUse("b", "near", 1, "x", "x", options=1))
    broken = (CriterionUse("c", "same", 1, "", ""), CriterionUse("d", "near", 1, "x", "x"))
    rules = (RuleUse("a", "line"), RuleUse("b", "gap", 1), RuleUse("c", "gap"))
    program = a_program(matching=MatchingUse(Use("optimal"), criteria=whole + broken, rules=rules))
    kept = checkable(program, CATALOGUE, [])
    assert kept is not None
    assert (whole, rules[:2]) == (kept.matching.criteria, kept.matching.rules)


def test_messages_are_left_out_that_have_no_text_or_may_lack_their_names() -> None:
    [step] = a_program().timeline
    program = a_program(timeline=(step, evolve(step, name="silent", message=MessageSet("messages/gone", ()))))
    kept = checkable(program, CATALOGUE, [error("wrong-value", "?", path="program.timezone")])
    blind = checkable(program, CATALOGUE, [error("wrong-value", "?", path="contacts.desk")])
    assert kept is not None
    assert blind is not None
    assert ((step,), ()) == (kept.timeline, blind.timeline)
