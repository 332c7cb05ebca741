"""The questions of `mentorkit init` about the program: model, template, time zone, rules, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from mentorkit.command_line.init_answers import Interview
from mentorkit.core.advising import Advice
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import suggestion
from mentorkit.core.errors import RefusedError
from mentorkit.core.zones import known_zones
from mentorkit.loading.template_contents import read_contents
from mentorkit.loading.templates import list_templates
from mentorkit.presenting.advice import headline
from mentorkit.starting.trying import Question, ask

_RULES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "other-department": ("Only match people of different departments?", {"kind": "different", "column": "department"}),
    "shared-language": ("Only match people who speak a common language?", {}),
}


def ask_model(asked: Interview, question: Question, catalogue: Catalogue) -> tuple[str, str]:
    """Return the model, and the scope around it.

    Raises:
        click.UsageError: there is none of the name that was said.
        RefusedError: none was said, nobody can be asked, and no model fits.
    """
    told, scope = asked.said("model"), asked.said("scope")
    if told is None:
        advice = ask(question, catalogue)
        click.echo(headline(advice), err=not asked.terminal)
        told, scope = _advised(asked, advice, catalogue, scope)
    for kind, name, known in (("model", told, catalogue.models), ("scope", scope, catalogue.scopes)):
        if name and name not in known:
            raise click.UsageError(f'no {kind} is called "{name}"; {suggestion(name, known) or ", ".join(known)}')
    return told, scope


def _advised(asked: Interview, advice: Advice, catalogue: Catalogue, scope: str) -> tuple[str, str]:
    best = advice.best
    if not asked.terminal:
        if best is None:
            raise RefusedError("no model fits as things stand: see `mentorkit advise`, or name one with --model")
        return best.model, scope or best.scope
    for name, offer in catalogue.models.items():
        click.echo(f"  {name:<14} {offer.implementation.summary}")
    told = asked.text("Which model?", best.model if best else "")
    while told not in catalogue.models:
        click.echo(suggestion(told, catalogue.models) or f"models are {', '.join(catalogue.models)}")
        told = asked.text("Which model?", best.model if best else "")
    return told, scope or (best.scope if best and best.model == told else "")


def ask_template(asked: Interview, catalogue: Catalogue, model: str) -> str:
    """Return the template's name, "" where the model's own is not installed and no other is wanted.

    Raises:
        click.UsageError: there is none of the name that was said.
    """
    usual = catalogue.models[model].implementation.template
    known = catalogue.templates
    told: str | None = asked.said("template")
    if told is None and asked.terminal:
        offered = list(templates_for(catalogue, model))
        for name, summary in offered:
            click.echo(f"  {name:<30} {summary}")
        told = asked.text("Which template?", usual) if len(offered) > 1 else usual
    told = usual if told is None else told
    if told != usual and told not in known:
        raise click.UsageError(f'no template is called "{told}"; {suggestion(told, known) or "see `templates list`"}')
    return told if told in known else ""


def templates_for(catalogue: Catalogue, model: str) -> Iterator[tuple[str, str]]:
    """Yield name and summary of a model's own template and of those that name the model."""
    usual = catalogue.models[model].implementation.template
    for one in list_templates(catalogue):
        if one.name == usual or read_contents(one.name, catalogue).model == model:
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
