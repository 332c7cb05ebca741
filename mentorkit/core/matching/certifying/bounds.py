"""From a proof to the bound that it proves: which check belongs to which kind of proof."""

from __future__ import annotations

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.circles import circle_bound
from mentorkit.core.matching.certifying.groups import group_bound
from mentorkit.core.matching.certifying.islands import island_bound
from mentorkit.core.matching.certifying.leaders import leader_bound
from mentorkit.core.matching.certifying.peers import peers_bound
from mentorkit.core.matching.certifying.slots import slots_bound
from mentorkit.core.matching.certifying.teams import team_bound
from mentorkit.core.matching.certifying.two_sided import two_sided_bound
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.proofs import (
    CircleProof,
    GroupProof,
    IslandProof,
    LeaderProof,
    MeetingProof,
    PeerProof,
    PriceProof,
    Proof,
    TeamProof,
)

__all__ = ["Bound", "bound"]


def bound(problem: MatchingProblem, proof: Proof) -> Bound:
    """Return what no allowed solution of the problem exceeds.

    Raises:
        ValueError: it is no proof for this problem; the message goes on after "a result that".
    """
    if isinstance(proof, PriceProof):
        return two_sided_bound(problem, proof)
    if isinstance(proof, PeerProof):
        return peers_bound(problem, proof)
    if isinstance(proof, GroupProof):
        return group_bound(problem, proof)
    if isinstance(proof, IslandProof):
        return island_bound(problem, proof)
    if isinstance(proof, TeamProof):
        return team_bound(problem, proof)
    if isinstance(proof, LeaderProof):
        return leader_bound(problem, proof)
    if isinstance(proof, MeetingProof):
        return slots_bound(problem, proof)
    if isinstance(proof, CircleProof):
        return circle_bound(problem, proof)
    raise ValueError(f"has a proof that nobody here can check ({type(proof).__name__})")
