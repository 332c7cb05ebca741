"""Proofs survive being written and read, and what is no proof for the people of a problem is refused."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import numpy as np
import pytest

from mentorkit.core.matching import written_proofs
from mentorkit.core.matching.written_proofs import read, written
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
from mentorkit.testing import (
    a_circle_problem,
    a_group_problem,
    a_peer_problem,
    a_slots_problem,
    a_team_problem,
    a_two_sided_problem,
)

PAIRS = a_two_sided_problem(np.zeros((3, 2)))
GROUPS = a_group_problem(np.zeros((3, 2)), mentees_apart=[(0, 1)])
PEERS = a_peer_problem(np.zeros((5, 5)))
CIRCLES = a_circle_problem(np.zeros((5, 5)))
TEAMS = a_team_problem({"x": 1, "y": 1, "z": 1}, {("x", "y"): np.zeros((2, 3)), ("x", "z"): np.zeros((2, 1))}, ["x"])
MEETINGS = a_slots_problem(np.zeros((3, 2)), np.ones((3, 2)), np.ones((2, 2)))


def array(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


HALVES = PeerPrices(array(4, 5, 6, 7, 8), (OddSet(array(4, 0, 2), 6),))
PROOFS: dict[str, tuple[Proof, MatchingProblem]] = {
    "prices": (
        PriceProof(array(12, 0), {"total-score": 7, "coverage": 1}, 300, PriceProof(array(1, 2), {"coverage": 3}, 301)),
        PAIRS,
    ),
    "lists": (
        PreferenceProof(
            np.array([[0, 1], [2, 0]]),
            np.array([[1, 2], [1, 1]]),
            (np.array([True, False, True]), np.array([False, True])),
        ),
        PAIRS,
    ),
    "peers": (
        PeerProof(HALVES, {"coverage": 9, "total-score": 1}, TrioProof(HALVES, (TrioPrices((1, 3, 4), HALVES),))),
        PEERS,
    ),
    "groups": (GroupProof(array(3, 0, 4), 10, 7, planned=True, full=array(1)), GROUPS),
    "islands": (
        IslandProof(
            (
                Island(array(0, 2), array(1), GroupProof(array(3, 0, 4), 10, 7, planned=True, full=array(1))),
                Island(array(1), array(0), GroupProof(array(0, 5, 0), 10, 0, planned=False, full=array())),
            )
        ),
        GROUPS,
    ),
    "leaders": (LeaderProof(array(3, 1), 10, 7, planned=True), GROUPS),
    "teams": (
        TeamProof(
            (RolePrices(("x", "y"), array(3, 0, 1), 5), RolePrices(("x", "z"), array(8), 5)),
            TrianglePrices(array(1, 2, 3), array(4), 6),
        ),
        TEAMS,
    ),
    "circles": (CircleProof(array(3, -1, 0, 8, 2), 5, planned=True, listed=False), CIRCLES),
    "meetings": (
        MeetingProof(
            np.array([[1, 2], [0, 5]]),
            np.array([[0, 0], [7, 0], [0, 1]]),
            60,
            9,
            np.array([[True, False], [False, False]]),
        ),
        MEETINGS,
    ),
}


def told(proof: object) -> object:
    """Return a proof as nested plain values, to compare by."""
    if isinstance(proof, np.ndarray):
        return [str(proof.dtype.kind), proof.tolist()]
    if isinstance(proof, tuple):
        return [told(one) for one in proof]
    if isinstance(proof, dict):
        return [list(one) for one in proof.items()]
    names = getattr(type(proof), "__attrs_attrs__", ())
    return {one.name: told(getattr(proof, one.name)) for one in names} if names else proof


def test_every_kind_of_proof_can_be_saved() -> None:
    assert set(get_args(Proof)) == {kind for kind, _codec in written_proofs._KINDS.values()}
    assert set(PROOFS) == set(written_proofs._KINDS)


@pytest.mark.parametrize("kind", PROOFS)
def test_what_is_written_is_read_again(kind: str) -> None:
    proof, problem = PROOFS[kind]
    values = json.loads(json.dumps(written(proof, problem), sort_keys=True))
    assert kind == values["kind"]
    again = read(values, problem)
    assert type(proof) is type(again)
    assert told(proof) == told(again)


def test_people_are_there_by_their_ids() -> None:
    assert {"m0": 12, "m1": 0} == written(*PROOFS["prices"])["prices"]
    assert [["e0", "m1"], ["e2", "m0"]] == written(*PROOFS["lists"])["pairs"]
    assert ["p4", "p0", "p2"] == written(*PROOFS["peers"])["pairs"]["sets"][0]["people"]


def changed(values: Any, path: list[Any], value: Any) -> Any:
    """Return nested values with one of them replaced; None takes a key away."""
    copy = json.loads(json.dumps(values))
    at = copy
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("kind", "path", "value", "why"),
    [
        ("prices", ["kind"], "words", "is of the kind 'words', which this mentorkit does not know"),
        ("prices", ["kind"], None, "is of the kind None"),
        ("prices", ["prices", "m1"], None, "is not about the same people: m1"),
        ("prices", ["prices", "m9"], 3, "is not about the same people: m9"),
        ("prices", ["prices", "m1"], 1.5, "has 1.5 where a whole number belongs"),
        ("prices", ["prices", "m1"], True, "has True where a whole number belongs"),
        ("prices", ["prices", "m1"], 2**63, "has 9223372036854775808 where"),
        ("prices", ["prices"], 5, "is not written as proofs of the kind 'prices' are"),
        ("prices", ["gains"], [["coverage", 1], ["coverage", 2]], "does not name each objective once"),
        ("prices", ["at_least"], None, "has something else where at_least, gains, prices, worst_off belong"),
        ("lists", ["pairs", 0], ["e7", "m1"], "names 'e7', who is no mentee in this problem"),
        ("lists", ["pairs", 0], ["e0"], "not enough values"),
        ("lists", ["by_score", 1], ["m4"], "names 'm4'"),
        ("groups", ["prices", "m1"], 3, "is not about the same people: m1"),
        ("groups", ["planned"], 1, "has 1 where true or false belongs"),
        ("teams", ["pairs", 0, "between"], ["y", "z"], "is about ['y', 'z'], which the problem does not compare"),
        ("teams", ["pairs", 0, "prices", "z0"], 3, "is not about the same people: z0"),
        ("teams", ["triangle", "third", "z0"], None, "is not about the same people: z0"),
        ("peers", ["trio", "single", 0, "people"], ["p1", "p2"], "has a trio of 2"),
        ("peers", ["pairs", "sets", 0, "people", 0], "p9", "names 'p9', who is no peer"),
    ],
)
def test_what_is_no_proof_for_these_people_is_refused(kind: str, path: list[Any], value: Any, why: str) -> None:
    proof, problem = PROOFS[kind]
    with pytest.raises(ValueError, match=re.escape(why)):
        read(changed(written(proof, problem), path, value), problem)
