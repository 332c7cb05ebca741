"""Days and moments in the languages of readers."""

import re
from datetime import date, timedelta

import pytest

from mentorkit.messages.languages import LANGUAGES, day_text, known_language, moment_text
from mentorkit.testing import a_moment

DAY, FIRST = date(2027, 1, 25), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("language", "day", "first"),
    [
        ("en", "Monday 25 January 2027", "Monday 1 March 2027"),
        ("de", "Montag, 25. Januar 2027", "Montag, 1. März 2027"),
        ("es", "lunes 25 de enero de 2027", "lunes 1 de marzo de 2027"),
        ("fr", "lundi 25 janvier 2027", "lundi 1er mars 2027"),
        ("it", "lunedì 25 gennaio 2027", "lunedì 1º marzo 2027"),
        ("nl", "maandag 25 januari 2027", "maandag 1 maart 2027"),
        ("pt", "segunda-feira, 25 de janeiro de 2027", "segunda-feira, 1 de março de 2027"),
        ("DE-at", "Montag, 25. Januar 2027", "Montag, 1. März 2027"),
        ("pl", "2027-01-25", "2027-03-01"),
        ("", "2027-01-25", "2027-03-01"),
    ],
)
def test_days_are_told_as_the_language_tells_them(language, day, first):
    assert (day, first) == (day_text(DAY, language), day_text(FIRST, language))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_day_of_a_year_is_called_otherwise_and_every_word_is_there(language):
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    told = [day_text(day, language) for day in days]
    assert 365 == len(set(told))
    assert not [one for one in told if "{" in one or not one.endswith(" 2027")]
    said = LANGUAGES[language]
    assert (7, 12) == (len(set(said.weekdays)), len(set(said.months)))
    assert all([said.session, said.beside, said.together, said.leading])
    assert all(re.fullmatch(r"[^{}]*\{number\}[^{}]*", one) for one in (said.more, said.minutes))


def test_moments_are_on_the_clocks_of_a_zone():
    moment = a_moment("2027-01-25T09:00:00+00:00")
    assert "Montag, 25. Januar 2027, 10:00 Uhr (Europe/Berlin)" == moment_text(moment, "Europe/Berlin", "de")
    assert "2027-01-25, 10:00 (Europe/Warsaw)" == moment_text(moment, "Europe/Warsaw", "pl")


def test_the_first_language_that_is_known_counts_else_english():
    assert ["fr", "de", "en"] == [known_language(*one) for one in (("FR_ca", "de"), ("pl", "de"), ("pl", ""))]
