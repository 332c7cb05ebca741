"""`mentorkit plugins`: what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mentorkit.command_line.options import json_option
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.catalogue import Catalogue


@click.group("plugins")
def command() -> None:
    """List what is installed."""


@command.command("list")
@json_option
def list_plugins(as_json: bool) -> None:
    """List models, scopes, matchers, criteria, rules, channels, KPIs and templates, with where each comes from."""
    from mentorkit.plugin_loading import build_catalogue

    catalogue = build_catalogue()
    click.echo(json_text(_document(catalogue)) if as_json else _text(catalogue))


def _document(catalogue: Catalogue) -> dict[str, object]:
    return {
        "plugins": [
            {
                "kind": kind.removesuffix("s") if kind != "criteria" else "criterion",
                "name": name,
                "summary": getattr(offer.implementation, "summary", ""),
                "distribution": offer.origin.distribution,
                "version": offer.origin.version,
                "entry_point": offer.origin.entry_point,
            }
            for kind, offers in catalogue.kinds().items()
            for name, offer in offers.items()
        ]
    }


def _text(catalogue: Catalogue) -> str:
    lines = []
    for kind, offers in catalogue.kinds().items():
        if offers:
            lines.append(kind)
        for name, offer in offers.items():
            summary = getattr(offer.implementation, "summary", "")
            lines.append(f"  {name:<24} {summary:<70} {offer.origin.distribution} {offer.origin.version}".rstrip())
    return "\n".join(lines)
