"""Linear and integer programs for HiGHS, as SciPy brings it."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@frozen(eq=False)
class LinearProgram:
    """What costs least: `low <= matrix @ x <= high`, `least <= x <= most`.

    Attributes:
        matrix: a sparse array, shape (rows, variables).
    """

    costs: FloatArray
    matrix: Any
    low: FloatArray
    high: FloatArray
    least: FloatArray
    most: FloatArray


@frozen(eq=False)
class Optimum:
    """What HiGHS finds for a linear program.

    Attributes:
        value: what it costs.
        row_prices: by how much less it would cost if a row allowed one more, at least 0 for rows that only end above.
        reduced_costs: by how much more it would cost to have one of a variable that is at its least.
    """

    value: float
    row_prices: FloatArray
    reduced_costs: FloatArray


def optimum(program: LinearProgram) -> Optimum | None:
    """Return what is best; None: nothing is allowed."""
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    same = program.low == program.high
    below, above = (np.flatnonzero(~same & np.isfinite(side)) for side in (program.high, program.low))
    equal = np.flatnonzero(same)
    solve: Any = linprog
    found = solve(
        program.costs,
        A_ub=vstack([program.matrix[below], -program.matrix[above]]),
        b_ub=np.concatenate([program.high[below], -program.low[above]]),
        A_eq=program.matrix[equal],
        b_eq=program.low[equal],
        bounds=np.stack([program.least, program.most], axis=1),
        method="highs",
    )
    if found.status != 0:
        return None
    prices = np.zeros(len(program.low))
    prices[below] -= found.ineqlin.marginals[: len(below)]
    prices[above] += found.ineqlin.marginals[len(below) :]
    prices[equal] -= found.eqlin.marginals
    return Optimum(float(found.fun), prices, np.asarray(found.lower.marginals))


@frozen(eq=False)
class WholeOptimum:
    """What HiGHS finds for an integer program.

    Attributes:
        value: what it costs.
        bound: what nothing costs less than.
        found: the variables.
        proven: whether nothing costs less than this.
    """

    value: float
    bound: float
    found: FloatArray
    proven: bool


def whole_optimum(program: LinearProgram, whole: int, nodes: int) -> WholeOptimum | None:
    """Return the best that is found within so many nodes, where the first variables are whole; None: nothing is."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    solve: Any = milp
    found = solve(
        program.costs,
        integrality=(np.arange(len(program.costs)) < whole).astype(np.int64),
        bounds=Bounds(program.least, program.most),
        constraints=LinearConstraint(program.matrix, program.low, program.high),
        options={"node_limit": nodes, "mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    bound = float(found.fun if found.mip_dual_bound is None else found.mip_dual_bound)
    return WholeOptimum(float(found.fun), bound, np.asarray(found.x), found.status == 0)
