"""The model, the matcher, and the criteria and rules of a program."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import PursuesObjectives
from mentorkit.core.declaring.declarations import CriterionTable, MatchingTable, ModelTable, RuleTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import keys_of
from mentorkit.core.diagnostics import listed
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Carried, CriterionUse, MatchingUse, ModelUse, RuleUse, Use
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.objectives import refusals
from mentorkit.core.resolving.people import check_role
from mentorkit.core.resolving.plugins import find, fitting, options_of, refuse_reserved
from mentorkit.core.resolving.promises import asking_of, request_days_of
from mentorkit.core.variants import ModelInUse, model_in_use, rounds_of

INNER_MODEL = "peer"
"""What a scope narrows where the program names no inner model."""

_SIDES = ("mentee", "mentor")


@frozen
class Setting:
    """What everything about matching is resolved with."""

    catalogue: Catalogue
    files: ProgramFiles
    problems: Problems
    roles: tuple[str, ...] = ()
    sides: tuple[str, str] = _SIDES
    """The words for who wants and who offers: the model's own where it has one role on each side."""


def resolve_model(table: ModelTable, setting: Setting) -> tuple[ModelUse, ModelInUse] | None:
    """Return the model in use, with what it narrows where it is a scope; None where it is unknown."""
    catalogue, problems = setting.catalogue, setting.problems
    if table.use not in catalogue.scopes:
        if table.inner is not None:
            told = f'"{table.use}" is no scope: it narrows no other model'
            problems.error(("model", "inner"), "inner-without-scope", told, "leave [model.inner] out")
        model = find(catalogue.models, "model", table.use, ("model", "use"), problems, catalogue.scopes)
        use = Use(table.use, _options(model, table.options, ("model", "options"), setting))
        return None if model is None else _in_use(use, None, setting)
    scope = catalogue.scopes[table.use].implementation
    narrowing = Use(table.use, _options(scope, table.options, ("model", "options"), setting))
    inner = table.inner.use if table.inner else INNER_MODEL
    model = find(catalogue.models, "model", inner, ("model", "inner", "use"), problems)
    raw = table.inner.options if table.inner else {}
    use = Use(inner, _options(model, raw, ("model", "inner", "options"), setting))
    return None if model is None else _in_use(use, narrowing, setting)


def _in_use(use: Use, scope: Use | None, setting: Setting) -> tuple[ModelUse, ModelInUse]:
    offer = setting.catalogue.models[use.name]
    model = model_in_use(offer, use.options)
    asking, days = asking_of(offer, use.options, model), request_days_of(offer, use.options, model)
    return ModelUse(use, scope, model.roles, asking=asking, request_days=days), model


def resolve_rounds(use: ModelUse, table: MatchingTable, starts: date, ends: date, setting: Setting) -> ModelUse:
    """Return the model in use with its rounds in a program with this first and last day."""
    rounds = rounds_of(setting.catalogue.models[use.use.name], use.use.options, starts, ends)
    said = {"intake": table.intake is not None, "rematch": table.rematch != "nobody"}
    for key in (one for one, is_said in said.items() if rounds and is_said):
        told = f'the model "{use.use.name}" matches in {len(rounds)} rounds: {key} is for models that match once'
        hint = "leave it out: each round takes in whoever has joined by then"
        setting.problems.error(("matching", key), "rounds-and-intakes", told, hint)
    return evolve(use, rounds=rounds)


def _options(plugin: Any, raw: Mapping[str, Any], path: Path, setting: Setting) -> Any:
    return None if plugin is None else options_of(plugin, raw, path, setting.files, setting.problems)


def resolve_matching(table: MatchingTable, model: ModelInUse, setting: Setting) -> MatchingUse:
    """Return how people are matched."""
    setting = evolve(setting, roles=tuple(role.name for role in model.roles), sides=_sides_of(model))
    criteria = (_criterion(name, raw, setting) for name, raw in table.criteria.items())
    rules = (_rule(name, raw, setting) for name, raw in table.rules.items())
    return MatchingUse(
        matcher=(matcher := _matcher(table, model, setting)),
        objective=_objective(table, matcher, setting),
        publish=table.publish,
        intake=table.intake,
        rematch=table.rematch,
        carried=_carried(table, setting),
        audit=tuple(dict.fromkeys(table.audit)),
        criteria=tuple(one for one in criteria if one),
        rules=tuple(one for one in rules if one),
    )


def _carried(table: MatchingTable, setting: Setting) -> tuple[Carried, ...]:
    """Return who waits since an earlier program."""
    if not table.waiting:
        return ()
    path: Path = ("matching", "waiting")
    try:
        found = setting.files.waiting(path, table.waiting)
    except ProgramError as problem:
        setting.problems.placed(problem)
        return ()
    known = list(dict.fromkeys(one.role for one in found))
    ours = {role for role in known if check_role(role, setting.roles, path, setting.problems)}
    return tuple(one for one in found if one.role in ours)


def _sides_of(model: ModelInUse) -> tuple[str, str]:
    wanting, offering = ([role.name for role in model.roles if role.side == side] for side in _SIDES)
    return (wanting[0], offering[0]) if len(wanting) == len(offering) == 1 else _SIDES


