"""Advice as text and JSON: the ranking, then each option with its reasons, then what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from mentorkit.core.advising import Advice, Line, Option, Trial
from mentorkit.core.contracts import Lack
from mentorkit.presenting.tables import counted, table
from mentorkit.starting.toml_text import value_text


def advice_text(advice: Advice, taken: Sequence[str] = ()) -> str:
    """Return the advice for a terminal; `taken` says which columns were taken for what."""
    return "\n\n".join(part for part in _parts(advice, taken) if part)


def _parts(advice: Advice, taken: Sequence[str]) -> Iterator[str]:
    yield headline(advice)
    yield asked(advice)
    if taken:
        yield "columns\n" + "\n".join(f"  {one}" for one in taken)
    rows = [_row(number, one) for number, one in enumerate(advice.options, 1)]
    yield table(rows, ("", "model", "points", "goals", "on trial"))
    for option in advice.options:
        yield "\n".join(_told(option, advice))
    blends = blends_told(advice)
    if blends:
        yield "together with it\n" + "\n".join(f"  {one}" for one in blends)
    lacks = all_lacks(advice)
    if lacks:
        yield "what the roster lacks\n" + table([(one.what, one.whom, one.why) for one in lacks])


def headline(advice: Advice) -> str:
    """Return the answer in one sentence."""
    best, second = advice.best, advice.runner_up
    if best is None:
        return "As things stand, no model fits these people: see what stands in the way of each."
    told = f"Best for you: {best.name} ({best.summary}), {points(best.points)} points"
    if second is None:
        return f"{told}; no runner-up: no other model that is possible here serves these goals and has points."
    return f"{told}; next: {second.name}, {points(second.points)}."


def asked(advice: Advice) -> str:
    """Return what was asked, in one line."""
    goals = ", ".join(f"{goal} (weight {weight:g})" if weight != 1 else goal for goal, weight in advice.goals.items())
    more = [f"{advice.weeks} weeks"] if advice.weeks else []
    if advice.hours is not None:
        more.append(f"{advice.hours:g} {'hour' if advice.hours == 1 else 'hours'} a month for each mentor")
    return "; ".join([f"For {goals}", counted(advice.people, "person", "people"), *more]) + "."


def points(number: float) -> str:
    """Return points with one digit."""
    return f"{number:.1f}".replace("-0.0", "0.0")


def _row(number: int, option: Option) -> tuple[str, ...]:
    rank = f"{number}." if option.possible else "no"
    return rank, option.name, points(option.points), points(option.served), trial_told(option)


def trial_told(option: Option) -> str:
    """Return what the matching on trial came to."""
    trial, served = option.trial, _served(option)
    if trial.refused:
        return "not tried"
    told = f"{trial.placed:,} of {served} placed{' if all ask at once' if trial.at_once else ''}"
    return f"{told} (so far: the time was up)" if trial.stopped and trial.placed < trial.served else told


def _served(option: Option) -> str:
    """Return how many people were to be placed, as what."""
    roles = [role for role in option.facts.by_role if role in ("mentee", "peer")]
    return (
        counted(option.trial.served, roles[0]) if len(roles) == 1 else counted(option.trial.served, "person", "people")
    )


def _told(option: Option, advice: Advice) -> Iterator[str]:
    yield f"{option.name}: {option.summary}"
    yield f"  serves  {', '.join(f'{goal} {option.serves(goal):g}' for goal in advice.goals)}"
    yield f"  trial   {trial_sentence(option)}"
    for name, lines in sides(option).items():
        for at, line in enumerate(lines):
            yield f"  {name if not at else '':<7} {line}"
    if option.template:
        other = option.tried_with not in ("", option.template)
        yield f"  template {option.template}{f', tried with {option.tried_with}' if other else ''}"
    for line in passed_over_told(option):
        yield f"          {line}"


def passed_over_told(option: Option) -> list[str]:
    """Return which templates would be more for the goals, and what keeps each from being advised."""
    return [f"not {one.template}: {one.because}" for one in option.passed_over]


def trial_sentence(option: Option) -> str:
    """Return what the matching came to, with the score and why not everybody is placed."""
    trial: Trial = option.trial
    if trial.refused:
        return f"not tried: {trial.refused}"
    told = trial_told(option)
    if trial.score is not None:
        told += f", in {counted(trial.relationships, 'relationship')} that score {trial.score:.1f} on average"
    return f"{told}, because {trial.because}" if trial.because else told


def sides(option: Option) -> dict[str, list[str]]:
    """Return what stands against an option, what to beware of, and what gave or took points."""
    gates, modifiers = option.fit.gates, option.fit.modifiers
    found = {
        "roles": [roles_told(option.line)] if option.line else [],
        "no": [one.says for one in gates if one.blocks],
        "beware": [one.says for one in gates if not one.blocks],
        "points": [f"{one.points:+.1f} {one.because}" for one in modifiers],
        "why": list(option.fit.reasons),
        "instead": [line_told(option, option.other_line)] if option.other_line else [],
    }
    return {name: lines for name, lines in found.items() if lines}


def roles_told(line: Line) -> str:
    """Return who has which role by their level."""
    return ", ".join(f"{role}: {line.told[role]} ({line.people[role]:,})" for role in line.roles)


def line_told(option: Option, line: Line) -> str:
    """Return what would come of another line between the roles, and how a program says it."""
    trial = trial_sentence(evolve(option, trial=line.trial))
    said = " and ".join(f"{role}.level = {value_text(one['level'])}" for role, one in line.roles.items())
    return f"it could be with {roles_told(line)}: {trial}; under [roster.roles] {said}"


def blends_told(advice: Advice) -> list[str]:
    """Return what goes well with the best option."""
    return [f"{blend.model}: {blend.how}" for blend in advice.blends]


def all_lacks(advice: Advice) -> tuple[Lack, ...]:
    """Return what the roster lacks for the options in question, each once, the best option's first."""
    options = [one for one in advice.options if one.possible] or [one for one in advice.options if not one.scope]
    found: dict[str, Lack] = {}
    for option in options:
        for lack in option.fit.lacks:
            found.setdefault(lack.what, lack)
    return tuple(found.values())


