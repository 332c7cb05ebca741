"""When somebody is busy by the calendar that they keep elsewhere, as spans of time and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from attrs import frozen

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen(cache_hash=True)
class BusyTimes:
    """The spans in which one person is busy, in UTC minutes since 1970, from the first to before the second.

    Attributes:
        packed: 32-bit numbers, begin and end in turn; ascending, and no two spans touch.
    """

    packed: bytes = b""

    @property
    def spans(self) -> npt.NDArray[np.int32]:
        """The spans, an (n, 2) array that cannot be written to."""
        return np.frombuffer(self.packed, dtype="<i4").reshape(-1, 2)


def busy_times(spans: Iterable[tuple[int, int]]) -> BusyTimes:
    """Return spans of minutes put together: what touches or overlaps is one, and what is empty is none."""
    merged: list[list[int]] = []
    for begins, ends in sorted(span for span in spans if span[0] < span[1]):
        if merged and begins <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], ends)
        else:
            merged.append([begins, ends])
    return BusyTimes(np.array(merged, dtype="<i4").tobytes())


def span_of(begins: datetime, ends: datetime) -> tuple[int, int]:
    """Return the minutes that two aware moments touch."""
    return int((begins - EPOCH).total_seconds() // 60), -int(-(ends - EPOCH).total_seconds() // 60)
