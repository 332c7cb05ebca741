"""The frozen catalogue: name to implementation, with where each came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from mentorkit.core.contracts import (
    ChannelKind,
    Criterion,
    Kpi,
    Matcher,
    MentoringModel,
    Rule,
    Scope,
    Template,
)

T_co = TypeVar("T_co", covariant=True)
Door = Callable[[str], AbstractContextManager[object]]
"""From what a plugin is asked to do to the context in which it is called."""


def no_door(_what: str) -> AbstractContextManager[object]:
    """Return a context that does nothing: who comes with mentorkit is not watched."""
    return _OPEN


LOCAL = "local file"
"""The version of what is no distribution."""
_OPEN: AbstractContextManager[object] = nullcontext()


@frozen
class Origin:
    """The distribution that offers something; a local plugin file has its path as distribution.

    Attributes:
        door: through which its code is called.
    """

    distribution: str
    version: str
    entry_point: str
    door: Door = field(default=no_door, eq=False, repr=False)

    def __str__(self) -> str:
        """Return `distribution version (entry point name)`, or the path of a local file."""
        if self.version == LOCAL:
            return f"{self.distribution} (a local file)"
        return f"{self.distribution} {self.version} (entry point {self.entry_point})"


@frozen
class Offer(Generic[T_co]):
    """An implementation and where it came from."""

    implementation: T_co
    origin: Origin


@frozen
class Catalogue:
    """All that is installed, by kind and name, each mapping sorted by name.

    Attributes:
        left_out: distributions with plugins that were not loaded, because the program names others, sorted.
    """

    models: Mapping[str, Offer[MentoringModel]] = field(factory=dict)
    scopes: Mapping[str, Offer[Scope]] = field(factory=dict)
    matchers: Mapping[str, Offer[Matcher]] = field(factory=dict)
    channels: Mapping[str, Offer[ChannelKind]] = field(factory=dict)
    criteria: Mapping[str, Offer[Criterion]] = field(factory=dict)
    rules: Mapping[str, Offer[Rule]] = field(factory=dict)
    kpis: Mapping[str, Offer[Kpi]] = field(factory=dict)
    templates: Mapping[str, Offer[Template]] = field(factory=dict)
    left_out: tuple[str, ...] = ()

    def kinds(self) -> Mapping[str, Mapping[str, Offer[Any]]]:
        """Return every kind by its plural name, in a fixed order."""
        return {
            "models": self.models,
            "scopes": self.scopes,
            "matchers": self.matchers,
            "criteria": self.criteria,
            "rules": self.rules,
            "channels": self.channels,
            "kpis": self.kpis,
            "templates": self.templates,
        }
