"""Proofs as plain values by person, and back: what a saved matching holds.

What is read back is only as good as its check in `mentorkit.core.matching.certifying`; here it must merely be about the
people of the problem. A new kind of proof gets a name and a form here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.written_proofs.codecs import (
    FLAG,
    GAINS,
    NUMBER_PAIRS,
    WHOLE,
    Codec,
    between_roles,
    both,
    flagged,
    index_pairs,
    many,
    maybe,
    offering,
    people,
    per_person,
    record,
    role_number,
    rows_per_person,
    wanting,
)
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.proofs import (
    CircleProof,
    GroupProof,
    Island,
    IslandProof,
    LeaderProof,
    MeetingProof,
    OddSet,
    PeerPrices,
    PeerProof,
    PreferenceProof,
    PriceProof,
    Proof,
    RolePrices,
    TeamProof,
    TrianglePrices,
    TrioPrices,
    TrioProof,
)

__all__ = ["read", "written"]


def _as_trio(indexes: NDArray[np.int64]) -> tuple[int, ...]:
    if len(indexes) != 3:
        raise ValueError(f"has a trio of {len(indexes)}")
    return tuple(indexes.tolist())


_PRICES: Codec = record(
    PriceProof, prices=per_person(offering), gains=GAINS, at_least=WHOLE, worst_off=maybe(lambda: _PRICES)
)
_LISTS = record(
    PreferenceProof,
    pairs=index_pairs(wanting, offering),
    ranks=NUMBER_PAIRS,
    by_score=both(flagged(wanting), flagged(offering)),
)

_PEER_PRICES = record(
    PeerPrices,
    prices=per_person(wanting),
    sets=many(record(OddSet, people=people(wanting), worth=WHOLE)),
)
_TRIOS = record(
    TrioProof,
    all_trios=_PEER_PRICES,
    single=many(record(TrioPrices, people=people(wanting, _as_trio), others=_PEER_PRICES)),
)
_PEERS = record(PeerProof, pairs=_PEER_PRICES, gains=GAINS, trio=maybe(lambda: _TRIOS))
_MEETINGS = record(
    MeetingProof,
    prices=rows_per_person(offering),
    clashes=rows_per_person(wanting),
    unit=WHOLE,
    cover=WHOLE,
    covering=rows_per_person(offering, np.bool_),
)

_GROUPS = record(GroupProof, prices=per_person(wanting), tenth=WHOLE, place=WHOLE, planned=FLAG, full=people(offering))

_ISLANDS = record(
    IslandProof, islands=many(record(Island, mentees=people(wanting), mentors=people(offering), proof=_GROUPS))
)
_LEADERS = record(LeaderProof, prices=per_person(offering), tenth=WHOLE, place=WHOLE, planned=FLAG)
_TRIANGLE = record(TrianglePrices, second=per_person(role_number(1)), third=per_person(role_number(2)), tenth=WHOLE)
_TEAMS = record(
    TeamProof,
    pairs=many(between_roles(RolePrices, "prices", tenth=WHOLE)),
    triangle=maybe(lambda: _TRIANGLE),
)
_CIRCLES = record(CircleProof, prices=per_person(wanting), tenth=WHOLE, planned=FLAG, listed=FLAG)

_KINDS: Mapping[str, tuple[type[Any], Codec]] = {
    "prices": (PriceProof, _PRICES),
    "lists": (PreferenceProof, _LISTS),
    "peers": (PeerProof, _PEERS),
    "groups": (GroupProof, _GROUPS),
    "islands": (IslandProof, _ISLANDS),
    "leaders": (LeaderProof, _LEADERS),
    "meetings": (MeetingProof, _MEETINGS),
    "teams": (TeamProof, _TEAMS),
    "circles": (CircleProof, _CIRCLES),
}
"""Every kind of proof, by the name it has in a file."""


def written(proof: Proof, problem: MatchingProblem) -> Mapping[str, Any]:
    """Return a proof as values that JSON knows, with its `kind`, all people by id.

    Raises:
        ValueError: nobody here knows how to write this kind.
    """
    for name, (kind, codec) in _KINDS.items():
        if isinstance(proof, kind):
            return {"kind": name, **codec.write(proof, problem)}
    raise ValueError(f"a {type(proof).__name__} cannot be saved")


def read(values: Mapping[str, Any], problem: MatchingProblem) -> Proof:
    """Return the proof that was written as these values, for the people of a problem.

    Raises:
        ValueError: it is none; the message goes on after "the proof".
    """
    name = values.get("kind")
    if not isinstance(name, str) or name not in _KINDS:
        raise ValueError(f"is of the kind {name!r}, which this mentorkit does not know")
    try:
        found = _KINDS[name][1].read({key: value for key, value in values.items() if key != "kind"}, problem)
    except TypeError as wrong:
        raise ValueError(f"is not written as proofs of the kind {name!r} are: {wrong}") from wrong
    return cast("Proof", found)
