from datetime import date

import pytest
from holidays import list_supported_countries

from mentorkit.core.moments import add_length
from mentorkit.core.program import Length
from mentorkit.core.working_days import WorkingDays
from mentorkit.holiday_calendars import holidays_version, read_holidays

FIRST, LAST = date(2026, 1, 1), date(2028, 1, 1)


def days_of(cell):
    return read_holidays([cell], FIRST, LAST).countries[cell]


@pytest.mark.parametrize("cell", ["DE", "de", "DEU", "Germany"])
def test_a_country_is_written_in_many_ways(cell):
    assert "DE" == days_of(cell).country


@pytest.mark.parametrize("cell", ["GB", "UK", "GBR", "United Kingdom", "united-kingdom", "UnitedKingdom"])
def test_names_of_several_words_are_read(cell):
    assert "GB" == days_of(cell).country


def test_parts_of_a_country_have_holidays_of_their_own():
    epiphany = date(2027, 1, 6)
    assert epiphany in days_of("DE")
    assert epiphany not in days_of("DE-BY")
    assert epiphany not in days_of("de-by")


@pytest.mark.parametrize(
    ("cell", "country"),
    [("AR-E", "AR-E"), ("AR-M", "AR-M"), ("BO-L", "BO-L"), ("SE-N", "SE"), ("GR-D", "GR"), ("Guinea-Bissau", "GW")],
)
def test_a_code_before_the_dash_is_the_country_whatever_the_whole_spells(cell, country):
    assert country == days_of(cell).country


def test_every_part_of_a_country_that_the_library_knows_is_read():
    cells = [f"{code}-{part}" for code, parts in list_supported_countries(False).items() for part in parts]
    reading = read_holidays([*cells, "it-andria"], FIRST, FIRST)
    assert ((), "IT-Andria") == (reading.diagnostics, reading.countries["it-andria"].country)
    assert cells == [reading.countries[cell].country for cell in cells]


@pytest.mark.parametrize(
    ("cell", "weekend", "holiday"),
    [
        ("IL", (4, 5), date(2027, 10, 11)),
        ("SA", (4, 5), date(2027, 9, 23)),
        ("AE", (5, 6), date(2027, 12, 2)),
        ("US", (5, 6), date(2027, 11, 25)),
    ],
)
def test_weekends_and_holidays_are_the_countrys(cell, weekend, holiday):
    assert weekend == days_of(cell).weekend
    assert holiday not in days_of(cell)


def test_saturdays_that_are_worked_in_exchange_are_working_days():
    assert date(2026, 1, 10) in days_of("HU")  # for Friday, 2 January
    assert date(2026, 1, 2) not in days_of("HU")


def test_cells_that_name_no_country_are_named_once():
    reading = read_holidays(["Atlantis", "DE", "Mars", "DE-XX", "b", "c", "d", "e"], FIRST, LAST)
    assert {"DE", "DE-XX"} == set(reading.countries)
    assert "DE" == reading.countries["DE-XX"].country
    unknown, part = reading.diagnostics
    assert (
        'no holidays are known of "Atlantis", "Mars", "b", "c", "d" and 1 more in the column country: people there '
        "count as working from Monday to Friday"
    ) == unknown.message
    assert '"DE-XX" in the column country names no part of a country' in part.message


def test_nothing_is_said_about_nobody():
    assert ({}, ()) == (read_holidays([], FIRST, LAST).countries, read_holidays([], FIRST, LAST).diagnostics)


@pytest.mark.parametrize(
    ("cell", "day", "amount", "expected"),
    [
        ("DE", date(2027, 3, 25), 1, date(2027, 3, 30)),  # Good Friday and Easter Monday between
        ("DE", date(2027, 3, 30), -1, date(2027, 3, 25)),
        ("DE", date(2027, 3, 26), 0, date(2027, 3, 30)),
        ("US", date(2027, 3, 25), 1, date(2027, 3, 26)),
        ("IL", date(2027, 1, 7), 1, date(2027, 1, 10)),  # Thursday to Sunday
        ("IL", date(2027, 1, 10), -1, date(2027, 1, 7)),
        ("IL", date(2027, 1, 9), 0, date(2027, 1, 10)),
        ("HU", date(2026, 1, 9), 1, date(2026, 1, 10)),
    ],
)
def test_business_days_are_those_of_the_country(cell, day, amount, expected):
    assert expected == add_length(day, Length(amount, "business days"), days_of(cell))


def test_without_holidays_a_country_counts_like_none():
    plain = WorkingDays("XX")
    for amount in range(-12, 13):
        for day in range(1, 15):
            start, length = date(2027, 1, day), Length(amount, "business days")
            assert add_length(start, length) == add_length(start, length, plain)


def test_the_version_of_the_data_is_known():
    assert 2 <= len(holidays_version().split("."))
