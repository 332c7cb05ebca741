"""Bundled mentoring models."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import MentoringModel
from mentorkit.hookspecs import hookimpl
from mentorkit_models.one_on_one import OneOnOne
from mentorkit_models.reverse import Reverse


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    """Offer the bundled models."""
    return [OneOnOne(), Reverse()]
