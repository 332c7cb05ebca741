"""Changes of a program that let more pairs be: which there are, and the program with each of them.

What a rule of a plugin offers, its lack of values forgiven, and the rule left out as a whole. Rules that stand over
required pairs (`never`) or require some (`always`), and what a reviewer decided, are not for changing: somebody said
so about these very people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import evolve, field, frozen

from mentorkit.core.blaming import blaming, expected_all
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import RelaxableRule, Relaxation
from mentorkit.core.matching.posing import Posed
from mentorkit.core.program import Program, RuleUse

LEFT_OUT = 1_000
"""The step of leaving a rule out: larger than any other change of it."""


@frozen
class Change:
    """One change of one rule.

    Attributes:
        label: advice in words.
        rule: the rule's name.
        step: how large it is among the changes of this rule, from 1.
        settings: what the author would write, by dotted path.
        program: the program with it.
    """

    label: str
    rule: str
    step: int
    settings: Mapping[str, Any]
    program: Program = field(eq=False, repr=False)


def rule_changes(posing: Posed, catalogue: Catalogue) -> tuple[Change, ...]:
    """Return all changes of rules, rule by rule in declared order, the smallest of each first."""
    rules = posing.program.matching.rules
    return tuple(change for rule in rules if _may_change(posing, rule) for change in _of(posing, rule, catalogue))


def _may_change(posing: Posed, rule: RuleUse) -> bool:
    rulings = [
        one.ruling
        for scores in posing.board.asked.values()
        for one in scores.rules
        if (one.name, one.kind) == (rule.name, rule.kind)
    ]
    return bool(rulings) and not any(one.overrides or one.required for one in rulings)


def _of(posing: Posed, rule: RuleUse, catalogue: Catalogue) -> Iterator[Change]:
    path = f"matching.rules.{rule.name}"
    offers = _offered(rule, catalogue)
    for step, offer in enumerate(offers, 1):
        settings = {f"{path}.{key}": value for key, value in _differing(rule.options, offer.options).items()}
        yield Change(offer.label, rule.name, step, settings, _with(posing, rule, evolve(rule, options=offer.options)))
    if rule.if_missing == "block":
        label = f"let people without a value pass the rule {rule.name}"
        program = _with(posing, rule, evolve(rule, if_missing="allow"))
        yield Change(label, rule.name, len(offers) + 1, {f"{path}.if_missing": "allow"}, program)
    yield Change(f"without the rule {rule.name}", rule.name, LEFT_OUT, {f"{path}.off": True}, _with(posing, rule))


def _offered(rule: RuleUse, catalogue: Catalogue) -> tuple[Relaxation, ...]:
    offer = catalogue.rules[rule.kind]
    if not isinstance(offer.implementation, RelaxableRule):
        return ()
    what = f'the rule "{rule.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.relaxations(rule.options)
    return expected_all(found, Relaxation, offer.origin, what)


def _differing(before: Any, after: Any) -> dict[str, Any]:
    names = [one.name for one in attrs.fields(type(after))] if attrs.has(type(after)) else []
    return {name: _written(getattr(after, name)) for name in names if getattr(after, name) != getattr(before, name)}


def _written(value: Any) -> Any:
    """Return a value as an author would write it: a whole number without a decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _with(posing: Posed, rule: RuleUse, *instead: RuleUse) -> Program:
    """Return the program with a rule replaced, or without it."""
    program = posing.program
    rules = tuple(new for one in program.matching.rules for new in (instead if one is rule else (one,)))
    return evolve(program, matching=evolve(program.matching, rules=rules))
