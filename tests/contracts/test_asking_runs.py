"""Models in which mentors are asked first, in one local file, run by run by the command line."""

import csv
import json
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("asking_plugin.py")
PROGRAM = """\
program = { name = "Asked", starts = 2027-01-11, length = "12 weeks", timezone = "UTC", coordinator = "c@example.org" }
plugins.files = ["asking_plugin.py"]
roster.file = "people.csv"
model.use = "asked-first"
matching.publish = "auto"
roster.columns.wants = { column = "wants", split = ";" }
roster.columns.skills = { column = "skills", split = ";" }
sessions = { count = 2, cadence = "every 2 weeks" }

[matching.criteria.topics]
kind = "overlap"
mentee = "wants"
mentor = "skills"

[timeline.ask]
when = "ask"
to = "mentor"
message = "messages/ask"

[timeline.remind]
when = "ask + 2 business days"
to = ["mentor", "coordinator"]
message = "messages/remind"

[timeline.hello]
when = "match"
to = ["mentor", "mentee"]
message = "messages/hello"

[timeline.nobody]
when = "match"
to = "unmatched"
message = "messages/hello"
"""
PEOPLE = """\
id,name,role,skills,wants
m1,Ada,mentor,sql;go;law,
m2,Ben,mentor,sql;go,
m3,Cem,mentor,sql,
e1,Eve,mentee,,sql;go;law
"""
MESSAGE = "---\nsubject: About {{ partners | map(attribute='name') | join(' and ') }}\n---\nDear {{ me.name }},\n"


