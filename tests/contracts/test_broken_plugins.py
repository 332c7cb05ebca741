"""A plugin that fails while it works is named with its distribution, and the user is not shown a traceback."""

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.catalogue import Offer, Origin
from mentorkit.core.contracts import Role, Ruling
from mentorkit.core.errors import PluginError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.core.program import CriterionUse, KpiUse, MatchingUse, RuleUse, Use
from mentorkit.core.reporting.counting import make_report
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
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


class Wrong:
    """A plugin of any kind whose every answer is the one that the test chooses."""

    def __init__(self, inner, answer):
        self.inner, self.answer = inner, answer

    def __getattr__(self, name):
        if name in ("occasions", "solve", "prepare", "measure", "narrow"):
            return lambda *_: self.answer
        return getattr(self.inner, name)


@pytest.mark.parametrize(
    ("kind", "name", "answer", "told"),
    [
        ("models", "one-on-one", None, 'the model "one-on-one" of the plugin acme 2.1 (entry point rules) must return'),
        ("models", "one-on-one", ["now"], "must return a Occasion; it returned str 'now'"),
        ("matchers", "optimal", None, "must return a Solution; it returned None"),
        ("rules", "same", None, 'the rule "same" of the plugin acme 2.1 (entry point rules) must return a Ruling'),
        ("kpis", "match-rate", 0.9, "must return a Measure; it returned float 0.9"),
    ],
)
def test_whatever_a_plugin_returns_is_looked_at(kind, name, answer, told):
    catalogue = build_catalogue()
    offers = catalogue.kinds()[kind]
    wrong = {**offers, name: Offer(Wrong(offers[name].implementation, answer), ORIGIN)}
    same = RuleUse("same", "same", offers_options(catalogue, "same"))
    program = a_program(matching=MatchingUse(Use("optimal"), rules=(same,)), kpis=(KpiUse("match-rate", "match-rate"),))
    changed = evolve(catalogue, **{kind: wrong})
    at = a_moment("2027-02-01T10:00:00+00:00")
    work = make_report if kind == "kpis" else match
    given = (ROLES, PEOPLE, changed, History(), at) if kind == "kpis" else (PEOPLE, changed, History())
    with pytest.raises(PluginError) as caught:
        work(program, *given)
    assert told in str(caught.value)
    assert "acme 2.1" in str(caught.value)


def offers_options(catalogue, rule):
    return catalogue.rules[rule].implementation.options(column="name")


def test_a_rule_may_answer_with_an_array_that_cannot_be_written():
    found = matched("rules", lambda shape: np.broadcast_to(np.array([False]), shape))
    assert 1 == len(found.relationships)
