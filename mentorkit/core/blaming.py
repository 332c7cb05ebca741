"""Who to name when something goes wrong inside a plugin: its distribution, never the user, and never us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from mentorkit.core.catalogue import Origin
from mentorkit.core.contracts import FloatArray
from mentorkit.core.errors import MentorkitError, PluginError
from mentorkit.core.problems import BoolArray

T = TypeVar("T")

OURS = "mentorkit"
"""The distribution of the bundled plugins: what they raise is a bug to report to us."""


@contextmanager
def blaming(origin: Origin, what: str) -> Iterator[None]:
    """Turn whatever a plugin raises in the block into an error that names it; the block is within its door.

    Args:
        origin: who offers it.
        what: what it was asked to do, such as `the rule "gap"`.

    Raises:
        PluginError: the block raised; errors of mentorkit's own family and of its own plugins pass as they are.
    """
    try:
        with origin.door(what):
            yield
    except MentorkitError:
        raise
    except (Exception, SystemExit) as reason:  # a plugin that calls sys.exit must not end the command without a word
        if origin.distribution == OURS:
            raise
        raise PluginError(f"{what} of the plugin {origin} failed: {type(reason).__name__}: {reason}") from reason


def expected(found: Any, kind: type[T], origin: Origin, what: str) -> T:
    """Return what a plugin gave, which must be of this kind.

    Raises:
        PluginError: it is something else.
    """
    if not isinstance(found, kind):
        raise PluginError(f"{what} of the plugin {origin} must return a {kind.__name__}; it returned {_named(found)}")
    return found


def expected_all(found: Any, kind: type[T], origin: Origin, what: str) -> tuple[T, ...]:
    """Return what a plugin gave, which must be a list or tuple of this kind.

    Raises:
        PluginError: it is something else.
    """
    if not isinstance(found, (list, tuple)):
        told = (
            f"{what} of the plugin {origin} must return a list or tuple of {kind.__name__}; it returned {_named(found)}"
        )
        raise PluginError(told)
    return tuple(expected(one, kind, origin, what) for one in found)


def _named(found: Any) -> str:
    return "None" if found is None else f"{type(found).__name__} {found!r:.60}"


def similarities(found: Any, shape: tuple[int, int], origin: Origin, what: str) -> FloatArray:
    """Return what a criterion gave, as it must be: numbers of this shape from 0 to 1.

    Raises:
        PluginError: it is something else.
    """
    block = np.asarray(found, dtype=np.float64)
    if block.shape != shape or not (np.isfinite(block).all() and (block >= 0).all() and (block <= 1 + 1e-9).all()):
        raise PluginError(
            f"{what} of the plugin {origin} must give similarities from 0 to 1 in the shape {shape}; it gave "
            f"{_described(block)}"
        )
    return np.minimum(block, 1.0)


def verdicts(found: Any, shape: tuple[int, int], origin: Origin, what: str) -> BoolArray:
    """Return what a rule gave, as it must be: true or false in this shape.

    Raises:
        PluginError: it is something else.
    """
    block = np.asarray(found)
    if block.shape != shape or block.dtype != np.bool_:
        raise PluginError(
            f"{what} of the plugin {origin} must give true or false in the shape {shape}; it gave {block.dtype} in "
            f"the shape {block.shape}"
        )
    return block


def _described(block: FloatArray) -> str:
    if block.size == 0 or not np.isfinite(block).all():
        return f"the shape {block.shape}" + ("" if block.size == 0 else " with values that are no numbers")
    return f"the shape {block.shape} with values from {block.min():g} to {block.max():g}"
