"""Bundled matchers."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Matcher
from mentorkit.hookspecs import hookimpl
from mentorkit_matchers.by_chance import Random
from mentorkit_matchers.circles import CirclesMatcher
from mentorkit_matchers.groups import GroupsMatcher
from mentorkit_matchers.optimal import Optimal
from mentorkit_matchers.peers import Peers
from mentorkit_matchers.rotation import Rotation
from mentorkit_matchers.slots import Slots
from mentorkit_matchers.stable import Stable
from mentorkit_matchers.teams import TeamsMatcher


@hookimpl
def mentorkit_matchers() -> Sequence[Matcher]:
    """Offer the bundled matchers."""
    return [
        CirclesMatcher(),
        GroupsMatcher(),
        Optimal(),
        Peers(),
        Random(),
        Rotation(),
        Slots(),
        Stable(),
        TeamsMatcher(),
    ]
