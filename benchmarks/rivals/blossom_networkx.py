"""networkx' `max_weight_matching` between peers, on all allowed pairs."""

from __future__ import annotations

import networkx
import numpy as np

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
with stages.stage("preparing"):
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(instance.row_places)))
    rows, columns = np.nonzero(np.triu(instance.tenths >= 0, 1))
    tenths = instance.tenths[rows, columns].tolist()
    graph.add_weighted_edges_from(zip(rows.tolist(), columns.tolist(), tenths, strict=True))
with stages.stage("solving"):
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
told(instance, "networkx max_weight_matching", stages, sorted(map(sorted, pairs)), halved=True)
