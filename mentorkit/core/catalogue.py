"""The frozen catalogue: name to implementation, with where each came from."""

from __future__ import annotations

from collections.abc import Mapping
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


@frozen
class Origin:
    """The distribution that offers something; a local plugin file has its path as distribution."""

    distribution: str
    version: str
    entry_point: str

    def __str__(self) -> str:
        """Return `distribution version (entry point name)`."""
        return f"{self.distribution} {self.version} (entry point {self.entry_point})"


@frozen
class Offer(Generic[T_co]):
    """An implementation and where it came from."""

    implementation: T_co
    origin: Origin


@frozen
class Catalogue:
    """All that is installed, by kind and name, each mapping sorted by name."""

    models: Mapping[str, Offer[MentoringModel]] = field(factory=dict)
    scopes: Mapping[str, Offer[Scope]] = field(factory=dict)
    matchers: Mapping[str, Offer[Matcher]] = field(factory=dict)
    channels: Mapping[str, Offer[ChannelKind]] = field(factory=dict)
    criteria: Mapping[str, Offer[Criterion]] = field(factory=dict)
    rules: Mapping[str, Offer[Rule]] = field(factory=dict)
    kpis: Mapping[str, Offer[Kpi]] = field(factory=dict)
    templates: Mapping[str, Offer[Template]] = field(factory=dict)

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
