"""The questions of `mentorkit init` about the program: model, template, time zone, rules, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from attrs import evolve, frozen

from mentorkit.command_line.init_answers import Interview
from mentorkit.core.advising import Advice
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import suggestion
from mentorkit.core.errors import RefusedError
from mentorkit.core.zones import known_zones
from mentorkit.loading.template_contents import read_contents
from mentorkit.loading.templates import list_templates
from mentorkit.presenting.advice import headline
from mentorkit.starting.choosing import Having, choose_template, contents_of_all, default_template, made_for
from mentorkit.starting.trying import Question, ask, columns_of, first_start

_RULES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "other-department": ("Only match people of different departments?", {"kind": "different", "column": "department"}),
    "shared-language": ("Only match people who speak a common language?", {}),
}


@frozen
class Chosen:
    """A model, the scope around it or "", and the template that is most for the goals, "" where there is none."""

    model: str
    scope: str
    template: str


def ask_model(asked: Interview, question: Question, catalogue: Catalogue) -> Chosen:
    """Return the model and the scope around it, as they were said, as a template names them, or as advised.

    Raises:
        click.UsageError: there is none of the name that was said.
        RefusedError: none was said, nobody can be asked, and no model fits.
    """
    told, scope = asked.said("model"), asked.said("scope")
    if told in catalogue.scopes and not scope:
        told, scope = None, told
    if told is None and asked.said("template"):
        told, within = _model_of(asked.said("template"), catalogue)
        scope = scope or within
    for kind, name, known in (("model", told, catalogue.models), ("scope", scope, catalogue.scopes)):
        if name and name not in known:
            raise click.UsageError(f'no {kind} is called "{name}"; {suggestion(name, known) or ", ".join(known)}')
    if told is None:
        advice = ask(question, catalogue)
        click.echo(headline(advice), err=not asked.terminal)
        told, scope = _advised(asked, advice, catalogue, scope)
    return Chosen(told, scope, _for_the_goals(question, catalogue, told, scope, quiet=asked.said("template")))


def _model_of(template: str, catalogue: Catalogue) -> tuple[str | None, str]:
    """Return the model that a template is for, None where it is for any, and the scope around it, or ""."""
    if template not in catalogue.templates:
        raise click.UsageError(_no_template(template, catalogue))
    contents = read_contents(template, catalogue)
    if contents.model in catalogue.scopes:
        return contents.inner or None, contents.model
    own = (name for name, offer in catalogue.models.items() if offer.implementation.template == template)
    return contents.model or next(own, None), ""


def _for_the_goals(question: Question, catalogue: Catalogue, model: str, scope: str, *, quiet: bool) -> str:
    start = evolve(first_start(question, catalogue.models[model], scope), weeks=question.weeks)
    having = Having(columns_of(question), len(question.sheet.rows))
    if quiet or start.taking_part.refused:
        return default_template(model, catalogue)
    template, passed_over = choose_template(start, question.goals, having, catalogue, contents_of_all(catalogue))
    for one in passed_over:
        click.echo(f"Template {template or 'none'}, not {one.template}: {one.because}", err=True)
    return template


def _advised(asked: Interview, advice: Advice, catalogue: Catalogue, scope: str) -> tuple[str, str]:
    """Return the model and the scope that are taken, the best ones where nobody can be asked."""
    within = [one for one in advice.options if one.scope == scope] if scope else list(advice.options)
    best = next((one for one in within if one.possible), None)
    if not asked.terminal:
        if best is None:
            raise RefusedError("no model fits as things stand: see `mentorkit advise`, or name one with --model")
        return best.model, best.scope
    offered = {one.name: one for one in advice.options if one.possible and one.scope}
    for name, offer in catalogue.models.items():
        click.echo(f"  {name:<16} {offer.implementation.summary}")
    for name, one in offered.items():
        click.echo(f"  {name:<16} {one.summary}, within the groups that they belong to")
    names = (*catalogue.models, *offered)
    while True:
        told = asked.text("Which model?", best.name if best else "")
        if told in names:
            return (offered[told].model, offered[told].scope) if told in offered else (told, scope)
        click.echo(suggestion(told, names) or f"models are {', '.join(names)}")


def ask_template(asked: Interview, catalogue: Catalogue, chosen: Chosen) -> str:
    """Return the template's name, "" where none is installed for the model and no other is wanted.

    Raises:
        click.UsageError: there is none of the name that was said.
    """
    known = catalogue.templates
    told: str | None = asked.said("template")
    if told is None and asked.terminal:
        offered = list(templates_for(catalogue, chosen.model, chosen.scope))
        for name, summary in offered:
            click.echo(f"  {name:<30} {summary}")
        told = asked.text("Which template?", chosen.template) if len(offered) > 1 else chosen.template
    told = chosen.template if told is None else told
    if told and told not in known:
        raise click.UsageError(_no_template(told, catalogue))
    return told


def _no_template(name: str, catalogue: Catalogue) -> str:
    return f'no template is called "{name}"; {suggestion(name, catalogue.templates) or "see `templates list`"}'


def templates_for(catalogue: Catalogue, model: str, scope: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and summary of a model's own template and of those that name the model, within the scope if any."""
    usual = catalogue.models[model].implementation.template
    for one in list_templates(catalogue):
        if one.name == usual or made_for(read_contents(one.name, catalogue), model, scope):
            yield one.name, one.summary


def ask_zone(asked: Interview) -> str:
    """Return the time zone of people without one, or "": none is said."""
    zone: str = asked.said("timezone")
    while asked.terminal and not zone:
        zone = asked.text("Which time zone do people live in who have none of their own?", "UTC")
        if zone not in known_zones():
            click.echo(suggestion(zone, known_zones()) or "write it as Europe/London")
            zone = ""
    return zone


def ask_rules(asked: Interview) -> dict[str, Mapping[str, object]]:
    """Return rules beside those of the template, by name."""
    names = list(asked.said("rules"))
    if asked.terminal and not names:
        names = [name for name, (question, _) in _RULES.items() if click.confirm(question, default=False)]
    rules: dict[str, Mapping[str, object]] = {name: _RULES[name][1] for name in names}
    pairs = asked.said("keep_apart")
    if pairs is None and asked.terminal:
        pairs = asked.text("A file of pairs who must never be matched, with columns a and b (empty: none)")
    if pairs:
        rules["keep-apart"] = {"kind": "never", "file": str(Path(pairs).absolute())}
    return rules


def roles_of(catalogue: Catalogue, model: str, template: str) -> tuple[str, ...]:
    """Return the roles that people have under a template, "": under none: those it names, else the usual ones."""
    named = read_contents(template, catalogue).roles if template else ()
    return named or tuple(role.name for role in catalogue.models[model].implementation.roles)


def ask_words(asked: Interview, roles: Sequence[str]) -> dict[str, str]:
    """Return what readers call the roles, where it is another word.

    Raises:
        click.UsageError: a word is for none of the roles.
    """
    said = dict(one.split("=", 1) for one in asked.said("words") if "=" in one)
    wrong = [one for one in asked.said("words") if one.partition("=")[0] not in roles or not one.partition("=")[2]]
    if wrong:
        raise click.UsageError(f"--word {wrong[0]}: say ROLE=WORD; roles are {', '.join(roles)}")
    if asked.terminal and not said:
        for role in roles:
            word = asked.text(f"What do readers call a {role}?", role)
            said |= {role: word} if word != role else {}
    return said
