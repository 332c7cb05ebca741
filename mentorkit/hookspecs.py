"""The one list of hooks. A hook offers named implementations; the core calls those, never a hook.

A distribution registers a module (or object) under the entry-point group `mentorkit`; mentorkit calls each hook once
per command, when it builds the catalogue. A hook that raises, returns something other than a sequence, or offers a
name that is taken ends the command with an error that names the distribution, its version and the hook.
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

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

ENTRY_POINT_GROUP = "mentorkit"

hookspec = pluggy.HookspecMarker("mentorkit")
hookimpl = pluggy.HookimplMarker("mentorkit")


@hookspec
def mentorkit_models() -> Sequence[MentoringModel]:
    """Offer mentoring models: `model.use`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_scopes() -> Sequence[Scope]:
    """Offer scopes: a `model.use` that narrows `model.inner.use`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_matchers() -> Sequence[Matcher]:
    """Offer matchers: `matching.use`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_criteria() -> Sequence[Criterion]:
    """Offer kinds of criteria: `matching.criteria.NAME.kind`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_rules() -> Sequence[Rule]:
    """Offer kinds of rules: `matching.rules.NAME.kind`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_channels() -> Sequence[ChannelKind]:
    """Offer kinds of channels.

    Called when plugins are loaded; programs declare channels as `channels.NAME.use`.
    """
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_kpis() -> Sequence[Kpi]:
    """Offer key figures: `kpis.NAME`."""
    raise AssertionError("a specification is never called")


@hookspec
def mentorkit_templates() -> Sequence[Template]:
    """Offer program templates: `extends`."""
    raise AssertionError("a specification is never called")