def _objective(table: MatchingTable, use: Use, setting: Setting) -> tuple[str, ...]:
    path, names = ("matching", "objective"), table.objective
    offer = setting.catalogue.matchers.get(use.name)
    matcher = offer.implementation if offer else None
    for one in refusals(names, use.name, matcher):
        setting.problems.error(path, one.code, one.message, one.help)
    if isinstance(matcher, PursuesObjectives) and "fewest-changes" in names and table.rematch != "everyone":
        told = '"fewest-changes" changes nothing unless everybody is matched anew'
        setting.problems.note(path, "objective-idle", told, 'it is for rematch = "everyone"')
    return names


def _matcher(table: MatchingTable, model: ModelInUse, setting: Setting) -> Use:
    name = table.use or model.matcher
    path: Path = ("matching", "use")
    matcher = find(setting.catalogue.matchers, "matcher", name, path, setting.problems)
    if matcher is None:
        return Use(name)
    if model.shape not in matcher.shapes:
        able = [one for one, offer in setting.catalogue.matchers.items() if model.shape in offer.implementation.shapes]
        told = f'the matcher "{name}" cannot solve the problems of "{model.name}" (shape {model.shape})'
        hint = f"use {listed(able)}" if able else f"no matcher for {model.shape} is installed"
        setting.problems.error(path, "matcher-shape", told, hint)
    return Use(name, _options(matcher, table.options, ("matching", "options"), setting))


def _split(raw: Mapping[str, Any], known: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    ours = {key: value for key, value in raw.items() if key in known}
    return ours, {key: value for key, value in raw.items() if key not in known}


def _criterion(name: str, raw: Mapping[str, Any], setting: Setting) -> CriterionUse | None:
    path: Path = ("matching", "criteria", name)
    sides = tuple(dict.fromkeys((*_SIDES, *setting.roles)))
    known = (*keys_of(CriterionTable), *sides)
    ours, rest = _split(raw, known)
    columns, ours = _split(ours, keys_of(CriterionTable))[::-1]
    table = fitting(CriterionTable, ours, path, setting.problems, known)
    kind = table.kind or name
    where = (*path, "kind") if "kind" in raw else path
    if raw.get("kind", "") != table.kind:
        return None  # told already; its name says nothing about what it was meant to be
    criterion = find(setting.catalogue.criteria, "criterion", kind, where, setting.problems)
    if criterion is None:
        return None
    refuse_reserved(setting.catalogue.criteria[kind], "criterion", known)
    between = _between(table.between, path, setting)
    words = _SIDES if set(_SIDES) & set(columns) else between or setting.sides
    read = _columns(table.column, columns, words, path, setting.problems)
    options = options_of(criterion, rest, path, setting.files, setting.problems, known)
    return CriterionUse(
        name=name,
        kind=kind,
        weight=table.weight,
        left=read[0],
        right=read[1],
        between=between,
        only_if=table.only_if,
        options=options,
        optional=not setting.files.said_by_program(path),
    )


def _between(words: tuple[str, ...], path: Path, setting: Setting) -> tuple[str, str] | None:
    if not words:
        return None
    where = (*path, "between")
    if len(words) != 2:
        told = f"between names two roles, not {len(words)}"
        setting.problems.error(where, "wrong-value", told, f"the model has {listed(setting.roles)}")
        return None
    known = [check_role(role, setting.roles, (*where, index), setting.problems) for index, role in enumerate(words)]
    return (words[0], words[1]) if all(known) else None


def _columns(
    column: str, sides: Mapping[str, Any], words: tuple[str, str], path: Path, problems: Problems
) -> tuple[str, str]:
    for key, value in sides.items():
        if not isinstance(value, str) or not value:
            problems.error((*path, key), "wrong-type", f'"{key}" must name a column')
    if column and sides:
        told = "a criterion names either one column for both sides, or one for each"
        problems.error(path, "criterion-columns", told, f"keep column, or {listed(sides)}")
    if column:
        return column, column
    wanting, offering = words
    for key in sorted(set(sides) - {wanting, offering}):
        told = f'"{key}" is not among the two roles that this criterion compares'
        problems.error((*path, key), "criterion-columns", told, f"name {wanting} and {offering}, or set between")
    if wanting not in sides or offering not in sides:
        told = "the criterion does not say which columns it compares"
        problems.error(path, "criterion-columns", told, f'add column = "…", or {wanting} = "…" and {offering} = "…"')
        return "", ""
    return str(sides[wanting]), str(sides[offering])


def _rule(name: str, raw: Mapping[str, Any], setting: Setting) -> RuleUse | None:
    path: Path = ("matching", "rules", name)
    known = keys_of(RuleTable)
    ours, rest = _split(raw, known)
    table = fitting(RuleTable, ours, path, setting.problems, known)
    kind = table.kind or name
    where = (*path, "kind") if "kind" in raw else path
    if raw.get("kind", "") != table.kind:
        return None  # likewise
    rule = find(setting.catalogue.rules, "rule", kind, where, setting.problems)
    if rule is None:
        return None
    refuse_reserved(setting.catalogue.rules[kind], "rule", known)
    return RuleUse(
        name=name,
        kind=kind,
        options=options_of(rule, rest, path, setting.files, setting.problems, known),
        between=_between(table.between, path, setting),
        if_missing=table.if_missing,
        optional=not setting.files.said_by_program(path),
    )
