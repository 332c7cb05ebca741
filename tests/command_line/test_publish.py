"""`publish`: what is proposed, what a review shows, an intake now; the next run tells people."""

import pytest

AT = ("--at", "2027-01-11T10:00")
LATER = ("--at", "2027-01-12T10:00")


@pytest.fixture
def proposed(folder, mentorkit):
    """Return the folder of a program whose relationships a run has proposed."""
    with (folder / "pilot.toml").open("a") as program:
        program.write('[matching]\npublish = "review"\nintake = "every monday"\n')
    ran = mentorkit("run", "pilot.toml", *AT)
    assert 0 == ran.code, ran.err
    return folder


def sent(folder):
    return sorted(path.name for path in (folder / "pilot.run" / "outbox").glob("*.eml"))


def test_a_proposal_is_told_to_nobody_until_it_is_published(proposed, mentorkit):
    assert [] == [name for name in sent(proposed) if "match" in name]
    ran = mentorkit("publish", "pilot.toml", *LATER)
    assert 0 == ran.code, ran.err
    assert "published 2 relationships" in ran.out
    assert "Nothing was sent yet: `mentorkit run pilot.toml` tells people." in ran.out
    assert [] == [name for name in sent(proposed) if "match" in name]
    mentorkit("run", "pilot.toml", *LATER)
    assert 4 == len([name for name in sent(proposed) if "match-announcement" in name])


def test_published_twice_is_published_once(proposed, mentorkit):
    first = mentorkit("publish", "pilot.toml", "--json", *LATER).document
    again = mentorkit("publish", "pilot.toml", "--json", *LATER)
    assert (2, 14, "2027-01-12T10:00:00Z") == (len(first["relationships"]), first["sessions"], first["published_at"])
    assert (0, [], None) == (again.code, again.document["relationships"], again.document["published_at"])


def test_the_views_show_what_was_published(proposed, mentorkit):
    mentorkit("publish", "pilot.toml", *LATER)
    matches = (proposed / "pilot.run" / "matches.csv").read_text()
    assert 4 == matches.count(",active")
    assert (proposed / "pilot.run" / "calendars" / "1.ics").exists()


def test_a_proposal_that_people_have_outgrown_is_refused_and_stays(proposed, mentorkit):
    people = (proposed / "people.csv").read_text().splitlines()
    (proposed / "people.csv").write_text("\n".join(line for line in people if not line.startswith("4,")) + "\n")
    ran = mentorkit("publish", "pilot.toml", *LATER)
    assert 2 == ran.code
    assert "`mentorkit run` proposes anew" in ran.err
    assert "proposed" in (proposed / "pilot.run" / "matches.csv").read_text()


def test_filling_places_a_joiner_at_once(proposed, mentorkit):
    mentorkit("publish", "pilot.toml", *LATER)
    with (proposed / "people.csv").open("a") as people:
        people.write("7,Gil Arno,gil@example.org,4,Sales,public speaking,,Europe/Oslo,,mentor\n")
    ran = mentorkit("publish", "pilot.toml", "--fill", "--json", "--at", "2027-01-13T10:00")
    assert 0 == ran.code, ran.err
    assert [["7", "6"]] == [[m["id"] for m in one["members"]] for one in ran.document["relationships"]]


def test_without_a_proposal_it_says_how_programs_publish(folder, mentorkit):
    ran = mentorkit("publish", "pilot.toml", *AT)
    assert (0, True) == (ran.code, "runs publish by themselves" in ran.out)


def test_a_review_is_not_filled(proposed, mentorkit):
    ran = mentorkit("publish", "pilot.toml", "--review", "r.csv", "--fill", *LATER)
    assert (2, True) == (ran.code, "leave --fill out" in ran.err)


def test_a_review_file_that_is_not_there_is_named(proposed, mentorkit):
    ran = mentorkit("publish", "pilot.toml", "--review", "r.csv", *LATER)
    assert (2, True) == (ran.code, "r.csv" in ran.err)
