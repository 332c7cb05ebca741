from types import SimpleNamespace

import numpy as np
from attrs import evolve

from mentorkit.core.catalogue import Offer, Origin
from mentorkit.core.contracts import Ruling
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.planning.broken_rules import BrokenRule, broken_rules
from mentorkit.core.program import MatchingUse, RuleUse, Use
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

PAIRS = 1_000
BEGAN = a_moment("2027-01-11T09:00:00+00:00")
PROGRAM = a_program(matching=MatchingUse(Use("optimal"), rules=(RuleUse("odd", "counting"),)))
ROSTER = a_roster(
    *(a_person(f"m{number}", "mentor") for number in range(PAIRS)),
    *(a_person(f"e{number}", "mentee", level=number) for number in range(PAIRS)),
)


def asking(asked):
    """Return the installed catalogue with a rule that forbids mentees of level 7 and keeps how much it is asked."""

    def prepare(_options, wanting, offering, _facts):
        levels = np.array([one.values.get("level") == 7 for one in wanting.people])

        def blocked(rows, columns):
            asked.append(len(rows) * len(columns))
            return np.repeat(levels[rows][:, None], len(columns), axis=1)

        return Ruling(blocked)

    rule = SimpleNamespace(name="counting", options=None, columns=lambda _: (), prepare=prepare)
    catalogue = build_catalogue()
    return evolve(catalogue, rules={**catalogue.rules, "counting": Offer(rule, Origin("tests", "1", "tests"))})


def published(*numbers, state="published"):
    found = [a_relationship((f"m{number}", "mentor"), (f"e{number}", "mentee")) for number in numbers]
    return History(relationships=tuple(KnownRelationship(one, state, BEGAN) for one in found))


def test_only_the_pairs_that_are_together_are_looked_at():
    asked = []
    history = published(*range(PAIRS))
    (broken,) = broken_rules(PROGRAM, ROSTER, asking(asked), history)
    expected = history.relationships[7].relationship.id
    assert BrokenRule(expected, ("e7", "m7"), "odd") == broken
    assert sum(asked) < 100 * PAIRS


def test_who_is_missing_and_what_has_ended_breaks_no_rule():
    catalogue = asking([])
    assert () == broken_rules(PROGRAM, a_roster(*ROSTER.people[:10]), catalogue, published(7))
    assert () == broken_rules(PROGRAM, ROSTER, catalogue, published(7, state="ended"))
    assert 1 == len(broken_rules(PROGRAM, ROSTER, catalogue, published(7)))
