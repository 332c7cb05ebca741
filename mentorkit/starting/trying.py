"""Tries models on a roster: reads it as a program with that model would, counts, asks the model, matches.

Nothing is written but a program file in a folder that is gone afterwards: what is tried is what anybody would get who
wrote that file.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from mentorkit.core.advising import Advice, Line, Option, Trial, advise, facts_of, modified, option_of, scoped
from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Catalogue, Offer
from mentorkit.core.contracts import Fit, Lack, MentoringModel, Modifier, Role, RosterFacts, SuitedScope
from mentorkit.core.contracts.fits import places_told
from mentorkit.core.counted import has_score
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import MatchingOutcome, match
from mentorkit.core.problems import Effort
from mentorkit.core.program import Program
from mentorkit.core.proposing import Proposal, Sheet, taking_part
from mentorkit.core.roster import Roster
from mentorkit.core.variants import ModelInUse, model_in_use
from mentorkit.loading.loader import load_program
from mentorkit.loading.template_contents import TemplateContents
from mentorkit.loading.templates import show_template
from mentorkit.roster_files import read_roster
from mentorkit.starting.choosing import Having, choose_template, contents_of_all, default_template, made_for
from mentorkit.starting.first_program import Start, program_text
from mentorkit.starting.level_lines import levels_told, lines_beside
from mentorkit.starting.sheets import Source

_OF_ONE_MODEL = {"roles-undecided", "role-empty", "requires-people"}
"""What may be wrong with a roster for one model and right for another: a gate, no error."""

_MOSTLY_TAKEN = 0.8
"""From this share of places on, it is their number that keeps people from being placed."""

_MADE_FOR = 1.0
"""Points of a model within a scope that serves the goals no worse than alone, and has a template made for just that."""

_LINES = 2
"""How many other lines between levels are tried; the first that head counts leave open is nearly always the one."""

_PEOPLE_SAY = ("skills", "wants", "languages")


@frozen
class Question:
    """What somebody wants to know.

    Attributes:
        goals: with their weights.
        weeks: how long the program may take; None: as long as it needs.
        hours: hours a month of each mentor; None: nobody said.
        on: the day as of which the roster is read and matched.
        effort: what each matching on trial may spend; asked for anew before each.
    """

    goals: Mapping[str, float]
    sources: tuple[Source, ...]
    sheet: Sheet
    proposal: Proposal
    on: date
    effort: Callable[[], Effort]
    weeks: int | None = None
    hours: float | None = None
    sponsor: str = ""


@frozen
class _Tried:
    """A roster as a model reads it, and what a matching came to."""

    facts: RosterFacts
    roles: tuple[Role, ...]
    trial: Trial
    lacks: tuple[Lack, ...] = ()
    line: Line | None = None


def usual(offer: Offer[MentoringModel]) -> ModelInUse:
    """Return a model under its usual options."""
    options = offer.implementation.options
    return model_in_use(offer, options() if options is not None else None)


def first_start(question: Question, offer: Offer[MentoringModel], scope: str = "") -> Start:
    """Return the program that tries a model, and that a program with it begins with."""
    part = taking_part(usual(offer), question.sheet, question.proposal, {one.role for one in question.sources} - {""})
    return Start(
        name="Trial",
        starts=question.on,
        model=offer.implementation.name,
        scope=scope,
        sources=question.sources,
        goals=tuple(question.goals),
        recipes=question.proposal.recipes(),
        taking_part=part,
        because=f"{offer.implementation.name}: {offer.implementation.summary}",
    )


def columns_of(question: Question) -> frozenset[str]:
    """Return the columns that the roster has: ours, and those that keep a name of their own."""
    return frozenset({*question.proposal.guesses, *filter(None, question.sheet.headers)})


def ask(question: Question, catalogue: Catalogue) -> Advice:
    """Return the advice: every installed model, and every scope around each, tried on these people.

    Raises:
        ProgramError: the roster cannot be read, whatever the model.
        PluginError: a model is broken.
    """
    with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
        asking = _Asking(question, catalogue, Path(folder))
        options = [*asking.models()]
        options += asking.scopes(options)
        facts = max((option.facts for option in options), key=lambda one: one.people)
        alone = {option.model: option.served for option in options if not option.scope}
        options = [asking.with_template(one, facts.people, alone) if one.possible else one for one in options]
        return advise(
            question.goals,
            options,
            people=facts.people,
            columns=facts.filled,
            weeks=question.weeks,
            hours=question.hours,
        )


class _Asking:
    """One round of questions to all models; nothing of it outlives it."""

    def __init__(self, question: Question, catalogue: Catalogue, folder: Path) -> None:
        self.question, self.catalogue, self.folder = question, catalogue, folder

    @cached_property
    def contents(self) -> Mapping[str, TemplateContents]:
        """What each installed template brings, by name."""
        return contents_of_all(self.catalogue)

    def models(self) -> Iterator[Option]:
        """Yield every model as an option."""
        for name, offer in self.catalogue.models.items():
            tried = self.tried(offer)
            fit = self.fit(offer, offer.implementation, f'the model "{name}"', tried.facts)
            fit = evolve(fit, lacks=_once((*fit.lacks, *tried.lacks)))
            known = default_template(name, self.catalogue)
            fewest = show_template(known, self.catalogue).requires.people if known else 0
            option = option_of(
                offer.implementation,
                self.question.goals,
                fit,
                tried.facts,
                tried.trial,
                roles=tried.roles,
                fewest=fewest,
                template=known,
            )
            yield evolve(option, line=tried.line, other_line=self.other_line(offer, tried) if fit.blocked else None)

    def scopes(self, options: list[Option]) -> Iterator[Option]:
        """Yield every scope that has a say around every model; around one alone where the roster has no members."""
        best = sorted(options, key=lambda one: (not one.possible, -one.points, one.name))
        for name, offer in self.catalogue.scopes.items():
            scope: Any = offer.implementation
            if not isinstance(scope, SuitedScope):
                continue
            for option in best:
                fit = self.fit(offer, scope, f'the scope "{name}"', option.facts)
                trial = Trial(refused="nobody belongs to it") if fit.blocked else self.tried_within(name, option)
                within = scoped(option, name, fit, self.question.goals, trial)
                yield evolve(within, summary=f"{option.summary}; {name}: {offer.implementation.summary}")
                if fit.blocked:
                    break

    def with_template(self, option: Option, people: int, alone: Mapping[str, float]) -> Option:
        """Return an option with the template that is most for the goals; `alone` says how a model serves them."""
        question, offer = self.question, self.catalogue.models[option.model]
        start = evolve(first_start(question, offer, option.scope), weeks=question.weeks, sponsor=question.sponsor)
        having = Having(columns_of(question), people)
        template, passed_over = choose_template(start, question.goals, having, self.catalogue, self.contents)
        option = evolve(option, template=template, passed_over=passed_over)
        own = bool(option.scope and template) and made_for(self.contents[template], option.model, option.scope)
        if own and option.served >= alone.get(option.model, 0.0):
            because = f"{template} is made for it: its words know whom it is for"
            return modified(option, Modifier(_MADE_FOR, because), question.goals)
        return option

    def fit(self, offer: Offer[Any], asked: Any, what: str, facts: RosterFacts) -> Fit:
        """Return what a model or scope says of itself."""
        with blaming(offer.origin, what):
            found = asked.fit(tuple(self.question.goals), facts)
        return expected(found, Fit, offer.origin, what)

    def tried_within(self, scope: str, option: Option) -> Trial:
        """Return what a matching within a scope comes to."""
        if option.trial.refused:
            return option.trial
        return self.tried(self.catalogue.models[option.model], scope).trial

    def other_line(self, offer: Offer[MentoringModel], tried: _Tried) -> Line | None:
        """Return the line between roles next to the usual one with which the model fits; None where none does.

        Which lines may do is told from head counts alone, so that few rosters are read and matched.
        """
        found, looked_at = None, 0
        for line in lines_beside(usual(offer), self.question.sheet, self.question.proposal, tried.facts):
            likely = self.fit(offer, offer.implementation, f'the model "{offer.implementation.name}"', line.facts)
            if found or likely.blocked or looked_at >= _LINES:
                continue
            looked_at += 1
            again = self.tried(offer, division=line.roles)
            fit = self.fit(offer, offer.implementation, f'the model "{offer.implementation.name}"', again.facts)
            found = again.line if not fit.blocked and again.trial.placed else None
        return found

    def tried(
        self, offer: Offer[MentoringModel], scope: str = "", division: Mapping[str, Mapping[str, object]] | None = None
    ) -> _Tried:
        """Return the roster as a model reads it, matched on trial where that can be done.

        Raises:
            ProgramError: the program or the roster is wrong for any model.
        """
        start = first_start(self.question, offer, scope)
        if division:
            start = evolve(start, taking_part=evolve(start.taking_part, roles=division, division=division))
        refused, asks = start.taking_part.refused, start.taking_part.asks
        if refused:  # read as a model does that everybody takes part in, with its roles, too
            start = first_start(self.question, self.catalogue.models[self.any_model()], scope)
        file = self.folder / f"{start.model}.toml"
        file.write_text(program_text(start, None), encoding="utf-8")
        loaded = load_program(file, self.catalogue)
        program = loaded.program or loaded.partial
        if program is None:
            raise ProgramError(loaded.diagnostics)
        reading = read_roster(program, self.catalogue, today=self.question.on, matched=True)
        if wrong := [one for one in errors_in(reading.diagnostics) if one.code not in _OF_ONE_MODEL]:
            raise ProgramError(wrong)
        roles = usual(offer).roles
        facts = facts_of(
            reading.roster,
            roles,
            self.question.on,
            weeks=self.question.weeks,
            hours=self.question.hours,
            sponsor=bool(self.question.sponsor),
        )
        if refused:
            return _Tried(facts, roles, Trial(refused=refused), (Lack(asks, refused),))
        trial = self.matched(program, reading.roster, facts, roles)
        drawn, order = start.taking_part.division, self.level_order
        told = {role: levels_told(conditions, order) for role, conditions in drawn.items()}
        line = Line(drawn, told, facts.by_role, trial) if drawn else None
        return _Tried(facts, roles, trial, tuple(_left_out(program, facts)), line)

    @property
    def level_order(self) -> Sequence[str]:
        """The grades from the lowest to the highest, where they are texts."""
        guess = self.question.proposal.guesses.get("level")
        return guess.order if guess else ()

    def any_model(self) -> str:
        """Return a model that everybody takes part in, to read the roster of one that nobody does."""
        single = [name for name, offer in self.catalogue.models.items() if len(usual(offer).roles) == 1]
        return single[0] if single else next(iter(self.catalogue.models))

    def matched(self, program: Program, roster: Roster, facts: RosterFacts, roles: tuple[Role, ...]) -> Trial:
        """Return what a matching comes to."""
        empty = [role.name for role in roles if not roster.in_role(role.name)]
        if empty:
            return Trial(refused=f"nobody takes part as {' or '.join(empty)}")
        effort = self.question.effort()
        try:
            outcome = match(program, roster, self.catalogue, History(), on=self.question.on, effort=effort)
        except ProgramError as problem:
            return Trial(refused=_first(problem.diagnostics))
        trial = _came_to(outcome, facts, roles, within=program.model.scope is not None, stopped=effort.over())
        return evolve(trial, at_once=program.model.request_days is not None)


def _came_to(
    outcome: MatchingOutcome, facts: RosterFacts, roles: tuple[Role, ...], *, within: bool, stopped: bool
) -> Trial:
    """Return what a matching came to; `within` a scope it is only meant to place those whom the scope keeps."""
    served = {role.name for role in roles if role.served}
    matching = outcome.matching
    placed = {(m.person, m.role) for one in matching.relationships for m in one.members if m.role in served}
    wanted = placed | (_posed(outcome, served) if within else {(one.person, one.role) for one in matching.unmatched})
    scores = [one.score for one in matching.relationships if has_score(one, roles)]
    return Trial(
        served=len(wanted),
        placed=len(placed),
        relationships=len(matching.relationships),
        score=round(sum(scores) / len(scores), 1) if scores else None,
        because=_because(outcome, facts, roles) if len(placed) < len(wanted) else "",
        stopped=stopped,
    )


def _posed(outcome: MatchingOutcome, served: set[str]) -> set[tuple[str, str]]:
    """Return who was to be placed in the problems that were posed, with their roles."""
    problems = [one.problem for one in outcome.posing.occasions] if outcome.posing else []
    seatings = [one for problem in problems for one in problem.seatings.values() if one.role in served]
    return {(person, one.role) for one in seatings for person in one.people}


def _shapes(outcome: MatchingOutcome) -> set[str]:
    """Return which kinds of problem were posed."""
    return {one.problem.shape for one in outcome.posing.occasions} if outcome.posing else set()


def _because(outcome: MatchingOutcome, facts: RosterFacts, roles: tuple[Role, ...]) -> str:
    """Return why not everybody is placed: all places are taken, or what stands in the way of most."""
    offering = [role.name for role in roles if not role.served]
    reasons = Counter(one.reasons[0] for one in outcome.matching.unmatched if one.reasons)
    rules = Counter(reason.rule for reason in reasons.elements())
    if not rules:
        return ""
    (rule, people), *_ = rules.most_common(1)
    taken = sum(member.role in offering for one in outcome.matching.relationships for member in one.members)
    if offering and taken >= _MOSTLY_TAKEN * sum(facts.places.get(role, 0) for role in offering):
        if "groups" in _shapes(outcome):  # a place of theirs is a group there, and not one person
            number = len(outcome.matching.relationships)
            return f"{number:,} {'group is' if number == 1 else 'groups are'} full, and nobody is left to lead another"
        return " and ".join(places_told(facts, role) for role in offering)
    if rule == "capacity":
        return "those whom they may have are taken by then"
    told = next(str(reason) for reason in reasons if reason.rule == rule)
    return f"{told.partition(' rules out')[0]} stands in the way of {people:,}" if "rules out" in told else told


def _first(diagnostics: tuple[Diagnostic, ...]) -> str:
    return next((one.message for one in diagnostics if one.is_error), "it cannot be matched")


def _left_out(program: Program, facts: RosterFacts) -> Iterator[Lack]:
    """Yield the columns that the template's criteria compare and nobody's cell says anything of."""
    for use in program.matching.criteria:
        for column in dict.fromkeys((use.left, use.right)):
            if column and not facts.has(column):
                whom = "the people, as they sign up" if column in _PEOPLE_SAY else "HR"
                yield Lack(column, f'the criterion "{use.name}" counts {use.weight:g} of its points', whom)


def _once(lacks: tuple[Lack, ...]) -> tuple[Lack, ...]:
    """Return the first thing said of each."""
    told: dict[str, Lack] = {}
    for one in lacks:
        told.setdefault(one.what, one)
    return tuple(told.values())
