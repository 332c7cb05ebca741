"""Commands that only read: check, show, match, plan, status, plugins, templates."""

import json
import tomllib

import pytest

AT = ("--at", "2027-01-11T10:00")


def test_check_says_that_a_program_can_run(mentorkit):
    ran = mentorkit("check", "pilot.toml")
    assert (0, "pilot.toml: ready to run\n") == (ran.code, ran.out)


def test_check_names_all_problems_with_their_places(mentorkit, folder):
    program = (folder / "pilot.toml").read_text()
    program = program.replace('name = "Pilot"', 'nme = "Pilot"').replace("one-on-one", "one-to-one")
    (folder / "pilot.toml").write_text(program)
    ran = mentorkit("check", "pilot.toml")
    assert 2 == ran.code
    assert "pilot.toml:4:1: error[unknown-key]: " in ran.err
    assert 'did you mean "name"?' in ran.err
    assert "pilot.toml:13:1: error[" in ran.err
    assert 'did you mean "one-on-one"?' in ran.err
    as_json = mentorkit("check", "pilot.toml", "--json")
    assert (2, "") == (as_json.code, as_json.err)
    assert {"unknown-key"} <= {one["code"] for one in as_json.document["problems"]}


def test_check_places_a_roster_problem_in_the_roster(mentorkit, folder):
    people = (folder / "people.csv").read_text().replace("Europe/Oslo", "Europe/Olso")
    (folder / "people.csv").write_text(people)
    ran = mentorkit("check", "pilot.toml")
    assert 2 == ran.code
    assert "people.csv:6:" in ran.err
    assert 'did you mean "Europe/Oslo"?' in ran.err


def test_show_prints_the_resolved_program_as_toml(mentorkit):
    shown = tomllib.loads(mentorkit("show", "pilot.toml").out)
    assert ("Pilot", "24 weeks") == (shown["program"]["name"], shown["program"]["length"])
    assert "overlap" == shown["matching"]["criteria"]["skills"]["kind"]


def test_show_says_where_each_value_comes_from(mentorkit):
    lines = {line.split(" = ")[0]: line for line in mentorkit("show", "pilot.toml", "--origin").out.splitlines()}
    assert lines["program.name"].endswith("# pilot.toml:4")
    assert "# traditional-one-on-one/template.toml:" in lines["sessions.agendas"]
    assert "# program-basics/template.toml:" in lines["sessions.hours"]
    as_json = mentorkit("show", "pilot.toml", "--origin", "--json").document["values"]
    assert {"path": "program.starts", "value": "2027-01-11", "origin": "pilot.toml:5"} in as_json


def test_match_prints_pairs_unmatched_people_and_the_proof(mentorkit):
    ran = mentorkit("match", "pilot.toml", *AT)
    assert 0 == ran.code
    assert "2 matched of 2 possible" in ran.out
    assert "Proven: no other allowed matching" in ran.out
    assert "unmatched\n" in ran.out


def test_match_as_json_has_the_fixed_keys(mentorkit):
    document = mentorkit("match", "pilot.toml", "--json", *AT).document
    assert ["relationships", "unmatched", "spare", "certificate"] == list(document)
    relationship = document["relationships"][0]
    assert {"id", "members", "mentors", "mentees", "peers", "score"} == set(relationship)
    bounds = {"matched_bound", "total_score_bound", "gap", "pairs_checked"}
    certificate = {"matcher", "exact", "matched", "total_score", *bounds}
    assert certificate == set(document["certificate"])
    assert (2, 0.0) == (document["certificate"]["matched"], document["certificate"]["gap"])


def test_match_touches_nothing(mentorkit, folder):
    before = sorted(folder.rglob("*"))
    mentorkit("match", "pilot.toml", *AT)
    mentorkit("plan", "pilot.toml", *AT)
    mentorkit("status", "pilot.toml", *AT)
    assert before == sorted(folder.rglob("*"))


def test_match_explains_a_person_criterion_by_criterion(mentorkit):
    document = mentorkit("match", "pilot.toml", "--json", *AT).document
    matched = document["relationships"][0]["mentees"][0]
    told = mentorkit("match", "pilot.toml", "--explain", matched, *AT).out
    assert "criterion" in told
    assert "skills" in told
    assert f"{document['relationships'][0]['score']:.1f}" in told
    (explained,) = mentorkit("match", "pilot.toml", "--explain", matched, "--json", *AT).document["explanations"]
    (pair,) = explained["relationships"][0]["pairs"]
    assert pair["score"] == pytest.approx(sum(one["points"] for one in pair["criteria"]))


