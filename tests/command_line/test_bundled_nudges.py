"""The bundled template asks every pair of which nothing is heard about two weeks after the start, and no other."""

import pytest

from mentorkit.testing import program_folder

PEOPLE = """\
id,name,email,level,skills,wants,timezone,manager_id,role
1,Ada Osei,ada@example.org,4,python,,Europe/London,,mentor
2,Ben Ruiz,ben@example.org,4,sales,,Europe/London,,mentor
3,Dev Patel,dev@example.org,2,,python,Europe/London,,mentee
4,Eva Novak,eva@example.org,2,,sales,Europe/London,,mentee
"""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
EXTENDS = 'extends = "traditional-one-on-one"\n\n[program]\nsignup_closes = 2027-01-06'
NUDGED = ("2027-01-21", "2027-01-22", "2027-01-25", "2027-01-26", "2027-01-27")


@pytest.mark.parametrize(("day", "weekday", "nudged"), list(zip(range(11, 16), WEEKDAYS, NUDGED, strict=True)))
def test_a_pair_that_says_nothing_is_nudged_once_and_one_that_met_is_not(folder, mentorkit, day, weekday, nudged):
    program = (folder / "pilot.toml").read_text("utf-8").replace("[program]", EXTENDS)
    program_folder(folder, {"people.csv": PEOPLE, "pilot.toml": f'{program}\n[sessions]\ndays = ["{weekday}"]\n'})
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-07T10:00").code
    met = mentorkit("record", "pilot.toml", "met", "--person", "3", "--at", f"2027-01-{day}T18:00")
    assert 0 == met.code, met.err

    asked = mentorkit("run", "pilot.toml", "--at", f"{nudged}T10:00")

    assert "2 nudge" in asked.out, asked
    nudges = [path for path in folder.rglob("*nudge*") if path.suffix == ".eml"]
    assert 2 == len(nudges)
    assert all("Ada" not in path.read_text("utf-8") and "Dev" not in path.read_text("utf-8") for path in nudges)
