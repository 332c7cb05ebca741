"""From fits and trials to a ranking: goals by their weights, modifiers, gates that hold for every model, blends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from mentorkit.core.advising.advice import Advice, Option, Trial
from mentorkit.core.contracts import Blend, Fit, Gate, MentoringModel, Modifier, Role, RosterFacts
from mentorkit.core.contracts.fits import MOST

_LEFT_OVER = 2.0
"""Points that a model loses which places nobody; one that places half of the people loses half of them."""


def option_of(
    model: MentoringModel,
    goals: Mapping[str, float],
    fit: Fit,
    facts: RosterFacts,
    trial: Trial,
    *,
    roles: Sequence[Role],
    fewest: int = 0,
    template: str = "",
) -> Option:
    """Return a model as an option: with the gates and modifiers that hold for every model.

    Args:
        model: it.
        goals: with their weights.
        fit: what the model says of itself.
        facts: counted in the model's roles.
        trial: what a matching on trial came to.
        roles: its roles under its usual options.
        fewest: the smallest roster that its template makes sense for.
        template: the default template's name, where it is installed.
    """
    gates = (*_nobody(facts, roles, trial), *_too_few(facts, fewest), *fit.gates)
    modifiers = (*fit.modifiers, *_left_over(trial))
    fit = evolve(fit, gates=gates, modifiers=modifiers)
    return _weighed(
        Option(model.name, model.summary, template, fit, facts, trial, 0.0, 0.0, tried_with=template), goals
    )


def scoped(option: Option, scope: str, fit: Fit, goals: Mapping[str, float], trial: Trial) -> Option:
    """Return an option within a scope: of goals the mean of both, of everything else what either says."""
    inner = option.fit
    both = Fit(
        score=(inner.score + fit.score) / 2,
        reasons=(*fit.reasons, *inner.reasons),
        goals={goal: (_served(inner, goal) + _served(fit, goal)) / 2 for goal in goals},
        gates=(*fit.gates, *inner.gates),
        modifiers=(*(one for one in inner.modifiers if one not in _left_over(option.trial)), *fit.modifiers),
        lacks=tuple(dict.fromkeys((*fit.lacks, *inner.lacks))),
        blends=inner.blends,
    )
    both = evolve(both, modifiers=(*both.modifiers, *_left_over(trial)))
    return _weighed(evolve(option, scope=scope, fit=both, trial=trial, other_line=None), goals)


def modified(option: Option, modifier: Modifier, goals: Mapping[str, float]) -> Option:
    """Return an option with one more reason for or against it."""
    fit = evolve(option.fit, modifiers=(*option.fit.modifiers, modifier))
    return _weighed(evolve(option, fit=fit), goals)


def _weighed(option: Option, goals: Mapping[str, float]) -> Option:
    total = sum(goals.values())
    served = sum(weight * _served(option.fit, goal) for goal, weight in goals.items()) / total if total else 0.0
    points = served + sum(one.points for one in option.fit.modifiers)
    return evolve(option, served=round(served, 2), points=round(points, 2))


def _served(fit: Fit, goal: str) -> float:
    return fit.goals.get(goal, MOST * fit.score)


def _nobody(facts: RosterFacts, roles: Sequence[Role], trial: Trial) -> Iterable[Gate]:
    empty = [role.name for role in roles if not facts.by_role.get(role.name)]
    if empty and facts.people:
        says = trial.refused or f"nobody takes part as {' or '.join(empty)}"
        yield Gate("roles", says)
    elif trial.refused:
        yield Gate("trial", trial.refused)
    elif not trial.placed and not trial.stopped:
        yield Gate("trial", f"nobody can be placed: {trial.because}" if trial.because else "nobody can be placed")


def _too_few(facts: RosterFacts, fewest: int) -> Iterable[Gate]:
    if facts.people < fewest:
        yield Gate("people", f"its template needs {fewest:,} people, and there are {facts.people:,}")


def _left_over(trial: Trial) -> tuple[Modifier, ...]:
    left = trial.served - trial.placed
    if trial.refused or not left:
        return ()
    points = round(-_LEFT_OVER * left / trial.served, 1)
    people = "person stays" if trial.served == 1 else "people stay"
    when = " if all ask at once" if trial.at_once else ""
    return (Modifier(points, f"{left:,} of {trial.served:,} {people} without anybody{when}"),) if points else ()


def advise(
    goals: Mapping[str, float],
    options: Iterable[Option],
    *,
    people: int,
    columns: Mapping[str, float],
    weeks: int | None = None,
    hours: float | None = None,
) -> Advice:
    """Return the options in the order in which they are advised; equal ones by whom they place, then by name."""
    ranked = tuple(sorted(options, key=_place))
    advice = Advice(goals, ranked, (), weeks, hours, people, columns)
    return evolve(advice, blends=tuple(_blends(advice)))


def _place(option: Option) -> tuple[bool, bool, float, float, str]:
    return not option.possible, bool(option.trial.refused), -option.points, -option.trial.share, option.name


def _blends(advice: Advice) -> Iterable[Blend]:
    """Yield what goes well with the best option: what it says, what others say of it, who takes its overflow."""
    best = advice.best
    if best is None:
        return
    others = {one.name: one for one in advice.options if one.name != best.name and _can_help(one)}
    said = [blend for blend in best.fit.blends if blend.model in others]
    said += [
        Blend(name, blend.how) for name, one in others.items() for blend in one.fit.blends if blend.model == best.model
    ]
    left = best.trial.served - best.trial.placed
    taking = [one for one in others.values() if one.trial.placed > best.trial.placed]
    if left and taking and taking[0].name not in {blend.model for blend in said}:
        said.append(
            Blend(
                taking[0].name, f"for the {left:,} {'person' if left == 1 else 'people'} whom {best.name} leaves over"
            )
        )
    told: set[str] = set()
    for blend in said:
        if blend.model not in told:
            told.add(blend.model)
            yield blend


def _can_help(option: Option) -> bool:
    """Return whether an option could run beside another one: too few places for everybody is no obstacle then."""
    hindering = [gate for gate in option.fit.gates if gate.blocks and gate.name != "places"]
    return not hindering and option.trial.placed > 0 and option.served > 0
