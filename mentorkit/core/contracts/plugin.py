"""What every implementation of a contract has."""

from __future__ import annotations

from typing import Any, Protocol


class Plugin(Protocol):
    """What every implementation has."""

    @property
    def name(self) -> str:
        """What the program file says."""
        ...

    @property
    def summary(self) -> str:
        """One line for `mentorkit plugins list`."""
        ...

    @property
    def options(self) -> type[Any] | None:
        """The attrs class of its table, or None."""
        ...