class Folder:
    """A program in a folder, and the commands run there."""

    def __init__(self, folder, capfd, program=PROGRAM, people=PEOPLE):
        self.folder, self.capfd = folder, capfd
        texts = {f"messages/{name}.md": MESSAGE for name in ("ask", "remind", "hello")}
        program_folder(
            folder, {"p.toml": program, "people.csv": people, "asking_plugin.py": PLUGIN.read_text(), **texts}
        )

    def __call__(self, *arguments):
        self.capfd.readouterr()
        assert 0 == run_command([arguments[0], "p.toml", *arguments[1:]]), self.capfd.readouterr().err
        return self.capfd.readouterr().out

    def json(self, *arguments):
        return json.loads(self(*arguments, "--json"))

    def run(self, at):
        done = self.json("run", "--at", at)
        again = self.json("run", "--at", at)
        assert not any(again[key] for key in ("sent", "published", "asked", "ended", "events"))
        return done

    def sent(self, done):
        names = [one["key"].split(".")[1:4] for one in done["sent"]]
        return sorted(f"{step} {number} {role}" for step, number, role in names)

    def rows(self, name="matches"):
        with (self.folder / "p.run" / f"{name}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def states(self):
        return {row["person"]: row["state"] for row in self.rows() if row["role"] == "mentor"}


@pytest.fixture
def folder(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capfd)


def test_the_first_declines_the_second_is_silent_the_third_accepts(folder):
    first = folder.run("2027-01-11T10:00")
    assert (1, [], 0) == (len(first["asked"]), first["published"], first["sessions"])
    assert ["ask p1 mentor"] == folder.sent(first)
    assert {"m1": "proposed"} == folder.states()
    folder("record", "declined", "--person", "m1", "--at", "2027-01-11T12:00")

    second = folder.run("2027-01-12T10:00")
    assert ["ask p2 mentor"] == folder.sent(second)
    assert {"m2": "proposed"} == folder.states()
    (need,) = [one for one in folder.json("status", "--at", "2027-01-12T11:00")["needs"] if one["kind"] == "asked"]
    assert (["m2"], ["e1"], "can answer until 2027-01-15") == (need["people"], need["others"], need["detail"])
    assert "record p.toml accepted --person m2" in need["next"]
    reminded = folder.run("2027-01-14T10:00")
    assert ["remind p2 mentor", "remind p5 coordinator"] == folder.sent(reminded)
    assert [] == folder.run("2027-01-15T23:00")["ended"]

    third = folder.run("2027-01-16T10:00")
    assert ["ask p3 mentor"] == folder.sent(third)
    assert {"m3": "proposed"} == folder.states()
    folder("record", "accepted", "--person", "m3", "--at", "2027-01-17T10:00")
    plan = folder("plan", "--at", "2027-01-18T10:00")
    assert "accepted by everybody who was asked, published now: 1 relationship" in plan

    last = folder.run("2027-01-18T10:00")
    assert (1, 2) == (len(last["published"]), last["sessions"])
    assert ["hello p3 mentor", "hello p4 mentee"] == folder.sent(last)
    assert {"m3": "active"} == folder.states()
    assert [] == folder.json("status", "--at", "2027-01-18T11:00")["needs"]


def test_who_finds_nobody_is_told_so_and_is_not_matched_with_the_same_again(folder):
    folder.run("2027-01-11T10:00")
    for number, day in enumerate(("11", "12", "13"), 1):
        folder("record", "declined", "--person", f"m{number}", "--at", f"2027-01-{day}T12:00")
        done = folder.run(f"2027-01-{int(day) + 1}T10:00")
    assert ["nobody p4 mentee"] == folder.sent(done)
    assert [] == done["asked"]
    (need,) = [one for one in folder.json("status", "--at", "2027-01-15T10:00")["needs"] if one["kind"] == "unmatched"]
    assert (["e1"], "matched-before rules out 3") == (need["people"], need["detail"])


def test_places_of_those_who_are_asked_are_taken(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    people = PEOPLE + "e2,Eli,mentee,,sql\n"
    folder = Folder(tmp_path, capfd, PROGRAM.replace('publish = "auto"', 'intake = "every monday"'), people)
    assert 2 == len(folder.run("2027-01-11T10:00")["asked"])
    (tmp_path / "people.csv").write_text(people + "e3,Emy,mentee,,sql\ne4,Edo,mentee,,sql\n")
    later = folder.run("2027-01-18T10:00")  # nobody answered: both are free again, at the same time as the intake
    pairs = {row["relationship"] for row in folder.rows()}
    assert (3, 3) == (len(later["asked"]), len(pairs))
    assert [] == folder.run("2027-01-18T11:00")["asked"]


def test_what_a_review_published_is_asked_about(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    folder = Folder(tmp_path, capfd, PROGRAM.replace('"auto"', '"review"'))
    assert 1 == len(folder.run("2027-01-11T10:00")["proposed"])
    published = folder.json("publish", "--at", "2027-01-11T11:00")
    assert (None, "2027-01-11T11:00:00Z") == (published["published_at"], published["asked_at"])
    assert ["ask p1 mentor"] == folder.sent(folder.run("2027-01-11T12:00"))
    folder("record", "declined", "--person", "m1", "--at", "2027-01-11T13:00")
    assert 1 == len(folder.json("run", "--at", "2027-01-12T10:00")["proposed"])
    folder("publish", "--at", "2027-01-12T11:00")
    folder("record", "accepted", "--person", "m2", "--at", "2027-01-12T13:00")
    assert ["hello p2 mentor", "hello p4 mentee"] == folder.sent(folder.run("2027-01-13T10:00"))


def test_in_a_simulation_everybody_who_is_asked_accepts_the_day_after(folder):
    folder("run", "--simulate", "--world", "ideal")
    with (folder.folder / "p.sim" / "matches.csv").open(newline="") as file:
        assert {("m1", "2027-01-12"), ("e1", "2027-01-12")} == {
            (row["person"], row["starts"]) for row in csv.DictReader(file)
        }
    assert 2 == len((folder.folder / "p.sim" / "schedule.csv").read_text().splitlines()) - 1


def test_a_step_that_hangs_on_asking_needs_a_model_that_asks(folder):
    path = folder.folder / "p.toml"
    path.write_text(path.read_text().replace("asked-first", "one-on-one"))
    assert 2 == run_command(["check", "p.toml"])
    assert "the model asks nobody before a relationship is published" in folder.capfd.readouterr().err


@pytest.mark.parametrize("model", ['model.use = "asked-first"', 'model = { use = "flash", options = { ask = false } }'])
def test_nobody_is_taken_out_of_a_relationship_for_one_that_may_be_declined_or_that_others_asked_for(folder, model):
    path = folder.folder / "p.toml"
    rematch = 'rematch = "everyone"\nmatching.intake = "monthly"'
    path.write_text(path.read_text().replace('publish = "auto"', rematch).replace('model.use = "asked-first"', model))
    assert 2 == run_command(["check", "p.toml"])
    assert "rematch-asks" in folder.capfd.readouterr().err


# ------------------------------------------------------------------------------------------------------ on request


REQUESTS = (
    PROGRAM.replace("asked-first", "on-request")
    + """
[timeline.received]
when = "request"
to = "mentee"
message = "messages/received"

[timeline.still-looking]
when = "request + 3 business days"
if = "unserved"
to = ["mentee", "coordinator"]
message = "messages/received"

[timeline.all-well]
when = "request + 3 business days"
if = "served"
to = "coordinator"
message = "messages/received"
"""
)
RECEIVED = "---\nsubject: You asked\n---\nAbout {{ request.topics | join(' and ') }}, on {{ request.date }}.\n"
ASKED = "---\nsubject: May {{ partners[0].name }} talk with you?\n---\nAbout {{ request.topics | join(', ') }}.\n"
OTHERS = PEOPLE.replace("sql;go;law\n", "\n") + "e2,Eli,mentee,,art\n"


@pytest.fixture
def requests(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    folder = Folder(tmp_path, capfd, REQUESTS, OTHERS)
    program_folder(tmp_path, {"messages/received.md": RECEIVED, "messages/ask.md": ASKED})
    return folder


def request(folder, person, at, topics):
    folder("record", "requested", "--person", person, "--value", topics, "--at", at)


def open_requests(folder, at):
    needs = folder.json("status", "--at", at)["needs"]
    return {one["people"][0]: one["detail"] for one in needs if one["kind"] in ("requested", "unserved")}


def test_a_request_goes_to_the_next_mentor_until_one_accepts(requests):
    nothing = requests.run("2027-01-11T10:00")
    assert ([], [], 0) == (nothing["asked"], nothing["sent"], nothing["unmatched"])
    request(requests, "e1", "2027-01-12T09:00", "SQL; Go ;law")
    first = requests.run("2027-01-12T10:00")
    assert ["ask p1 mentor", "received p4 mentee"] == requests.sent(first)
    mail = next((requests.folder / "p.run" / "outbox").glob("*.ask.*")).read_text()
    assert "May Eve talk with you?" in mail
    assert "About SQL, Go, law." in mail
    assert "sql, go, law" not in mail.casefold().replace("about sql, go, law", "")
    assert {"e1": "SQL, Go, law: somebody is asked"} == open_requests(requests, "2027-01-12T11:00")
    requests("record", "declined", "--person", "m1", "--at", "2027-01-12T12:00")

    second = requests.run("2027-01-12T13:00")
    assert ["ask p2 mentor"] == requests.sent(second)
    assert ["remind p2 mentor", "remind p6 coordinator"] == requests.sent(requests.run("2027-01-14T10:00"))
    assert ["still-looking p4 mentee", "still-looking p6 coordinator"] == requests.sent(
        requests.run("2027-01-15T10:00")
    )

    third = requests.run("2027-01-16T10:00")
    assert ["ask p3 mentor"] == requests.sent(third)
    requests("record", "accepted", "--person", "m3", "--at", "2027-01-17T10:00")
    last = requests.run("2027-01-18T10:00")
    assert (1, 2) == (len(last["published"]), last["sessions"])
    assert ["all-well p6 coordinator", "hello p3 mentor", "hello p4 mentee"] == requests.sent(last)
    assert {} == open_requests(requests, "2027-01-18T11:00")


def test_what_nobody_knows_expires_and_the_next_request_has_its_turn(requests):
    requests.run("2027-01-11T10:00")
    for number in (1, 2, 3):
        request(requests, "e1", f"2027-01-12T0{number}:00", "sql; go; law")
        requests.run(f"2027-01-12T0{number}:30")
        requests("record", "declined", "--person", f"m{number}", "--at", f"2027-01-12T0{number}:40")
    requests.run("2027-01-12T10:00")
    detail = open_requests(requests, "2027-01-13T10:00")["e1"]
    assert "sql, go, law: matched-before rules out 3; it expires after 2027-01-26" == detail
    assert "requests that expire" not in requests("plan", "--at", "2027-01-26T23:00")
    over = requests("plan", "--at", "2027-01-27T10:00")
    assert "requests that expire" in over
    requests.run("2027-01-27T10:00")
    needs = requests.json("status", "--at", "2027-01-27T11:00")["needs"]
    assert [("requested", 2), ("unserved", 1)] == [
        (one["kind"], one["amount"]) for one in needs if one["kind"] in ("requested", "unserved")
    ]
    (waiting,) = [one["detail"] for one in needs if one["kind"] == "requested"]
    assert waiting.endswith("; it expires after 2027-02-10")


def test_a_second_request_waits_its_turn_and_each_is_served_once(requests):
    requests.run("2027-01-11T10:00")
    request(requests, "e1", "2027-01-12T09:00", "law")
    request(requests, "e1", "2027-01-12T09:30", "sql;go")
    assert 1 == len(requests.run("2027-01-12T10:00")["asked"])
    requests("record", "accepted", "--person", "m1", "--at", "2027-01-12T11:00")
    assert 1 == len(requests.run("2027-01-13T10:00")["published"])
    assert "sql, go: what they have goes on" in open_requests(requests, "2027-01-13T11:00")["e1"]
    requests("record", "ended", "--person", "e1", "--at", "2027-01-14T10:00")
    assert ["ask p2 mentor"] == requests.sent(requests.run("2027-01-14T11:00"))


def test_who_names_no_topics_gets_what_the_roster_says(requests):
    path = requests.folder / "people.csv"
    path.write_text(OTHERS.replace("e2,Eli,mentee,,art", "e2,Eli,mentee,,law"))
    requests.run("2027-01-11T10:00")
    request(requests, "e2", "2027-01-12T09:00", "")
    assert ["ask p1 mentor", "received p5 mentee"] == requests.sent(requests.run("2027-01-12T10:00"))


def test_a_matching_afresh_shows_whom_people_would_get_if_they_asked(requests):
    found = requests.json("match", "--at", "2027-01-11T10:00")
    assert {"e1", "e2"} == {one["mentees"][0] for one in found["relationships"]}


def test_check_says_that_nobody_would_know_what_they_are_asked(folder):
    reminded = PROGRAM.replace('when = "ask"\n', 'when = "match"\n')
    untold = reminded.replace('to = ["mentor", "coordinator"]', 'to = "coordinator"')
    for program, warned in ((PROGRAM, []), (reminded, []), (untold, ["warning"])):
        (folder.folder / "p.toml").write_text(program)
        found = [one for one in folder.json("check")["problems"] if one["code"] == "nobody-asked"]
        assert warned == [one["severity"] for one in found]
        assert all('[timeline.ask] with when = "ask + 0 days at 09:00", to = "mentor"' in one["help"] for one in found)
