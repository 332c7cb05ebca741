from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.conditions import Condition
from mentorkit.core.enrolling.columns import condition_columns, kinds_of, named_columns
from mentorkit.core.program import (
    ColumnRecipe,
    CriterionUse,
    Length,
    MatchingUse,
    ModelUse,
    Requires,
    RosterSource,
    RosterUse,
    RuleUse,
    Series,
    Step,
    Use,
    When,
)
from mentorkit.testing import a_message, a_program


@frozen
class Reads:
    """A model, scope or rule that reads the columns of its options."""

    name: str = "it"

    def columns(self, options: Any) -> tuple[str, ...]:
        return tuple(options)


def test_every_part_of_a_program_may_name_columns() -> None:
    source = RosterSource(
        "p", "p", join="badge", columns={"cost": ColumnRecipe(("Cost",))}, where={"site": Condition()}
    )
    program = a_program(
        roster=RosterUse((source,), {"age": Condition()}, {"mentor": {"opt_in": Condition()}}, {"mentor": "seats"}),
        model=ModelUse(Use("it", ["floor"]), Use("it", ["guild"])),
        matching=MatchingUse(
            Use("optimal"),
            criteria=(CriterionUse("a", "overlap", 1, "asks", "gives", only_if={"wing": Condition()}),),
            rules=(RuleUse("b", "it", ["team"]), RuleUse("c", "unknown")),
        ),
        series=(Series("sessions", 1, (Length(1, "weeks"),), place_column="room"),),
        timeline=(
            Step("x", When("column", column="probation"), ("mentor",), a_message()),
            Step("y", When("start"), (), a_message()),
        ),
        message_columns=("motto",),
        requires=Requires(columns=("grade",)),
    )
    offer: Any = Offer(Reads(), Origin("tests", "1", "tests"))
    catalogue = Catalogue(models={"it": offer}, scopes={"it": offer}, rules={"it": offer})
    expected = {"age", "opt_in", "seats", "cost", "badge", "floor", "guild", "asks", "gives", "wing", "team", "room"}
    assert expected | {"probation", "motto", "grade"} == named_columns(program, catalogue)
    asked = {"roster.eligible.age": "age", "roster.roles.mentor.opt_in": "opt_in"}
    assert asked == condition_columns(program)


def test_use_says_the_kind_of_a_column() -> None:
    soon, since = Condition(within_days=14), Condition(at_least=date(2020, 1, 1))
    source = RosterSource("p", "p", where={"joined": since})
    program = a_program(
        roster=RosterUse(
            (source,), {"trial_end": soon}, {"mentor": {"level": Condition(at_least=3)}}, {"mentor": "seats"}
        ),
        timeline=(Step("x", When("column", column="probation"), ("mentor",), a_message()),),
    )
    kinds = kinds_of(program)
    assert ["date", "date", "date", "places"] == [kinds[name] for name in ("trial_end", "joined", "probation", "seats")]
    assert ["number", "date", "tags", "mail"] == [kinds[name] for name in ("level", "hire_date", "erg", "email")]
