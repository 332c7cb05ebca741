"""Chooses the template that a program begins with: of a model's templates, the one that is most for the goals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from attrs import evolve, frozen

from mentorkit.core.advising import PassedOver
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.errors import ProgramError
from mentorkit.core.proposing import TakingPart
from mentorkit.loading.template_contents import TemplateContents, read_contents
from mentorkit.loading.templates import show_template
from mentorkit.starting.beginning import checked, extending
from mentorkit.starting.first_program import Start


@frozen
class Having:
    """What a roster has, as templates require it.

    Attributes:
        columns: ours, and those of theirs that are called as a template might call them.
        people: how many there are.
    """

    columns: Collection[str]
    people: int


def contents_of_all(catalogue: Catalogue) -> Mapping[str, TemplateContents]:
    """Return what each installed template brings, by name: read once, however many programs are to choose of them."""
    return {name: read_contents(name, catalogue) for name in catalogue.templates}


def choose_template(
    start: Start,
    goals: Mapping[str, float],
    having: Having,
    catalogue: Catalogue,
    contents: Mapping[str, TemplateContents],
) -> tuple[str, tuple[PassedOver, ...]]:
    """Return the template that is most for the goals and passes `check`, and those that would be more for them.

    Equally good ones: the model's default, then the one that names such a goal earlier, then by name. A template that
    is for none of the goals is nobody's choice but as the default, which is taken unchecked: where it is all there is,
    whoever writes the program is told what is wrong. "" where there is none.

    Args:
        start: the program without a template.
        goals: with their weights.
        having: what the roster has.
        catalogue: with the templates that are installed.
        contents: what each of them brings.
    """
    usual = default_template(start.model, catalogue)
    passed: list[PassedOver] = []
    for name in _best_first(start, goals, usual, contents):
        if name == usual:
            break
        because = _lacking(name, having, catalogue) or _refused(beginning_with(start, name, having.columns, catalogue))
        if not because:
            return name, tuple(passed)
        passed.append(PassedOver(name, because))
    return usual, tuple(passed)


def default_template(model: str, catalogue: Catalogue) -> str:
    """Return the name of a model's own template, "" where it is not installed."""
    usual = catalogue.models[model].implementation.template
    return usual if usual in catalogue.templates else ""


def beginning_with(start: Start, template: str, columns: Collection[str], catalogue: Catalogue) -> Start:
    """Return a start that extends a template, which may say itself who takes part, perhaps in other roles."""
    if not template:
        return start
    if read_contents(template, catalogue).roles:
        start = evolve(start, taking_part=TakingPart())
    fills_in = template == default_template(start.model, catalogue)
    return evolve(start, extends=extending(template, catalogue, columns if fills_in else None))


def made_for(contents: TemplateContents, model: str, scope: str) -> bool:
    """Return whether a template names a model, and the scope around it if any, by itself."""
    return (contents.model, contents.inner) == ((scope, model) if scope else (model, ""))


def _best_first(
    start: Start, goals: Mapping[str, float], usual: str, contents: Mapping[str, TemplateContents]
) -> Iterator[str]:
    """Yield the templates of the model, or of the scope around it, for some of the goals, and the usual one."""
    ranks = {}
    for name, brought in contents.items():
        if not made_for(brought, start.model, start.scope) and name != usual:
            continue
        places = [at for at, goal in enumerate(brought.declared_goals) if goal in goals]
        covered = sum(goals[brought.declared_goals[at]] for at in places)
        if covered or name == usual:
            ranks[name] = (-covered, name != usual, min(places, default=0), name)
    yield from sorted(ranks, key=lambda name: ranks[name])


def _lacking(template: str, having: Having, catalogue: Catalogue) -> str:
    """Return what the roster lacks that a template requires, "" for nothing."""
    requires = show_template(template, catalogue).requires
    lacking = [column for column in requires.columns if column not in having.columns]
    if lacking:
        return f"the roster has no {' and no '.join(lacking)}"
    if having.people < requires.people:
        return f"it needs {requires.people:,} people, and there are {having.people:,}"
    return ""


def _refused(start: Start) -> str:
    """Return what `check` finds wrong with a program, or whom it waits for, "" for nothing.

    A program that takes people in later may begin with an empty role; to be advised on these people, it may not.
    """
    try:
        _, found = checked(start)
    except ProgramError as problem:
        return next(one.message for one in problem.diagnostics if one.is_error)
    return next((one.message for one in found if one.code == "role-empty"), "")