def test_match_explains_who_is_unmatched(mentorkit):
    document = mentorkit("match", "pilot.toml", "--json", "--explain-unmatched", *AT).document
    (unmatched,) = document["unmatched"]
    assert [unmatched["id"]] == [one["id"] for one in document["explanations"]]
    told = mentorkit("match", "pilot.toml", "--explain-unmatched", *AT).out
    assert "unmatched as mentee" in told
    assert "all full" in told


def test_match_refuses_to_explain_a_stranger(mentorkit):
    ran = mentorkit("match", "pilot.toml", "--explain", "44", *AT)
    assert (2, "") == (ran.code, ran.out)
    assert "nobody in the roster has the id '44'; did you mean" in ran.err


def test_plan_shows_now_later_and_the_time_it_asks_of_people(mentorkit):
    told = mentorkit("plan", "pilot.toml", *AT).out
    assert "send now: " in told
    assert "match-announcement to mentor: 2 messages" in told
    assert "later: " in told
    assert "hours of people's time" in told


def test_plan_as_json_is_the_saved_plan_and_the_workload(mentorkit, folder):
    document = mentorkit("plan", "pilot.toml", "--json", "--out", "plan.json", *AT).document
    saved = json.loads((folder / "plan.json").read_text())
    beside = {"consents", "missing", "workload", "next_intake", "next_round"}
    assert saved == {key: value for key, value in document.items() if key not in beside}
    assert {"id", "messages", "hours"} == set(document["workload"][0])
    assert "Ada" not in (folder / "plan.json").read_text()


def test_status_before_the_first_run(mentorkit):
    document = mentorkit("status", "pilot.toml", "--json", "--at", "2026-12-01").document
    assert ("before matching", {}) == (document["phase"], document["relationships"])


def test_a_moment_that_is_none_is_refused(mentorkit):
    ran = mentorkit("plan", "pilot.toml", "--at", "next monday")
    assert 2 == ran.code
    assert "--at 'next monday' is no moment: write 2027-01-11" in ran.err


def test_plugins_are_listed_with_where_they_come_from(mentorkit):
    told = mentorkit("plugins", "list").out
    models = told.partition("models\n")[2].partition("scopes\n")[0].splitlines()
    assert ["flash", "group", "one-on-one", "peer", "reverse"] == [line.split()[0] for line in models]
    document = mentorkit("plugins", "list", "--json").document
    kinds = {(one["kind"], one["name"]) for one in document["plugins"]}
    assert {("matcher", "optimal"), ("criterion", "overlap"), ("rule", "never"), ("channel", "outbox")} <= kinds
    assert {"mentorkit"} == {one["distribution"] for one in document["plugins"]}


def test_templates_are_listed_and_shown(mentorkit):
    assert "traditional-one-on-one" in mentorkit("templates", "list").out
    assert "traditional-one-on-one" in [
        one["name"] for one in mentorkit("templates", "list", "--json").document["templates"]
    ]
    shown = mentorkit("templates", "show", "traditional-one-on-one").out
    assert "rhythm" in shown
    assert "agendas/01-" in shown
    document = mentorkit("templates", "show", "traditional-one-on-one", "--json").document
    assert "every 4 weeks" == document["parameters"]["rhythm"]["default"]
    assert {"career-growth", "leadership"} == set(document["goals"])
    unknown = mentorkit("templates", "show", "traditional")
    assert 2 == unknown.code
    assert 'did you mean "traditional-one-on-one"?' in unknown.err


def test_a_template_is_shown_with_all_that_it_brings(mentorkit):
    document = mentorkit("templates", "show", "traditional-one-on-one", "--json").document
    (sessions,) = document["sessions"]
    assert (7, 7, "every 4 weeks") == (sessions["count"], len(sessions["agendas"]), sessions["cadence"][-1])
    assert "Getting to know each other" == sessions["agendas"][0]
    steps = {one["step"]: one for one in document["timeline"]}
    assert ["mentee", "mentor"] == [one["role"] for one in steps["match-announcement"]["messages"] if one["role"]]
    assert "recruitment" not in steps  # the template switches it off
    assert "match" in [one["id"] for one in steps["pulse"]["questions"]]
    assert 0.95 == {one["name"]: one["target"] for one in document["kpis"]}["match-rate"]
    shown = mentorkit("templates", "show", "traditional-one-on-one").out
    assert "7 sessions of 60 minutes: 2 weeks, 2 weeks, every 4 weeks" in shown
    assert "target 0.95" in shown


def test_people_can_be_meant_by_name(mentorkit, folder):
    assert "did you mean the id 4 (Dev Patel)?" in mentorkit("match", "pilot.toml", "--explain", "dev patel", *AT).err
    people = (folder / "people.csv").read_text().replace("Eva Novak", "Dev Patel")
    (folder / "people.csv").write_text(people)
    assert "with the ids 4 or 5" in mentorkit("match", "pilot.toml", "--explain", "Dev Patel", *AT).err


