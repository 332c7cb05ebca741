"""`match --out` saves a matching with its proof, `match --verify` proves it again."""

import json
import stat

import pytest

from mentorkit_matchers.optimal import Optimal

AT = ["--at", "2027-01-11T10:00"]


@pytest.fixture
def saved(mentorkit, folder):
    """A saved matching's path, made by the command."""
    ran = mentorkit("match", "pilot.toml", *AT, "--out", "kept.json")
    assert 0 == ran.code, ran.err
    return folder / "kept.json"


def test_a_saved_matching_is_private_names_nobody_and_is_the_same_every_time(mentorkit, folder, saved):
    text = saved.read_text()
    assert 0o600 == stat.S_IMODE(saved.stat().st_mode)
    assert not [name for name in ("Ada", "Osei", "ada@", "Engineering", "python") if name in text]
    assert 0 == mentorkit("match", "pilot.toml", *AT, "--out", "again.json", "--json").code
    assert text == (folder / "again.json").read_text()
    assert [] == list(folder.glob(".*.new"))


def test_a_saved_matching_can_be_read_and_compared_line_by_line(mentorkit, saved):
    document = json.loads(saved.read_text())
    assert ["at", "digests", "format", "from_ledger", "occasions", "program"] == list(document)
    (occasion,) = document["occasions"]
    assert {"kind", "prices", "gains", "at_least", "worst_off"} == set(occasion["proof"])
    assert {"1", "2"} == set(occasion["proof"]["prices"])
    relationships = mentorkit("match", "pilot.toml", *AT, "--json").document["relationships"]
    assert [(one["id"], one["members"], one["score"]) for one in relationships] == [
        (one["id"], one["members"], one["score"]) for one in occasion["relationships"]
    ]
    lines = saved.read_text().splitlines()
    assert all(1 == sum(one["id"] in line for line in lines) for one in relationships)


def test_the_command_that_proves_it_again_is_printed_and_works(mentorkit, saved, monkeypatch):
    ran = mentorkit("match", "pilot.toml", *AT, "--out", "kept.json")
    assert "`mentorkit match pilot.toml --verify kept.json` proves it again" in ran.out
    monkeypatch.setattr(Optimal, "solve", None)  # no matcher is asked
    proven = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert 0 == proven.code
    assert (
        "kept.json holds: program pilot, as of 2027-01-11T10:00:00Z.\n"
        "2 relationships; 2 matched of at most 2, total score 100.0 of at most 100.0, gap 0.0; 6 pairs checked.\n"
    ) == proven.out
    assert "verified in 0." in proven.err


@pytest.mark.parametrize(
    ("matcher", "told"),
    [
        ("stable", "stable: of 3 pairs who list each other, no two would both rather be together."),
        ("random", "no bounds are claimed."),
    ],
)
def test_other_matchers_are_verified_by_what_they_prove(mentorkit, folder, matcher, told):
    program = (folder / "pilot.toml").read_text()
    (folder / "pilot.toml").write_text(f'{program}\n[matching]\nuse = "{matcher}"\n')
    assert 0 == mentorkit("match", "pilot.toml", *AT, "--out", "kept.json").code
    assert told in mentorkit("match", "pilot.toml", "--verify", "kept.json").out
    (folder / "pilot.toml").write_text(program)
    refused = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert 2 == refused.code
    assert f'the program names the matcher "optimal" by now, it was "{matcher}"' in refused.err


def test_lists_that_do_not_make_it_stable_are_found(mentorkit, folder):
    (folder / "pilot.toml").write_text((folder / "pilot.toml").read_text() + '\n[matching]\nuse = "stable"\n')
    assert 0 == mentorkit("match", "pilot.toml", *AT, "--out", "kept.json").code
    document = json.loads((folder / "kept.json").read_text())
    proof = document["occasions"][0]["proof"]
    number = proof["pairs"].index(["5", "1"])
    del proof["pairs"][number], proof["ranks"][number]
    (folder / "kept.json").write_text(json.dumps(document))
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert 2 == ran.code
    assert "error[verify-proof]: the result puts together 5 and 1, who are not listed" in ran.err


def test_as_json_it_says_what_was_checked(mentorkit, saved):
    document = mentorkit("match", "pilot.toml", "--verify", "kept.json", "--json").document
    (occasion,) = document["occasions"]
    assert (True, "pilot", "match", 2) == (
        document["verified"],
        document["program"],
        occasion["occasion"],
        occasion["relationships"],
    )
    assert (100.0, 0.0, 6) == tuple(occasion["certificate"][key] for key in ("total_score", "gap", "pairs_checked"))


def test_it_goes_by_the_moment_of_the_matching(mentorkit, folder):
    header, *rows = (folder / "people.csv").read_text().splitlines()
    paused = [f"{row},{'2027-02-01' if row.startswith('4,') else ''}" for row in rows]
    (folder / "people.csv").write_text("\n".join([f"{header},paused_until", *paused, ""]))
    assert 0 == mentorkit("match", "pilot.toml", "--at", "2027-03-01", "--out", "kept.json").code
    assert 0 == mentorkit("match", "pilot.toml", "--verify", "kept.json").code
    forged = (folder / "kept.json").read_text().replace("2027-03-01", "2027-01-15").replace("2027-03-02", "2027-01-15")
    (folder / "kept.json").write_text(forged)
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert 2 == ran.code


