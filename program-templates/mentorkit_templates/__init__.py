"""The bundled program templates: each is a folder beside this module, offered by its name."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from mentorkit.core.contracts import Template
from mentorkit.hookspecs import hookimpl

NAMES = (
    "erg-career",
    "group-mentoring",
    "group-new-managers",
    "group-onboarding",
    "peer-mentoring",
    "program-basics",
    "reverse-executive-perspective",
    "reverse-mentoring",
    "reverse-voice",
    "traditional-one-on-one",
)


@hookimpl
def mentorkit_templates() -> Sequence[Template]:
    """Offer the bundled templates."""
    here = files("mentorkit_templates")
    return tuple(Template(name, here.joinpath(name)) for name in NAMES)
