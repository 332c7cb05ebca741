"""`mentorkit advise` on real rosters; the expected value comes first."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from mentorkit.command_line.boundary import run_command
from mentorkit.core.problems import Effort
from mentorkit.core.proposing import propose
from mentorkit.plugin_loading import build_catalogue, with_plugin_files
from mentorkit.starting.sheets import Source, read_sheets
from mentorkit.starting.trying import Question, ask

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PILOT = str(EXAMPLES / "pilot" / "people.csv")
SIGN_UPS = [f"{role}={EXAMPLES / 'civil-service' / f'{role}s.csv'}" for role in ("mentor", "mentee")]
STARTS = ("--starts", "2027-01-11", "--time-limit", "1s")


def advised(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert 0 == run_command(["advise", *arguments, *STARTS, "--json"])
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def options(found: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for one in found["options"]}


def test_it_says_why_one_on_one_cannot_place_everybody(capfd: pytest.CaptureFixture[str]) -> None:
    found = options(advised(capfd, PILOT, "--goal", "career-growth"))["one-on-one"]

    assert not found["possible"]
    assert ["17 mentors offer 17 places for 90 mentees: 73 more are needed"] == [one["says"] for one in found["gates"]]
    assert (90, 16, "17 mentors offer 17 places") == tuple(found["trial"][k] for k in ("served", "placed", "because"))


GRADES = ("Trainee", "Analyst", "Senior", "Lead", "Head", "Director")


def test_where_the_upper_levels_are_too_few_it_proposes_another_line_and_says_what_comes_of_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "people.csv"
    numbers = (6, 4, 8, 2, 1, 1)
    grades = [grade for grade, number in zip(GRADES, numbers, strict=True) for _ in range(number)]
    roster.write_text("id,Grade\n" + "".join(f"{n},{grade}\n" for n, grade in enumerate(grades)))
    said = (str(roster), "--goal", "career-growth", "--level-order", ",".join(GRADES))
    found = options(advised(capfd, *said))["one-on-one"]

    assert not found["possible"]
    assert {"mentor": (4, None, 4), "mentee": (None, 3, 18)} == drawn(found["line"])
    assert {"mentor": (3, None, 12), "mentee": (None, 2, 10)} == drawn(found["other_line"])
    assert (10, 10) == tuple(found["other_line"]["trial"][key] for key in ("served", "placed"))
    assert 0 == run_command(["advise", *said, *STARTS])
    told = capfd.readouterr().out
    assert "roles   mentor: level Lead and above (4), mentee: level Senior and below (18)" in told
    assert "instead it could be with mentor: level Senior and above (12), mentee: level Analyst and below (10)" in told
    assert "mentor.level = { at_least = 3 } and mentee.level = { at_most = 2 }" in told


def drawn(line: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    return {
        role: (one["level"].get("at_least"), one["level"].get("at_most"), one["people"])
        for role, one in line["roles"].items()
    }


def test_where_roles_are_signed_up_for_or_a_line_would_not_help_none_is_proposed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = options(advised(capfd, *SIGN_UPS, "--goal", "career-growth"))
    assert [None, None] == [found[name]["line"] for name in ("one-on-one", "peer")]
    roster = tmp_path / "people.csv"
    roster.write_text("id,level\n" + "".join(f"{n},{1 if n > 3 else n}\n" for n in range(1, 30)))
    few = options(advised(capfd, str(roster), "--goal", "career-growth"))["one-on-one"]
    assert (False, None) == (few["possible"], few["other_line"])


def test_the_trial_of_a_model_on_request_says_that_it_counts_as_if_all_asked_at_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = options(advised(capfd, PILOT, "--goal", "quick-win"))
    assert {"flash"} == {name for name, one in found.items() if one["trial"]["at_once"]}
    assert "without anybody if all ask at once" in found["flash"]["modifiers"][-1]["because"]


def test_where_groups_are_full_it_counts_groups_and_not_a_place_for_each_mentor(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "people.csv"
    roster.write_text("id,role\n1,mentor\n2,mentor\n" + "".join(f"{n},mentee\n" for n in range(3, 33)))
    trial = options(advised(capfd, str(roster), "--goal", "onboarding"))["group"]["trial"]

    assert (30, 16, 2) == tuple(trial[k] for k in ("served", "placed", "relationships"))
    assert "2 groups are full, and nobody is left to lead another" == trial["because"]


def test_sign_up_sheets_are_read_by_role_and_one_on_one_places_everybody(capfd: pytest.CaptureFixture[str]) -> None:
    found = advised(capfd, *SIGN_UPS, "--goal", "career-growth")

    one = options(found)["one-on-one"]
    assert ("one-on-one", True, 50, 50) == (
        found["best"],
        one["possible"],
        one["trial"]["served"],
        one["trial"]["placed"],
    )
    assert "email address" == found["columns"]["id"]["recipe"]


def test_who_signed_up_as_a_mentor_is_none_in_a_model_of_junior_mentors(capfd: pytest.CaptureFixture[str]) -> None:
    found = options(advised(capfd, *SIGN_UPS, "--goal", "executive-awareness"))["reverse"]

    assert 50 != found["roles"]["mentor"]["people"]
    assert 100 == sum(one["people"] for one in found["roles"].values())


def test_a_third_party_model_is_advised_like_ours() -> None:
    source = Source(EXAMPLES / "triangle" / "people.csv")
    sheet, _ = read_sheets([source])
    catalogue = with_plugin_files(build_catalogue(), [(EXAMPLES / "triangle" / "triangle.py", "triangle.py")])
    catalogue = evolve(catalogue, models={name: catalogue.models[name] for name in ("one-on-one", "triangle")})
    goals = {"executive-awareness": 1.0, "networks": 1.0}

    advice = ask(Question(goals, (source,), sheet, propose(sheet), date(2027, 1, 11), Effort), catalogue)

    (found,) = [one for one in advice.options if one.name == "triangle"]
    assert found.points == 3.0 + sum(one.points for one in found.fit.modifiers)
    assert found.trial.refused or found.trial.placed > 0


def test_what_it_writes_passes_check(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["--goal", "career-growth", "--weeks", "16", "--write", str(tmp_path / "pilot"), *STARTS]

    assert 0 == run_command(["advise", *SIGN_UPS, *arguments])
    assert 0 == run_command(["check", str(tmp_path / "pilot" / "program.toml")])

    written = (tmp_path / "pilot" / "program.toml").read_text(encoding="utf-8")
    assert 'length = "16 weeks"' in written
    assert 'role = "mentor"' in written
    assert "ready to run" in capfd.readouterr().out


def hired(folder: Path, newcomers: int) -> str:
    """Write 20 people of two levels, of whom some are new; return the file."""
    today = datetime.now(UTC).date()
    days = [20] * newcomers + [900] * (20 - newcomers)
    rows = [f"{at},P{at},p{at}@example.org,{1 + at % 2},{today - timedelta(ago)}" for at, ago in enumerate(days)]
    (folder / "people.csv").write_text("\n".join(["id,name,email,level,hire_date", *rows]), encoding="utf-8")
    return str(folder / "people.csv")


def test_it_begins_with_the_template_that_is_most_for_the_goals(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    roster = hired(tmp_path, newcomers=5)

    found = advised(capfd, roster, "--goal", "onboarding", "--write", str(tmp_path / "new"))

    assert ("peer", "onboarding-buddies") == (found["best"], options(found)["peer"]["template"])
    assert [] == options(found)["peer"]["passed_over"]
    written = (tmp_path / "new" / "program.toml").read_text(encoding="utf-8")
    assert 'extends = "onboarding-buddies >=1.1,<2"' in written
    assert "[roster.roles" not in written
    assert 0 == run_command(["check", str(tmp_path / "new" / "program.toml")])


def test_groups_for_onboarding_begin_with_the_template_for_it(capfd: pytest.CaptureFixture[str]) -> None:
    found = options(advised(capfd, PILOT, "--goal", "onboarding"))

    assert "group-onboarding" == found["group"]["template"]


def test_a_template_that_check_refuses_is_passed_over_and_it_says_why(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    roster, new = hired(tmp_path, newcomers=0), tmp_path / "new"

    assert 0 == run_command(["advise", roster, "--goal", "onboarding", "--write", str(new), *STARTS])

    ran = capfd.readouterr()
    assert "  template peer-mentoring\n          not onboarding-buddies: nobody takes part as newcomer" in ran.out
    assert "Template peer-mentoring, not onboarding-buddies: nobody takes part as newcomer" in ran.err
    assert 'extends = "peer-mentoring' in (new / "program.toml").read_text(encoding="utf-8")
    assert 0 == run_command(["check", str(new / "program.toml")])


def test_a_template_whose_columns_the_roster_lacks_is_passed_over(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.csv").write_text("id,name\n" + "".join(f"{at},P{at}\n" for at in range(8)))

    peer = options(advised(capfd, str(tmp_path / "people.csv"), "--goal", "onboarding", "--goal", "networks"))["peer"]

    assert [{"template": "onboarding-buddies", "because": "the roster has no hire_date"}] == peer["passed_over"]
    assert "remote-coffee" == peer["template"]


def test_no_runner_up_is_named_that_serves_none_of_the_goals(capfd: pytest.CaptureFixture[str]) -> None:
    assert 0 == run_command(["advise", PILOT, "--goal", "executive-awareness", *STARTS])

    first = capfd.readouterr().out.partition("\n")[0]
    assert "Best for you: reverse" in first
    assert "no runner-up: no other model that is possible here serves these goals and has points" in first


def test_what_a_model_of_junior_mentors_lacks_is_levels_where_people_signed_up(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.csv").write_text("id,role\n1,mentor\n2,mentee\n3,mentor\n4,mentee\n")

    reverse = options(advised(capfd, str(tmp_path / "people.csv"), "--goal", "inclusion"))["reverse"]

    assert "here juniors are mentors, whatever people signed up as" in reverse["trial"]["refused"]
    lacking = [one["what"] for one in reverse["lacks"]]
    assert (True, False) == ("level" in lacking, any("role" in one for one in lacking))


def test_people_without_names_get_a_program_that_their_columns_are_enough_for(tmp_path: Path) -> None:
    networks = [str(EXAMPLES / "triangle" / "networks.csv"), "--column", "erg_consent=may be used for matching"]
    arguments = ["--goal", "inclusion", "--write", str(tmp_path / "new"), *STARTS]

    assert 0 == run_command(["advise", *networks, *arguments])
    assert 0 == run_command(["check", str(tmp_path / "new" / "program.toml")])


def test_within_a_scope_only_its_members_count(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = ["id,erg,erg_consent", *(f"{at},elk,yes" for at in range(3)), *(f"{at},," for at in range(3, 9))]
    (tmp_path / "people.csv").write_text("\n".join(rows), encoding="utf-8")

    found = options(advised(capfd, str(tmp_path / "people.csv"), "--goal", "inclusion"))

    assert (9, 3) == (found["peer"]["trial"]["served"], found["erg + peer"]["trial"]["served"])
    assert "elk" not in str(found)


def test_it_writes_over_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "program.toml").write_text("mine")

    assert 2 == run_command(["advise", PILOT, "--goal", "inclusion", "--write", str(tmp_path), *STARTS])

    assert "mine" == (tmp_path / "program.toml").read_text()
    assert "nothing is written over it" in capfd.readouterr().err


def test_a_file_without_ids_is_refused_with_what_to_ask_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "export.csv"
    file.write_text("Department,Grade\nLaw,EO\nLaw,EO\n")

    assert 2 == run_command(["advise", str(file), "--goal", "inclusion"])

    told = capfd.readouterr().err
    assert "no column tells the people apart" in told
    assert "ask HR for an id, or a mail address, that no two people share" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--goal", "carer-growth"], "career-growth"),
        (["--goal", "inclusion=0"], "above 0"),
        ([], "--goal"),
        (["--goal", "inclusion", "--column", "levle=title"], "level"),
        (["--goal", "inclusion", "--column", "level=Tilte"], "title"),
    ],
)
def test_wrong_usage_is_told(capfd: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert 2 == run_command(["advise", PILOT, *arguments])
    assert told in capfd.readouterr().err


def test_the_page_needs_nothing_else_and_has_both_charts(tmp_path: Path) -> None:
    page = tmp_path / "comparison.html"

    assert 0 == run_command(["advise", PILOT, "--goal", "inclusion", "--html", str(page), *STARTS])

    text = page.read_text(encoding="utf-8")
    assert ('id="points"' in text, 'id="placed"' in text) == (True, True)
    assert "http" not in text.replace("http-equiv", "")
    assert "<script" not in text
