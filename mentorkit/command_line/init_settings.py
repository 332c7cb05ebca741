"""The answers of `mentorkit init` about what a template and a model let a client set: parameters, options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from mentorkit.command_line.init_answers import Interview
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.parameters import Parameter
from mentorkit.core.diagnostics import suggestion
from mentorkit.loading.templates import show_template
from mentorkit.presenting.tables import table
from mentorkit.starting.said_values import option_names, option_value, parameter_value
from mentorkit.starting.toml_text import value_text


def parameters_of(template: str, catalogue: Catalogue) -> tuple[Parameter, ...]:
    """Return what a template lets a client set, nothing for no template."""
    return show_template(template, catalogue).parameters if template else ()


def ask_parameters(asked: Interview, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Return the parameters that are to differ from their defaults.

    Raises:
        click.UsageError: there is no such parameter, or it cannot be this.
    """
    known = {one.name: one for one in parameters}
    try:
        found = dict(_set(said, known) for said in asked.said("settings"))
    except ValueError as problem:
        raise click.UsageError(f"--set: {problem}") from None
    if asked.terminal and known and not found:
        click.echo("The template lets you set:\n" + table([_row(one) for one in known.values()]))
        while told := asked.text("What shall be otherwise? NAME=VALUE (empty: nothing more)"):
            try:
                found |= [_set(told, known)]
            except ValueError as problem:
                click.echo(str(problem))
    return found


def _set(said: str, known: Mapping[str, Parameter]) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in said.partition("="))
    if not sign or name not in known:
        hint = suggestion(name, known) or (f"there are {', '.join(known)}" if known else "it has none")
        raise ValueError(f'"{name}" is no parameter of the template; {hint}')
    return name, parameter_value(known[name], value)


def _row(one: Parameter) -> tuple[str, str, str]:
    return one.name, "" if one.default is None else value_text(one.default), one.help


def options_of(asked: Interview, catalogue: Catalogue, model: str, scope: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options of the model, and of the scope around it, that were said.

    Raises:
        click.UsageError: neither has such an option.
    """
    of_model = catalogue.models[model].implementation.options
    of_scope = catalogue.scopes[scope].implementation.options if scope else None
    found: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for said in asked.said("options"):
        name, sign, value = (part.strip() for part in said.partition("="))
        kind = next((one for one in (of_model, of_scope) if one and sign and name in option_names(one)), None)
        if kind is None:
            known = [*option_names(of_model), *option_names(of_scope)]
            hint = suggestion(name, known) or f"options are {', '.join(known) or 'none'}"
            raise click.UsageError(f"--option {said}: {scope or model} has no such option; {hint}")
        found[kind is of_scope][name] = option_value(kind, name, value)
    return found
