"""What is counted in a roster; the expected value comes first."""

from __future__ import annotations

from datetime import date

from mentorkit.core.advising import facts_of
from mentorkit.core.contracts import Role
from mentorkit.core.roster import Person, Roster

SIDES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PEERS = (Role("peer", "peer", served=True),)
DAY = date(2027, 1, 11)


def person(name: str, role: str, places: int = 1, **values: object) -> Person:
    return Person(name, (role,) if role else (), {role: places} if role else {}, values)  # type: ignore[arg-type]


def test_people_places_levels_and_filled_cells_are_counted() -> None:
    people = (
        person("1", "mentor", 3, level=4),
        person("2", "mentee", level=1),
        person("3", "", level=1, erg=frozenset("x")),
    )

    facts = facts_of(Roster(people), SIDES, DAY, weeks=8, hours=0.5, sponsor=True)

    assert (3, {"mentor": 1, "mentee": 1}, {"mentor": 3, "mentee": 1}, 2) == (
        facts.people, facts.by_role, facts.places, facts.levels,
    )  # fmt: skip
    assert (True, False, 1 / 3) == (facts.has("level"), facts.has("skills"), facts.members)
    assert (8, 0.5, True) == (facts.weeks, facts.hours, facts.sponsor)


def test_topics_are_what_mentors_offer_and_knowing_is_what_somebody_else_wants() -> None:
    people = (
        person("1", "mentor", skills=frozenset({"law", "tax"})),
        person("2", "mentor", skills=frozenset({"art"})),
        person("3", "mentee", wants=frozenset({"tax"}), skills=frozenset({"chess"})),
    )

    facts = facts_of(Roster(people), SIDES, DAY)

    assert (3, {"mentor": 1, "mentee": 0}) == (facts.topics, facts.knowing)


def test_a_peer_who_alone_wants_what_they_offer_serves_nobody() -> None:
    people = (
        person("1", "peer", skills=frozenset({"law"}), wants=frozenset({"law"})),
        person("2", "peer", skills=frozenset({"art"})),
    )

    assert {"peer": 0} == facts_of(Roster(people), PEERS, DAY).knowing


def test_zones_six_hours_apart_have_two_office_hours_in_common() -> None:
    zones = ("Europe/London", "America/Chicago", "Asia/Tokyo")  # 0, 6 and 9 hours apart from London
    people = tuple(person(zone, "peer", timezone=zone) for zone in zones)

    assert 1 / 3 == facts_of(Roster(people), PEERS, DAY).overlap
    assert facts_of(Roster(people[:1]), PEERS, DAY).overlap is None
