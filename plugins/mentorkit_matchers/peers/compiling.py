"""The search for mates, as it is on lists, or compiled on arrays: the same functions in both cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from mentorkit_matchers.peers import augmenting, cycles, odd_sets
from mentorkit_matchers.peers.augmenting import Graph
from mentorkit_matchers.peers.odd_sets import OddSets

FindMate = Callable[[Graph, OddSets, int], None]


@cache
def compiled_find_mate() -> FindMate | None:
    """Return the compiled search; None where numba is not installed."""
    try:
        from numba import njit
    except ImportError:
        return None
    names: dict[str, Any] = {}
    modules = (odd_sets, cycles, augmenting)
    for module in modules:
        names |= vars(module)
    for name, function in list(names.items()):
        if isinstance(function, FunctionType) and function.__module__ in {module.__name__ for module in modules}:
            names[name] = njit(cache=True)(FunctionType(function.__code__, names, name))
    found: FindMate = names["find_mate"]
    return found
