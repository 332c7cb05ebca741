"""OR-Tools' `SimpleMinCostFlow` on all allowed pairs: the largest flow, and of those the cheapest."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
rows, columns = instance.tenths.shape
with stages.stage("preparing"):
    wants, offers = np.nonzero(instance.tenths >= 0)
    source, sink = rows + columns, rows + columns + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    people, places = np.arange(rows), np.arange(columns)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([wants, np.full(rows, source), rows + places]),
        np.concatenate([rows + offers, people, np.full(columns, sink)]),
        np.concatenate([np.ones(len(wants), dtype=np.int64), instance.row_places, instance.column_places]),
        np.concatenate([-instance.tenths[wants, offers].astype(np.int64), np.zeros(rows + columns, dtype=np.int64)]),
    )
    flow.set_node_supply(source, int(instance.row_places.sum()))
    flow.set_node_supply(sink, -int(instance.row_places.sum()))
with stages.stage("solving"):
    status = flow.solve_max_flow_with_min_cost()
if status != flow.OPTIMAL:
    raise AssertionError(f"OR-Tools ended with status {status}")
chosen = np.flatnonzero(flow.flows(np.arange(len(wants))) > 0)
told(instance, "OR-Tools SimpleMinCostFlow", stages, np.stack([wants[chosen], offers[chosen]], axis=1))
