"""The templates of pages that need no other file: the style is in them, and everything is escaped."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

_PACKAGE = "mentorkit.presenting.html"


def page_template(name: str, **filters: Callable[..., Any]) -> Template:
    """Return a template of this package, which knows `style` and these filters."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    environment.globals["style"] = files(_PACKAGE).joinpath("report.css").read_text(encoding="utf-8")
    return environment.get_template(name)
