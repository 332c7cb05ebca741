"""networkx' `max_flow_min_cost` on all allowed pairs."""

from __future__ import annotations

import networkx
import numpy as np

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
with stages.stage("preparing"):
    graph = networkx.DiGraph()
    for row, places in enumerate(instance.row_places.tolist()):
        graph.add_edge("source", ("row", row), capacity=places, weight=0)
    for column, places in enumerate(instance.column_places.tolist()):
        graph.add_edge(("column", column), "sink", capacity=places, weight=0)
    wants, offers = np.nonzero(instance.tenths >= 0)
    for row, column, tenths in zip(
        wants.tolist(), offers.tolist(), instance.tenths[wants, offers].tolist(), strict=True
    ):
        graph.add_edge(("row", row), ("column", column), capacity=1, weight=-tenths)
with stages.stage("solving"):
    flows = networkx.max_flow_min_cost(graph, "source", "sink")
chosen = [
    (row, key[1]) for row in range(len(instance.row_places)) for key, flow in flows[("row", row)].items() if flow > 0
]
told(instance, "networkx max_flow_min_cost", stages, chosen)
