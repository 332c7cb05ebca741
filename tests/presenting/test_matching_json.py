from __future__ import annotations

from mentorkit.core.contracts import Role
from mentorkit.core.relationships import Certificate, Matching, Member, Reason, Relationship, Spare, Unmatched
from mentorkit.presenting.matching_json import match_json

ROLES = (
    Role("mentor", "mentor", served=False),
    Role("mentee", "mentee", served=True),
    Role("buddy", "peer", served=True),
)


def test_the_document_has_the_keys_that_scripts_rely_on() -> None:
    members = (Member("17", "mentor"), Member("42", "mentee"), Member("5", "buddy"))
    matching = Matching(
        relationships=(Relationship("r1", members, 81.3),),
        unmatched=(Unmatched("43", "mentee", (Reason("seniority-gap", 120),)),),
        spare=(Spare("19", "mentor", 2),),
        certificate=Certificate("optimal", True, 812, 61234.5, 812, 61234.5, pairs_checked=406_000),
    )
    assert {
        "relationships": [
            {
                "id": "r1",
                "members": [
                    {"id": "17", "role": "mentor"},
                    {"id": "42", "role": "mentee"},
                    {"id": "5", "role": "buddy"},
                ],
                "mentors": ["17"],
                "mentees": ["42"],
                "peers": ["5"],
                "score": 81.3,
            }
        ],
        "unmatched": [{"id": "43", "role": "mentee", "reasons": [{"rule": "seniority-gap", "blocks": 120}]}],
        "spare": [{"id": "19", "role": "mentor", "places": 2}],
        "certificate": {
            "matcher": "optimal",
            "exact": True,
            "matched": 812,
            "matched_bound": 812,
            "total_score": 61234.5,
            "total_score_bound": 61234.5,
            "gap": 0.0,
            "pairs_checked": 406_000,
        },
    } == match_json(matching, ROLES)


def test_what_a_model_adds_stands_in_the_certificate() -> None:
    matching = Matching((), (), (), Certificate("groups", False, 1, 2.0, extra={"spread": 3}))
    assert {"spread": 3} == match_json(matching, ROLES)["certificate"]["extra"]
    assert match_json(matching, ROLES)["certificate"]["gap"] is None
