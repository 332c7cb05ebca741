from datetime import timedelta

import pytest
from attrs import evolve

from mentorkit.core.happenings import Happening
from mentorkit.core.history import Event, History, KnownRelationship, RosterSeen
from mentorkit.core.planning.expecting import expect
from mentorkit.testing import a_moment, a_person, a_relationship, a_roster

AT = a_moment("2027-03-01T12:00:00+00:00")
PEOPLE = [str(number) for number in range(1, 41)]
HISTORY = History(numbers={one: int(one) for one in PEOPLE}, participants=frozenset(PEOPLE))


def roster_without(*absent):
    return a_roster(*(a_person(one, "mentee") for one in PEOPLE if one not in absent))


def left(*people, by="mentorkit:left"):
    return Happening(events=tuple(Event(f"{by}:p{one}:2027-03-01", AT, one, "left", "") for one in people))


def test_who_is_not_in_the_roster_is_missing():
    found = expect(roster_without("7", "9"), HISTORY, Happening())
    assert (("7", "9"), 0.05, False) == (found.missing, found.missing_share, found.suspicious)


def test_more_than_a_tenth_missing_is_suspicious():
    assert not expect(roster_without(*PEOPLE[:4]), HISTORY, Happening()).suspicious
    assert expect(roster_without(*PEOPLE[:5]), HISTORY, Happening()).suspicious


def test_they_stay_missing_where_missing_means_left():
    found = expect(roster_without(*PEOPLE[:5]), HISTORY, left(*PEOPLE[:5]))
    assert (tuple(PEOPLE[:5]), (), True) == (found.missing, found.leaving, found.suspicious)


@pytest.mark.parametrize(("leaving", "suspicious"), [(4, False), (5, True)])
def test_more_than_a_tenth_leaving_at_once_by_the_roster_is_suspicious(leaving, suspicious):
    found = expect(roster_without(), HISTORY, left(*PEOPLE[:leaving]))
    assert ((), tuple(PEOPLE[:leaving]), suspicious) == (found.missing, found.leaving, found.suspicious)


def test_a_few_may_leave_a_small_program():
    small = History(numbers={"1": 1, "2": 2, "3": 3}, participants=frozenset("123"))
    found = expect(a_roster(a_person("1"), a_person("2"), a_person("3")), small, left("1"))
    assert (("1",), False) == (found.leaving, found.suspicious)


def test_whom_somebody_recorded_as_left_is_neither_missing_nor_leaving():
    told = left(*PEOPLE[:20], by="said")
    assert expect(roster_without(*PEOPLE[:20]), HISTORY, told) == expect(roster_without(), HISTORY, told)


def test_who_has_left_before_or_whose_relationships_have_all_ended_is_not_expected():
    pair = a_relationship(("1", "mentor"), ("2", "mentee"))
    over = KnownRelationship(pair, "ended", AT - timedelta(days=9), AT, "ended")
    history = History(
        numbers={"1": 1, "2": 2, "3": 3},
        participants=frozenset("123"),
        relationships=(over,),
        events=(Event("e", AT, "3", "left", ""),),
    )
    assert () == expect(a_roster(), history, Happening()).missing


def test_who_was_only_invited_or_manages_is_not_expected():
    invited = evolve(HISTORY, numbers={**HISTORY.numbers, **{f"i{number}": 100 + number for number in range(100)}})
    found = expect(roster_without("7", "9"), invited, Happening())
    assert (("7", "9"), 0.05) == (found.missing, found.missing_share)


def test_a_roster_that_lost_a_column_that_decides_about_people_is_suspicious():
    seen = RosterSeen(AT, "d", 40, 40, ("email", "id", "left_on", "name", "role", "skills"))
    found = expect(roster_without(), evolve(HISTORY, rosters=(seen,)), Happening())
    assert (("left_on", "role"), True) == (found.lost_columns, found.suspicious)
    again = evolve(seen, columns=("email", "id", "name"))
    assert not expect(roster_without(), evolve(HISTORY, rosters=(seen, again)), Happening()).suspicious
