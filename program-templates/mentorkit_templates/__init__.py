"""The bundled program templates: each is a folder beside this module, offered by its name."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from mentorkit.core.contracts import Template
from mentorkit.hookspecs import hookimpl


@hookimpl
def mentorkit_templates() -> Sequence[Template]:
    """Offer the bundled templates, by name."""
    folders = [one for one in files("mentorkit_templates").iterdir() if one.joinpath("template.toml").is_file()]
    return tuple(Template(one.name, one) for one in sorted(folders, key=lambda one: one.name))
