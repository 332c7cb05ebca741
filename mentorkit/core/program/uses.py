"""Plugins chosen by name: the model (`[model]`), and whatever else has nothing but a name and options."""

from __future__ import annotations

from typing import Any

from attrs import frozen


@frozen
class Use:
    """A plugin chosen by name, with its structured options (None where it has none)."""

    name: str
    options: Any = None


@frozen
class ModelUse:
    """The model, and for a scope the model it narrows."""

    use: Use
    scope: Use | None = None
