"""`mentorkit templates`: what templates are installed and what is in them."""

from __future__ import annotations

import click

from mentorkit.command_line.options import json_option
from mentorkit.presenting.json_text import json_text


@click.group("templates")
def command() -> None:
    """List and show program templates."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the installed templates, with what each is for and the goals it serves."""
    from mentorkit.loading.template_contents import read_contents
    from mentorkit.loading.templates import list_templates
    from mentorkit.plugin_loading import build_catalogue
    from mentorkit.presenting.tables import table
    from mentorkit.presenting.template_contents import template_head

    catalogue = build_catalogue()
    templates = [(one, read_contents(one.name, catalogue)) for one in list_templates(catalogue)]
    if as_json:
        document = {"templates": [template_head(one, brings) for one, brings in templates]}
        click.echo(json_text(document))
    else:
        rows = [(one.name, one.version, one.summary, ", ".join(brings.goals), one.origin) for one, brings in templates]
        click.echo(table(rows, indent=""))


@command.command("show")
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> None:
    """Show all that a template brings: parameters, what it requires, sessions, timeline, messages, surveys, targets."""
    from mentorkit.core.diagnostics import suggestion
    from mentorkit.core.errors import ProgramError, RefusedError
    from mentorkit.loading.template_contents import read_contents
    from mentorkit.loading.templates import show_template
    from mentorkit.plugin_loading import build_catalogue
    from mentorkit.presenting.template_contents import template_json, template_text

    catalogue = build_catalogue()
    if name not in catalogue.templates:
        near = suggestion(name, catalogue.templates)
        raise RefusedError(f"no template is called {name!r}; {near or 'see `mentorkit templates list`'}")
    facts = show_template(name, catalogue)
    if facts.problems:
        raise ProgramError(facts.problems)
    brings = read_contents(name, catalogue)
    document = template_json(facts, brings)
    click.echo(json_text(document, default=str) if as_json else template_text(facts, brings))
