"""From a problem of peers to its solution: the best pairs, or the best pairs and a trio, with what proves it."""

from __future__ import annotations

from mentorkit.core.problems import MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import PeerProof
from mentorkit_matchers.peers.circle import circle_of
from mentorkit_matchers.peers.settling import first_edges, pairs_of, proof_of, settle, settle_whole
from mentorkit_matchers.peers.trios import best_trio


def solution(problem: MatchingProblem) -> Solution:
    """Return the best pairs, and at most one trio, with their proof."""
    circle = circle_of(problem)
    pairs = leaving = settle(circle, first_edges(circle), spare=int(circle.trio))
    trios, groups = None, []
    if circle.trio:
        pairs = settle_whole(circle, leaving)
        trios = best_trio(circle, leaving, pairs)
    worth, most = pairs.worth(circle), pairs.most
    groups = pairs_of(circle, pairs.whole.mates)
    fixed = circle.required.tolist()
    if trios is not None:
        most = max(most, trios.most)
        if trios.best is not None and trios.best.worth > worth:
            worth, groups = trios.best.worth, list(trios.best.groups)
            fixed = [pair for pair in fixed if not set(pair) <= set(trios.best.trio)]
    proof = PeerProof(proof_of(circle, pairs.whole), circle.gains, trios.proof if trios else None)
    exact = pairs.settled and worth == most
    seated = sorted(sorted(group) for group in [*fixed, *groups])
    return solution_of([[(0, person) for person in group] for group in seated], exact=exact, proof=proof)