def test_one_form_of_a_report_at_a_time(mentorkit):
    assert 2 == mentorkit("report", "pilot.toml", "--format", "csv", "--json").code
    as_json = mentorkit("report", "pilot.toml", "--json", *AT).out
    assert as_json == mentorkit("report", "pilot.toml", "--format", "json", *AT).out
    assert as_json == mentorkit("report", "pilot.toml", "--format", "json", "--json", *AT).out


def with_many_mentees(folder):
    more = [f"{number},,,{1 + number % 2},{'Sales' if number % 3 else 'Law'},,,,,mentee\n" for number in range(20, 40)]
    (folder / "people.csv").write_text((folder / "people.csv").read_text() + "".join(more))


def test_match_audits_by_a_column_before_anything_is_published(mentorkit, folder):
    with_many_mentees(folder)
    told = mentorkit("match", "pilot.toml", "--audit", "department", *AT).out
    assert "audit by department\n  department" in told
    assert "not shown: too small, or needed to hide one that is" in told
    document = mentorkit("match", "pilot.toml", "--audit", "department", "--audit", "level", "--json", *AT).document
    assert ["department", "level"] == [one["column"] for one in document["audit"]]
    department, level = document["audit"]
    assert {"people": 23, "matched": 2} == {key: department["everybody"][key] for key in ("people", "matched")}
    assert {"what": "rule", "name": "seniority-gap"} in level["used_by"]
    assert all(group["people"] >= 5 for audit in (department, level) for group in audit["groups"])


def test_match_names_the_column_that_somebody_may_have_meant(mentorkit):
    ran = mentorkit("match", "pilot.toml", "--audit", "departments", *AT)
    assert (2, "") == (ran.code, ran.out)
    assert 'did you mean "department"?' in ran.err
    assert 'write audit = ["shoe"] under [matching]' in mentorkit("match", "pilot.toml", "--audit", "shoe", *AT).err


def test_a_program_can_always_want_an_audit(mentorkit, folder):
    with_many_mentees(folder)
    people = (folder / "people.csv").read_text().replace("id,name,", "id,gender,name,")
    rows = [row if at == 0 else row.replace(",", f",{'xy'[at % 2]},", 1) for at, row in enumerate(people.splitlines())]
    (folder / "people.csv").write_text("\n".join(rows))
    program = (
        folder / "pilot.toml"
    ).read_text() + '\n[matching]\naudit = ["gender"]\n\n[privacy]\nsensitive = ["gender"]\n'
    (folder / "pilot.toml").write_text(program)
    assert "audit by gender" in mentorkit("match", "pilot.toml", *AT).out
    assert "audit by gender" in mentorkit("match", "pilot.toml", "--review", "review.csv", *AT).out
    assert "audit by gender" in mentorkit("plan", "pilot.toml", *AT).out
    (audit,) = mentorkit("plan", "pilot.toml", "--json", *AT).document["audit"]
    assert ("gender", [], ["x", "y"]) == (audit["column"], audit["used_by"], [one["value"] for one in audit["groups"]])
    (folder / "pilot.toml").write_text(program.replace('audit = ["gender"]', 'audit = ["gendre"]'))
    ran = mentorkit("check", "pilot.toml")
    assert 2 == ran.code
    assert "error[column-missing]: the audit compares people by" in ran.err
    assert 'did you mean "gender"?' in ran.err


def with_two_more(folder):
    more = (
        "7,Gus Oh,gus@example.org,4,Sales,,budgeting,Europe/Oslo,2,mentee\n8,Hal Ny,hal@example.org,1,Law,,x,,,mentee\n"
    )
    (folder / "people.csv").write_text((folder / "people.csv").read_text() + more)


def test_match_says_what_would_help_those_who_are_unmatched(mentorkit, folder):
    with_two_more(folder)
    told = mentorkit("match", "pilot.toml", "--explain-unmatched", *AT).out
    assert told.startswith("what would help (3 people unmatched)\n")
    assert "one more place for" in told
    assert "what would open partners\n  allow a seniority gap of 0" in told
    assert "matching.rules.seniority-gap.at_least = 0" in told
    document = mentorkit("match", "pilot.toml", "--explain-unmatched", "--json", *AT).document
    best = document["relaxations"][0]
    assert {"label", "people", "at_least", "rule", "set", "places", "others"} == set(best)
    assert best["people"] == sum(one["more"] for one in best["places"]) == 2
    openings = {one["id"]: one["openings"] for one in document["explanations"]}
    expected = {
        "label": "allow a seniority gap of 0",
        "partners": 1,
        "rule": "seniority-gap",
        "set": {"matching.rules.seniority-gap.at_least": 0},
    }
    assert expected in openings["7"]
    assert isinstance(openings["7"][0]["set"]["matching.rules.seniority-gap.at_least"], int)


