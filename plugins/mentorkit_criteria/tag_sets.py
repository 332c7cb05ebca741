"""Criteria on sets of tags: the share of wanted tags that is offered, and Jaccard's similarity."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.contracts import Cells, FloatArray

AnyArray = NDArray[np.integer[Any] | np.floating[Any]]


def _sizes(cells: Cells) -> FloatArray:
    return np.array([len(tags) for tags in cells.tags], dtype=np.float64)


class Overlap:
    """The share of the wanted tags that the other side offers."""

    name = "overlap"
    summary = "share of the mentee's wanted tags that the mentor offers"
    options: ClassVar[type[Any] | None] = None
    directed = True
    needs: Literal["tags"] = "tags"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:
        """Return shared tags / wanted tags; 0 where nothing is wanted."""
        return wanting.in_common(offering) * self.per_tag(options, wanting)[:, None]

    def per_tag(self, options: Any, wanting: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return 1 / wanted tags; 0 where nothing is wanted."""
        sizes = _sizes(wanting)
        return np.divide(1.0, sizes, out=np.zeros_like(sizes), where=sizes > 0)


class Similar:
    """How much two sets of tags have in common."""

    name = "similar"
    summary = "tags that both have, as a share of all tags of the two (Jaccard)"
    options: ClassVar[type[Any] | None] = None
    directed = False
    needs: Literal["tags"] = "tags"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:
        """Return shared tags / all tags; 0 where both are empty."""
        return self.of_counts(options, _sizes(wanting)[:, None], _sizes(offering), wanting.in_common(offering))

    def of_counts(self, options: Any, wanted: AnyArray, offered: AnyArray, common: AnyArray) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return shared tags / all tags."""
        shared = common.astype(np.float64)
        ratio: FloatArray = shared / np.maximum(wanted + offered - shared, 1)
        return ratio
