"""`mentorkit templates`: what templates are installed and what is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.options import json_option

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.declaring.parameters import Parameter
    from mentorkit.loading.templates import TemplateFacts


@click.group("templates")
def command() -> None:
    """List and show program templates."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the installed templates, with what each is for."""
    from mentorkit.loading.templates import list_templates
    from mentorkit.plugin_loading import build_catalogue
    from mentorkit.presenting.tables import table

    templates = list_templates(build_catalogue())
    if as_json:
        document = {"templates": [_head(one) for one in templates]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo(table([(one.name, one.version, one.summary, one.origin) for one in templates], indent=""))


@command.command("show")
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> None:
    """Show a template: its parameters, what it requires, what it does and when, its files."""
    from mentorkit.core.diagnostics import suggestion
    from mentorkit.core.errors import ProgramError, RefusedError
    from mentorkit.loading.templates import show_template
    from mentorkit.plugin_loading import build_catalogue

    catalogue = build_catalogue()
    if name not in catalogue.templates:
        near = suggestion(name, catalogue.templates)
        raise RefusedError(f"no template is called {name!r}; {near or 'see `mentorkit templates list`'}")
    facts = show_template(name, catalogue)
    if facts.problems:
        raise ProgramError(facts.problems)
    click.echo(json.dumps(_document(facts), ensure_ascii=False, indent=2, default=str) if as_json else _text(facts))


def _head(facts: TemplateFacts) -> dict[str, Any]:
    return {"name": facts.name, "version": facts.version, "summary": facts.summary, "origin": facts.origin}


def _document(facts: TemplateFacts) -> dict[str, Any]:
    parameters = {one.name: {"type": one.type, "default": one.default, "help": one.help} for one in facts.parameters}
    requires = {"columns": list(facts.requires.columns), "people": facts.requires.people}
    return {
        **_head(facts),
        "extends": list(facts.extends),
        "parameters": parameters,
        "requires": requires,
        "values": facts.values,
        "files": list(facts.files),
    }


def _text(facts: TemplateFacts) -> str:
    from mentorkit.presenting.tables import table

    parts = [f"{facts.name} {facts.version} ({facts.origin})\n{facts.summary}"]
    if facts.extends:
        parts.append(f"extends {', '.join(facts.extends)}")
    if facts.parameters:
        parts.append("parameters\n" + table([_parameter(one) for one in facts.parameters]))
    if facts.requires.columns:
        parts.append("requires the columns " + ", ".join(facts.requires.columns))
    for section in ("timeline", "surveys"):
        steps: Mapping[str, Any] = facts.values.get(section, {})
        if steps:
            parts.append(f"{section}\n" + table([_step(name, step) for name, step in steps.items()]))
    parts.append("files\n" + "\n".join(f"  {name}" for name in facts.files))
    return "\n\n".join(parts)


def _parameter(one: Parameter) -> tuple[str, str, str]:
    return one.name, f"{one.type}, default {one.default}", one.help


def _step(name: str, step: Mapping[str, Any]) -> tuple[str, str, str]:
    to = step.get("to", "")
    return name, str(step.get("when", "")), to if isinstance(to, str) else ", ".join(to)