def test_what_match_promises_to_help_does(mentorkit, folder):
    with_two_more(folder)
    for promised in mentorkit("match", "pilot.toml", "--explain-unmatched", "--json", *AT).document["relaxations"]:
        rows = [row.split(",") for row in (folder / "people.csv").read_text().splitlines()]
        more = {one["id"]: one["more"] for one in promised["places"]}
        wide = [",".join([*row, "capacity" if row[0] == "id" else str(1 + more.get(row[0], 0))]) for row in rows]
        (folder / "wide.csv").write_text("\n".join(wide))
        program = (folder / "pilot.toml").read_text().replace("people.csv", "wide.csv")
        extra = "".join(f"{path} = {json.dumps(value)}\n" for path, value in promised["set"].items())
        (folder / "changed.toml").write_text(program.replace("format = 1\n", "format = 1\n" + extra))
        changed = mentorkit("match", "changed.toml", "--json", *AT).document
        assert 2 + promised["people"] == changed["certificate"]["matched"]


@pytest.mark.parametrize("matcher", ["stable", "random"])
def test_nothing_is_promised_for_a_matcher_that_does_not_pursue_coverage(mentorkit, folder, matcher):
    with_two_more(folder)
    (folder / "pilot.toml").write_text((folder / "pilot.toml").read_text() + f'\n[matching]\nuse = "{matcher}"\n')
    told = mentorkit("match", "pilot.toml", "--explain-unmatched", *AT).out
    why = f"the matcher {matcher} pursues no objective"
    assert f"what would help (3 people unmatched)\n  That is not measured: {why}.\n" in told
    assert "what would open partners\n  allow a seniority gap of 0" in told
    document = mentorkit("match", "pilot.toml", "--explain-unmatched", "--json", *AT).document
    assert ([], why) == (document["relaxations"], document["relaxations_unmeasured"])


def test_nobody_needs_help(mentorkit, folder):
    rows = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("\n".join(rows[:5]))
    assert "Nobody is unmatched.\n" == mentorkit("match", "pilot.toml", "--explain-unmatched", *AT).out
    assert [] == mentorkit("match", "pilot.toml", "--explain-unmatched", "--json", *AT).document["relaxations"]


def test_match_says_whom_somebody_would_have_otherwise_and_what_it_would_cost(mentorkit):
    told = mentorkit("match", "pilot.toml", "--explain", "1", "--explain", "4", *AT).out
    assert (
        "best alternative\n  Finn Berg (6) (mentee): 29.2, now 62.5; with that pair the total score would be 33.3 lower"
        in told
    )
    assert "best alternative\n  none: rules, or pairs that must be matched, leave nobody else" in told
    ada, dev = mentorkit("match", "pilot.toml", "--explain", "1", "--explain", "4", "--json", *AT).document[
        "explanations"
    ]
    expected = {
        "role": "mentor",
        "partner": {"id": "6", "role": "mentee"},
        "score": 29.2,
        "now": 62.5,
        "cost": {"kind": "exact", "people": 0, "points": 33.3},
    }
    assert ([expected], []) == (ada["alternatives"], dev["alternatives"])


def test_match_says_why_somebody_is_not_with_a_certain_other_person(mentorkit):
    told = mentorkit("match", "pilot.toml", "--explain", "4", "--versus", "1", "--versus", "6", *AT).out
    assert "Dev Patel (4) and Ada Osei (1): kept apart by outside-reporting-line" in told
    assert "Dev Patel (4) and Finn Berg (6): their roles do not meet" in told
    (explained,) = mentorkit("match", "pilot.toml", "--explain", "5", "--versus", "1", "--json", *AT).document[
        "explanations"
    ]
    (versus,) = explained["versus"]
    assert {"role", "other", "together", "absent", "who", "rules", "pair", "full", "cost"} == set(versus)
    assert 2 == mentorkit("match", "pilot.toml", "--versus", "1", *AT).code
    assert 2 == mentorkit("match", "pilot.toml", "--explain", "4", "--versus", "4", *AT).code
    assert (
        "nobody in the roster has the id"
        in mentorkit("match", "pilot.toml", "--explain", "4", "--versus", "44", *AT).err
    )


def test_match_names_the_rules_that_leave_nobody(mentorkit, folder):
    people = (folder / "people.csv").read_text().replace(",4,", ",1,")
    (folder / "people.csv").write_text(people)
    ran = mentorkit("match", "pilot.toml", *AT)
    assert 0 == ran.code
    assert 'warning[nobody-allowed]: nobody can be matched: the rule "seniority-gap" forbids every pair' in ran.err
    assert "warning[nobody-allowed]" in mentorkit("plan", "pilot.toml", *AT).err
    assert "allow a seniority gap of 0" in mentorkit("match", "pilot.toml", "--explain-unmatched", *AT).out
