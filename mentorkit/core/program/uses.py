"""Plugins chosen by name: the model (`[model]`), and whatever else has nothing but a name and options."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from mentorkit.core.contracts import Asking, Role, Round


@frozen
class Use:
    """A plugin chosen by name, with its structured options (None where it has none)."""

    name: str
    options: Any = None


@frozen
class ModelUse:
    """The model, and for a scope the model it narrows.

    Attributes:
        roles: those that the model has under these options, in its order.
        rounds: the rounds in which it matches, by their days; () where it matches once, and at intakes.
        asking: who is asked before a relationship is published; None: nobody.
        request_days: after how many business days a request expires; None: people are matched without requests.
    """

    use: Use
    scope: Use | None = None
    roles: tuple[Role, ...] = ()
    rounds: tuple[Round, ...] = ()
    asking: Asking | None = None
    request_days: int | None = None