def test_published_relationships_are_taken_as_given_where_they_were(mentorkit, folder):
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    more = "7,Gil Roy,gil@example.org,4,Finance,public speaking,,Europe/Oslo,,mentor\n"
    (folder / "people.csv").write_text((folder / "people.csv").read_text() + more)
    later = ["--at", "2027-01-12T10:00"]
    assert 0 == mentorkit("match", "pilot.toml", *later, "--from-ledger", "--out", "kept.json").code
    document = json.loads((folder / "kept.json").read_text())
    assert (True, 1) == (document["from_ledger"], len(document["occasions"][0]["relationships"]))
    assert 0 == mentorkit("match", "pilot.toml", "--verify", "kept.json").code
    elsewhere = mentorkit("match", "pilot.toml", "--verify", "kept.json", "--folder", "nothing-there")
    assert 2 == elsewhere.code
    assert "can be matched by now and could not" in elsewhere.err


def test_every_difference_is_told_with_exit_code_2(mentorkit, folder, saved):
    people = (folder / "people.csv").read_text().replace("6,Finn Berg", "9,Finn Berg")
    (folder / "people.csv").write_text(people)
    saved.write_text(saved.read_text().replace('"score": 62.5', '"score": 63.5'))
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert (2, "") == (ran.code, ran.out)
    assert "kept.json: error[verify-people]: mentee 6 cannot be matched any more" in ran.err
    assert "kept.json: error[verify-people]: mentee 9 can be matched by now and could not" in ran.err
    assert "scores 62.5, the file says 63.5" in ran.err
    problems = json.loads(mentorkit("match", "pilot.toml", "--verify", "kept.json", "--json").err)["problems"]
    assert {"verify-inputs", "verify-people", "verify-score"} == {one["code"] for one in problems}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "kept.json is not a matching that mentorkit saved: it is no JSON, or only a part of it; make a new one"),
        ('{"format": 1,', "it is no JSON, or only a part of it; make a new one"),
        ("[]", "kept.json is not a matching that mentorkit saved"),
        ('{"format": 2}', "kept.json has the format 2, this mentorkit reads 1"),
        ('{"format": 1, "format": 1}', "it has a key twice"),
        ('{"format": 1, "at": NaN}', "NaN is no number"),
        ('{"format": 1}', 'kept.json: error[missing-key]: "program" is missing'),
    ],
)
def test_what_is_no_saved_matching_is_refused(mentorkit, folder, content, told):
    (folder / "kept.json").write_text(content)
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json")
    assert 2 == ran.code
    assert told in ran.err


def test_every_value_of_the_wrong_kind_is_told(mentorkit, folder, saved):
    text = saved.read_text().replace('"score": 62.5', '"score": "62.5"').replace('"exact": true', '"exact": 1')
    saved.write_text(text)
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json", "--json")
    problems = json.loads(ran.err)["problems"]
    assert 2 == ran.code
    assert {"occasions[0].relationships[0].score", "occasions[0].certificate.exact"} == {
        one["path"] for one in problems
    }


def test_a_file_that_is_not_there_and_one_that_says_no_moment(mentorkit, folder, saved):
    assert "there is no matching none.json" in mentorkit("match", "pilot.toml", "--verify", "none.json").err
    saved.write_text(saved.read_text().replace("2027-01-11T10:00:00Z", "2027-01-11T10:00:00"))
    assert "kept.json says no moment under at" in mentorkit("match", "pilot.toml", "--verify", "kept.json").err


def test_options_that_have_no_say_are_refused(mentorkit, saved):
    ran = mentorkit("match", "pilot.toml", "--verify", "kept.json", "--from-ledger", *AT)
    assert 2 == ran.code
    assert "--verify goes by what the file says: leave --from-ledger and --at out" in ran.err
    ran = mentorkit("match", "pilot.toml", "--out", "kept.json", "--review", "review.csv")
    assert 2 == ran.code
    assert "leave --review out" in ran.err


def test_where_nothing_can_be_written_nothing_is_left(mentorkit, folder):
    ran = mentorkit("match", "pilot.toml", *AT, "--out", "nowhere/kept.json")
    assert 1 == ran.code
    assert "nowhere/kept.json cannot be written" in ran.err
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("name", ["pilot.toml", "people.csv", "plan.json"])
def test_saving_replaces_nothing_but_a_saved_matching(mentorkit, folder, saved, name):
    assert 0 == mentorkit("plan", "pilot.toml", *AT, "--out", "plan.json").code
    before = (folder / name).read_bytes()
    ran = mentorkit("match", "pilot.toml", *AT, "--out", name)
    assert 2 == ran.code
    assert f"{name} is there already and is not a matching that mentorkit saved" in ran.err
    assert "" == ran.out
    assert before == (folder / name).read_bytes()
    assert 0 == mentorkit("match", "pilot.toml", *AT, "--out", saved.name).code


@pytest.mark.parametrize("name", ["pilot.toml", "people.csv", "kept.json"])
def test_saving_a_plan_replaces_nothing_but_a_saved_plan(mentorkit, folder, saved, name):
    before = (folder / name).read_bytes()
    ran = mentorkit("plan", "pilot.toml", *AT, "--out", name)
    assert (2, "") == (ran.code, ran.out)
    assert f"{name} is there already and is not a plan that mentorkit saved" in ran.err
    assert before == (folder / name).read_bytes()
    assert [0, 0] == [mentorkit("plan", "pilot.toml", *AT, "--out", "plan.json").code for _ in "12"]
