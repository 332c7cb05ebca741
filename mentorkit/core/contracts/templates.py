"""Templates that a plugin brings."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from attrs import frozen


@frozen
class Template:
    """A template a plugin offers: a folder with `template.toml`."""

    name: str
    folder: Traversable
