"""Bundled mentoring models, and the scope around them."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import MentoringModel, Scope
from mentorkit.hookspecs import hookimpl
from mentorkit_models.erg import Erg
from mentorkit_models.flash import Flash
from mentorkit_models.group import Group
from mentorkit_models.one_on_one import OneOnOne
from mentorkit_models.peer import Peer
from mentorkit_models.reverse import Reverse


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    """Offer the bundled models."""
    return [Flash(), Group(), OneOnOne(), Peer(), Reverse()]


@hookimpl
def mentorkit_scopes() -> Sequence[Scope]:
    """Offer the bundled scope."""
    return [Erg()]
