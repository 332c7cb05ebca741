from datetime import date, timedelta

import pytest
from attrs import evolve

from mentorkit.core.history import History
from mentorkit.core.learning import applied, learn
from mentorkit.core.learning.recognizing import new_signs, signs, tells_of_change
from mentorkit.core.standing import standing
from mentorkit.testing import a_catalogue, a_moment, a_person, a_program, a_roster
from mentorkit_models.one_on_one import OneOnOne

AT = a_moment("2027-03-01T12:00:00+00:00")
CATALOGUE = a_catalogue(models=[OneOnOne()])
MINA = a_person("42", "mentee", name="Mina Roy", email="mina@example.org", hire_date=date(2024, 5, 1))


def known_as(person):
    return History(ledger_id="l", numbers={"42": 1}, identities=new_signs(a_roster(person), {"42": 1}, {}, "pilot"))


def learned(before, **changes):
    now = evolve(before, values={**before.values, **changes})
    return learn(a_program(), a_roster(now), CATALOGUE, known_as(before), (), AT).happening


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Mina Shah"},
        {"email": "mina.shah@example.org"},
        {"name": "Mina Shah", "email": "mina.shah@example.org"},  # hired on the same day as ever
        {"hire_date": date(2024, 6, 1)},
        {"name": "MINA ROY", "email": "mina2@example.org", "hire_date": date(2026, 1, 1)},
    ],
)
def test_who_marries_moves_or_is_corrected_is_the_same_person(changes):
    assert not learned(MINA, **changes)


def test_an_id_with_another_name_address_and_hire_date_pauses_until_somebody_says_who_it_is():
    happening = learned(MINA, name="Tom Lee", email="tom@example.org", hire_date=date(2027, 2, 15))
    (event,) = happening.events
    assert ("42", "paused", "") == (event.person, event.kind, event.value)
    assert tells_of_change(event)
    history = applied(known_as(MINA), happening)
    assert {"42"} == standing(a_roster(), history, AT.date()).paused
    assert {"42"} == standing(a_roster(), history, date(2030, 1, 1)).paused


def test_without_a_hire_date_name_and_address_must_do():
    undated = a_person("42", "mentee", name="Mina Roy", email="mina@example.org")
    assert learned(undated, name="Tom Lee", email="tom@example.org")
    assert not learned(undated, name="Tom Lee")


def test_signs_show_nobody():
    assert "mina" not in signs(MINA, "pilot").casefold()
    assert signs(MINA, "pilot") != signs(MINA, "other program")


def test_what_the_roster_says_of_the_other_person_ends_no_such_pause():
    happening = learned(MINA, name="Tom Lee", email="tom@example.org", hire_date=date(2027, 2, 15))
    history = evolve(applied(known_as(MINA), happening), identities={})
    tom = a_person("42", "mentee", name="Tom Lee", email="tom@example.org", paused_until=date(2027, 3, 8))
    again = learn(a_program(), a_roster(tom), CATALOGUE, history, (), AT + timedelta(days=1)).happening
    assert () == again.events
    assert {"42"} == standing(a_roster(tom), history, date(2027, 4, 1)).paused
