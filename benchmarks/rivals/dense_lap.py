"""`lap.lapjv` on the dense matrix, a column for each place."""

from __future__ import annotations

import lap
import numpy as np

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
with stages.stage("preparing"):
    slots = instance.slots()
    most = 1_000 + instance.worth()
    costs = most - np.where(instance.tenths < 0, 0.0, instance.tenths + instance.worth())[:, slots]
with stages.stage("solving"):
    _, column, _ = lap.lapjv(costs, extend_cost=costs.shape[0] != costs.shape[1])
placed = np.flatnonzero(column >= 0)
told(instance, "lap.lapjv", stages, np.stack([placed, slots[column[placed]]], axis=1))
