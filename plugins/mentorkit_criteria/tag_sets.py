"""Criteria on sets of tags: the share of wanted tags that is offered, and Jaccard's similarity."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.contracts import Cells, FloatArray


def common_tags(wanting: Cells, offering: Cells) -> NDArray[np.uint16]:
    """Return how many tags two people share, shape (len(wanting), len(offering)).

    Adds up the offering side's row of every wanted tag, which costs far less than a matrix product of mostly zeros.
    """
    absent = len(offering.vocabulary)
    wanted = [[offering.vocabulary.get(tag, absent) for tag in tags] for tags in wanting.tags]
    width = max(map(len, wanted), default=0)
    padded = np.array([row + [absent] * (width - len(row)) for row in wanted], dtype=np.int64).reshape(
        len(wanted), width
    )
    common = np.zeros((len(wanting), len(offering)), dtype=np.uint16)
    for column in padded.T:
        common += offering.tag_rows[column]
    return common


def _sizes(cells: Cells) -> FloatArray:
    return np.array([len(tags) for tags in cells.tags], dtype=np.float64)


class Overlap:
    """The share of the wanted tags that the other side offers."""

    name = "overlap"
    summary = "share of the mentee's wanted tags that the mentor offers"
    options: ClassVar[type[Any] | None] = None
    directed = True
    needs: Literal["tags"] = "tags"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return shared tags / wanted tags; 0 where nothing is wanted."""
        return common_tags(wanting, offering) / np.maximum(_sizes(wanting), 1)[:, None]


class Similar:
    """How much two sets of tags have in common."""

    name = "similar"
    summary = "tags that both have, as a share of all tags of the two (Jaccard)"
    options: ClassVar[type[Any] | None] = None
    directed = False
    needs: Literal["tags"] = "tags"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return shared tags / all tags; 0 where both are empty."""
        common = common_tags(wanting, offering).astype(np.float64)
        union = _sizes(wanting)[:, None] + _sizes(offering) - common
        return common / np.maximum(union, 1)
