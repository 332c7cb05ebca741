from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.zones import (
    day_end,
    known_zones,
    last_day_before,
    person_zone,
    to_local,
    to_utc,
    tzdata_version,
    utc_text,
    zone,
)
from mentorkit.testing import a_moment, a_person

ALL = sorted(known_zones())
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def test_nine_in_the_morning_exists_on_every_day_everywhere():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 5 * 365, 29)]
    for name in ALL:
        for day in days:
            local = datetime.combine(day, time(9))
            assert local == to_local(to_utc(local, name), name)


@given(st.sampled_from(ALL), DAYS, st.integers(0, 1439))
@settings(max_examples=300, deadline=None)
def test_all_clocks_differ_by_quarters_of_an_hour(name, day, minute):
    moment = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
    offset = to_local(moment, name) - moment.replace(tzinfo=None)
    assert timedelta(0) == offset % timedelta(minutes=15)


@given(st.sampled_from(ALL), DAYS)
@settings(max_examples=300, deadline=None)
def test_a_day_ends_where_the_next_begins(name, day):
    end = day_end(day, name)
    assert day < to_local(end, name).date()
    assert day == to_local(end - timedelta(seconds=1), name).date()
    assert timedelta(hours=21) <= end - day_end(day - timedelta(days=1), name) <= timedelta(hours=27)


def test_a_skipped_time_is_read_with_the_offset_before_the_change():
    assert a_moment("2027-03-28T01:30:00+00:00") == to_utc(datetime.fromisoformat("2027-03-28T01:30"), "Europe/London")
    assert datetime.fromisoformat("2027-03-28T02:30") == to_local(
        a_moment("2027-03-28T01:30:00+00:00"), "Europe/London"
    )


def test_a_time_that_happens_twice_is_the_first():
    assert a_moment("2027-10-31T00:30:00+00:00") == to_utc(datetime.fromisoformat("2027-10-31T01:30"), "Europe/London")


def test_a_person_lives_in_their_own_zone_or_the_programs():
    assert "Asia/Tokyo" == person_zone(a_person("1", timezone="Asia/Tokyo"), "Europe/London")
    assert "Europe/London" == person_zone(a_person("1", timezone="Middle Earth"), "Europe/London")
    assert "Europe/London" == person_zone(a_person("1"), "Europe/London")
    assert "Europe/London" == person_zone(None, "Europe/London")


def test_an_unknown_zone_is_refused():
    with pytest.raises(KeyError):
        zone("Middle Earth")


def test_the_zone_data_say_their_version():
    assert "20" == tzdata_version()[:2]


def test_documents_write_moments_in_utc_and_whole_seconds():
    assert "2027-01-11T09:00:00Z" == utc_text(a_moment("2027-01-11T09:00:00.750000+00:00"))
    assert "2027-01-11T03:30:00Z" == utc_text(a_moment("2027-01-11T09:00:00+05:30"))


def test_midnight_belongs_to_the_day_that_it_ends():
    midnight = a_moment("2027-01-12T05:00:00+00:00")  # in New York
    assert date(2027, 1, 11) == last_day_before(midnight, "America/New_York")
    assert date(2027, 1, 12) == last_day_before(midnight + timedelta(seconds=1), "America/New_York")
    assert midnight == day_end(last_day_before(midnight, "America/New_York"), "America/New_York")
