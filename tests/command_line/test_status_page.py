"""`mentorkit status`: the coordinator's page, on a program that runs."""

import pytest

AT = ("--at", "2027-01-11T12:00")
LATER = ("--at", "2027-02-22T09:00")


@pytest.fixture
def running(mentorkit):
    mentorkit("run", "pilot.toml", *AT)
    return mentorkit


def needs(ran, kind):
    return [need for need in ran.document["needs"] if need["kind"] == kind]


def test_before_the_matching_the_page_says_what_the_next_run_does(mentorkit):
    ran = mentorkit("status", "pilot.toml", "--at", "2026-12-01")
    assert 0 == ran.code
    assert "next run       publishes 2 relationships, leaves 1 person unmatched" in ran.out
    assert "Nothing needs you." in ran.out


def test_the_page_names_who_is_silent_and_who_waits_with_the_next_step(running):
    ran = running("status", "pilot.toml", *LATER)
    assert 0 == ran.code
    assert "silent for 21 days or more, 2 relationships" in ran.out
    assert "next: mentorkit record pilot.toml met --person " in ran.out
    assert "unmatched: 1 waits" in ran.out
    assert "mentorkit record pilot.toml --from FILE" in ran.out
    document = running("status", "pilot.toml", "--json", *LATER)
    assert all(need["since"] for need in needs(document, "silent"))
    assert all(one["messages"] > 0 for one in document.document["week"])


def test_the_next_step_names_the_run_folder_where_there_is_one(mentorkit):
    mentorkit("run", "pilot.toml", "--folder", "my runs", *AT)
    ran = mentorkit("status", "pilot.toml", "--folder", "my runs", *LATER)
    assert "--folder 'my runs'" in ran.out


def test_a_manager_who_came_later_is_named_with_the_rule_and_nothing_changes(running, folder):
    before = running("status", "pilot.toml", "--json", *LATER)
    assert [] == needs(before, "forbidden")
    (silent, *_) = needs(before, "silent")
    mentor, mentee = silent["people"]
    lines = (folder / "people.csv").read_text().splitlines()
    managed = [
        ",".join([*line.split(",")[:8], mentor, "mentee"]) if line.startswith(f"{mentee},") else line for line in lines
    ]
    (folder / "people.csv").write_text("\n".join([*managed, ""]))
    after = running("status", "pilot.toml", "--json", *LATER)
    (need,) = needs(after, "forbidden")
    assert (sorted([mentor, mentee]), silent["subject"]) == (sorted(need["people"]), need["subject"])
    assert "outside-reporting-line" in need["detail"]
    assert before.document["relationships"] == after.document["relationships"]


def test_too_many_missing_stop_a_run_and_the_page_says_so(running, folder):
    lines = (folder / "people.csv").read_text().splitlines(keepends=True)
    (folder / "people.csv").write_text("".join(line for line in lines if not line.startswith("2,")))
    ran = running("status", "pilot.toml", *LATER)
    assert "a run stops here until you let it go on" in ran.out
    assert "next: mentorkit run pilot.toml --accept-missing" in ran.out


def test_a_long_page_is_folded_and_whole_with_all(running, folder):
    rows = [f"{number},Zoe {number},zoe{number}@example.org,1,Sales,,,,,mentee" for number in range(100, 141)]
    with (folder / "people.csv").open("a") as file:
        file.write("\n".join([*rows, ""]))
    folded = running("status", "pilot.toml", *LATER).out
    assert "and 32 more (--all)" in folded
    assert "Zoe 140 (140)" in running("status", "pilot.toml", "--all", *LATER).out
    assert 42 == len(needs(running("status", "pilot.toml", "--json", *LATER), "unmatched"))


@pytest.mark.parametrize("command", ["status", "plan"])
def test_what_is_only_seen_at_a_later_intake_still_says_where_it_was_written(folder, mentorkit, command):
    with (folder / "pilot.toml").open("a") as program:
        program.write('[matching]\nintake = "every monday"\n[matching.rules.apart]\nkind = "different"\n')
        program.write('column = "desk"\n')
    rows = (folder / "people.csv").read_text().splitlines()
    desks = [f"{row},{'desk' if not number else f'd{number}'}" for number, row in enumerate(rows)]
    (folder / "people.csv").write_text("\n".join([*desks, ""]))
    ran = mentorkit("run", "pilot.toml", *AT)
    assert 0 == ran.code, ran.err
    with (folder / "people.csv").open("a") as people:
        people.write("7,Gil Amar,gil@example.org,1,Sales,,leadership,Europe/Oslo,2,mentee,\n")
    ran = mentorkit(command, "pilot.toml", *LATER)
    (line,) = [line for line in ran.err.splitlines() if "rule-lacks-values" in line]
    assert line.startswith("pilot.toml:")


def test_what_publishing_a_proposal_sends_is_counted_before_and_comes_to_that(folder, mentorkit):
    with (folder / "pilot.toml").open("a") as program:
        program.write('[matching]\npublish = "review"\n')
    first = mentorkit("status", "pilot.toml", "--json", *AT).document
    mentorkit("run", "pilot.toml", *AT)
    waiting = mentorkit("status", "pilot.toml", "--json", *AT).document
    mentorkit("publish", "pilot.toml", *AT)
    sent = mentorkit("run", "pilot.toml", "--json", *AT).document["sent"]
    assert {"match-announcement"} <= {one["step"] for one in sent}
    assert (len(sent), len(sent)) == (first["if_published"], waiting["if_published"])
    assert len(sent) == sum(one["messages"] for one in waiting["week"] if one["day"] == "2027-01-11")
    assert 0 == mentorkit("status", "pilot.toml", "--json", *AT).document["if_published"]
