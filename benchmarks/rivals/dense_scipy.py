"""SciPy's `linear_sum_assignment` on the dense matrix, a column for each place."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
with stages.stage("preparing"):
    slots = instance.slots()
    gains = np.where(instance.tenths < 0, 0.0, instance.tenths + instance.worth())[:, slots]
with stages.stage("solving"):
    rows, columns = linear_sum_assignment(gains, maximize=True)
told(instance, "scipy linear_sum_assignment", stages, np.stack([rows, slots[columns]], axis=1))