def advice_json(advice: Advice, columns: dict[str, Any]) -> dict[str, Any]:
    """Return the advice as a document with stable keys."""
    best, second = advice.best, advice.runner_up
    return {
        "goals": dict(advice.goals),
        "people": advice.people,
        "weeks": advice.weeks,
        "hours_per_mentor": advice.hours,
        "columns": columns,
        "best": best.name if best else None,
        "runner_up": second.name if second else None,
        "options": [_option(one, advice) for one in advice.options],
        "blends": [{"model": one.model, "how": one.how} for one in advice.blends],
        "lacks": [_lack(one) for one in all_lacks(advice)],
    }


def _option(option: Option, advice: Advice) -> dict[str, Any]:
    trial = option.trial
    return {
        "name": option.name,
        "model": option.model,
        "scope": option.scope or None,
        "template": option.template or None,
        "tried_with": option.tried_with or None,
        "passed_over": [{"template": one.template, "because": one.because} for one in option.passed_over],
        "summary": option.summary,
        "possible": option.possible,
        "points": option.points,
        "goals": {goal: option.serves(goal) for goal in advice.goals},
        "roles": {role: {"people": n, "places": option.facts.places[role]} for role, n in option.facts.by_role.items()},
        "line": _line(option.line) if option.line else None,
        "other_line": _line(option.other_line) if option.other_line else None,
        "trial": _trial(trial),
        "gates": [{"name": one.name, "says": one.says, "blocks": one.blocks} for one in option.fit.gates],
        "modifiers": [{"points": one.points, "because": one.because} for one in option.fit.modifiers],
        "reasons": list(option.fit.reasons),
        "lacks": [_lack(one) for one in option.fit.lacks],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "served": trial.served,
        "placed": trial.placed,
        "relationships": trial.relationships,
        "mean_score": trial.score,
        "because": trial.because or None,
        "stopped": trial.stopped,
        "refused": trial.refused or None,
        "at_once": trial.at_once,
    }


def _line(line: Line) -> dict[str, Any]:
    roles = {role: {**conditions, "people": line.people[role]} for role, conditions in line.roles.items()}
    return {"roles": roles, "trial": _trial(line.trial)}


def _lack(lack: Lack) -> dict[str, str]:
    return {"what": lack.what, "why": lack.why, "ask": lack.whom}
