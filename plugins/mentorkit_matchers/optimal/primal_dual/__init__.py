"""A compiled solver for sparse two-sided problems in which every row takes at most one place.

It keeps prices of columns and a matching in which every chosen pair is the best that its row can get at these prices,
and ends when nobody who wants a place is without one and no free place costs anything. Rows without a place look for
one along the cheapest alternating paths, all of them at once: prices rise by what the nearest free place is away, then
as many rows as possible move along paths that cost nothing. Then places that are free but not cheap look for rows the
same way. It starts from any prices and any matching, so that a solution can be mended when pairs are added.

Source: the primal-dual method of H. W. Kuhn (1955) and J. Munkres (1957) with the shortest paths of J. Edmonds and
R. M. Karp (1972), many paths per phase as by J. E. Hopcroft and R. M. Karp (1973).
"""

from __future__ import annotations

from mentorkit_matchers.optimal.primal_dual.filling import fill_places
from mentorkit_matchers.optimal.primal_dual.placing import keep_the_best, place_rows
from mentorkit_matchers.optimal.primal_dual.state import Graph, State

__all__ = ["Graph", "State", "fill_places", "keep_the_best", "place_rows"]
