"""rustworkx' `max_weight_matching` between peers, on all allowed pairs."""

from __future__ import annotations

import numpy as np
import rustworkx

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
with stages.stage("preparing"):
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(instance.row_places)))
    for row in range(len(instance.row_places)):
        others = row + 1 + np.flatnonzero(instance.tenths[row, row + 1 :] >= 0)
        tenths = instance.tenths[row, others].tolist()
        graph.add_edges_from([(row, other, score) for other, score in zip(others.tolist(), tenths, strict=True)])
with stages.stage("solving"):
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
told(instance, "rustworkx max_weight_matching", stages, sorted(map(sorted, pairs)), halved=True)
