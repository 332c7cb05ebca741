"""A plugin that fails while it works is named with its distribution, and the user is not shown a traceback."""

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.catalogue import Offer, Origin
from mentorkit.core.contracts import Ruling
from mentorkit.core.errors import PluginError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.core.program import CriterionUse, MatchingUse, RuleUse, Use
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster

ORIGIN = Origin("acme", "2.1", "rules")
PEOPLE = a_roster(a_person("1", "mentor"), a_person("2", "mentor"), a_person("3", "mentee"))


class Odd:
    """A criterion and a rule whose answer the test chooses."""

    name = "odd"
    summary = "odd"
    options = None
    directed = False
    needs = "any"

    def __init__(self, answer):
        self.answer = answer

    def columns(self, options):
        return ()

    def similarity(self, options, wanting, offering):
        return self.answer((len(wanting), len(offering)))

    def prepare(self, options, wanting, offering, facts):
        return Ruling(lambda rows, columns: self.answer((len(rows), len(columns))))


def raising(_shape):
    raise KeyError("site")


def matched(kind: str, answer):
    catalogue = evolve(build_catalogue(), **{kind: {"odd": Offer(Odd(answer), ORIGIN)}})
    uses = {
        "criteria": {"criteria": (CriterionUse("odd", "odd", 1, "name", "name"),)},
        "rules": {"rules": (RuleUse("odd", "odd"),)},
    }
    program = a_program(matching=MatchingUse(Use("optimal"), **uses[kind]))
    return match(program, PEOPLE, catalogue, History()).matching


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        ("criteria", raising, "failed: KeyError: 'site'"),
        ("criteria", lambda shape: np.full(shape, np.nan), "values that are no numbers"),
        ("criteria", lambda shape: np.full(shape, 40.0), "with values from 40 to 40"),
        ("criteria", lambda shape: np.zeros((7, 7)), "it gave the shape (7, 7)"),
        ("criteria", lambda shape: None, "must give similarities from 0 to 1"),
        ("rules", raising, "failed: KeyError: 'site'"),
        ("rules", lambda shape: np.zeros(shape), "it gave float64"),
        ("rules", lambda shape: np.zeros((9, 9), dtype=bool), "in the shape (9, 9)"),
        ("rules", lambda shape: False, "must give true or false"),
    ],
)
def test_what_a_plugin_does_wrong_names_it(kind, answer, told):
    with pytest.raises(PluginError) as caught:
        matched(kind, answer)
    assert "of the plugin acme 2.1 (entry point rules)" in str(caught.value)
    assert told in str(caught.value)


def test_a_rule_may_answer_with_an_array_that_cannot_be_written():
    found = matched("rules", lambda shape: np.broadcast_to(np.array([False]), shape))
    assert 1 == len(found.relationships)
