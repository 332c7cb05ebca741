import csv
import io
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.run_folder import calendar_name, write_views
from mentorkit.testing import a_moment, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(a_person("m", "mentor"), a_person("e", "mentee"))
WRITTEN = a_moment("2027-01-12T10:00:00+00:00")
PUBLISHED = a_moment("2027-01-08T09:00:00+00:00")


def a_relationship(name: str, mentor: str, mentee: str, **changes: object) -> KnownRelationship:
    relationship = Relationship(name, (Member(mentor, "mentor"), Member(mentee, "mentee")), 81.3)
    return evolve(KnownRelationship(relationship, "published", PUBLISHED), **changes)


def a_session(
    relationship: str, number: int, local: str, people: tuple[str, ...], state: str = "planned"
) -> KnownSession:
    start = datetime.fromisoformat(local)
    starts = to_utc(start, "Europe/London")
    name = f"{relationship}-{number}"
    session = Session(name, relationship, "sessions", number, start, "Europe/London", starts, 60, people)
    return KnownSession(session, state)  # type: ignore[arg-type]


HISTORY = History(
    relationships=(a_relationship("r1", "m", "e"),),
    sessions=(
        a_session("r1", 2, "2027-04-05T09:00", ("m", "e"), "moved"),
        a_session("r1", 1, "2027-01-25T09:00", ("m", "e")),
    ),
)


def write(folder: Path, history: History = HISTORY, written: datetime = WRITTEN, roster=ROSTER) -> None:
    write_views(folder, a_program(), ROLES, roster, history, written=written)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(folder))] = (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
    return found


@pytest.mark.parametrize(
    ("ended", "day"),
    [
        ("2027-02-02T00:00:00+00:00", "2027-02-01"),
        ("2027-02-02T00:00:01+00:00", "2027-02-02"),
        ("2027-01-08T09:00:00+00:00", "2027-01-11"),
    ],
)
def test_a_relationship_ends_on_its_last_day_and_never_before_its_first(tmp_path, ended, day):
    over = a_relationship("r1", "m", "e", state="ended", ended_at=a_moment(ended), reason="left")
    write(tmp_path, History(relationships=(over,)))
    assert [["2027-01-11", day, "ended (left)"]] * 2 == [row[4:] for row in rows(tmp_path / "matches.csv")[1:]]


def test_the_views_are_two_tables_and_a_calendar_each(tmp_path):
    folder = tmp_path / "pilot.run"
    write(folder)
    assert ["calendars/e.ics", "calendars/m.ics", "matches.csv", "schedule.csv"] == list(snapshot(folder))
    assert (
        b"relationship,person,role,score,starts,ends,state\r\n"
        b"r1,m,mentor,81.3,2027-01-11,2027-06-28,active\r\n"
        b"r1,e,mentee,81.3,2027-01-11,2027-06-28,active\r\n"
    ) == (folder / "matches.csv").read_bytes()
    assert (
        b"session,relationship,number,starts_utc,minutes,timezone,people,state\r\n"
        b"r1-1,r1,1,2027-01-25T09:00:00Z,60,Europe/London,m;e,planned\r\n"
        b"r1-2,r1,2,2027-04-05T08:00:00Z,60,Europe/London,m;e,moved\r\n"
    ) == (folder / "schedule.csv").read_bytes()


def test_a_state_says_how_far_a_relationship_is(tmp_path):
    history = History(
        relationships=(
            a_relationship(
                "r4", "a", "b", state="ended", ended_at=a_moment("2027-02-01T23:30:00+00:00"), reason="left"
            ),
            a_relationship("r3", "a", "b", published_at=a_moment("2027-03-02T09:00:00+00:00")),
            a_relationship("r2", "a", "b", state="proposed", published_at=None),
            a_relationship("r1", "a", "b"),
        )
    )
    write(tmp_path, history, a_moment("2027-01-10T12:00:00+00:00"))
    found = [(row[0], *row[4:]) for row in rows(tmp_path / "matches.csv")[1::2]]
    assert [
        ("r1", "2027-01-11", "2027-06-28", "published"),
        ("r2", "", "", "proposed"),
        ("r3", "2027-03-02", "2027-06-28", "published"),
        ("r4", "2027-01-11", "2027-02-01", "ended (left)"),
    ] == found
    write(tmp_path, history, a_moment("2027-06-28T23:00:00+00:00"))
    assert ["ended", "proposed", "ended", "ended (left)"] == [row[6] for row in rows(tmp_path / "matches.csv")[1::2]]


def test_files_and_folders_are_private(tmp_path):
    folder = tmp_path / "pilot.run"
    old = os.umask(0)
    try:
        write(folder)
    finally:
        os.umask(old)
    for path in (folder, *folder.rglob("*")):
        assert (0o700 if path.is_dir() else 0o600) == stat.S_IMODE(path.stat().st_mode), path


def test_writing_again_touches_only_what_changed(tmp_path):
    write(tmp_path)
    before = snapshot(tmp_path)
    write(tmp_path)
    assert before == snapshot(tmp_path)
    moved = a_session("r1", 1, "2027-01-26T09:00", ("m", "e"), "moved")
    write(tmp_path, evolve(HISTORY, sessions=(HISTORY.sessions[0], moved)))
    after = snapshot(tmp_path)
    assert before["matches.csv"] == after["matches.csv"]
    assert before["schedule.csv"] != after["schedule.csv"]
    assert list(before) == list(after)


def test_a_calendar_goes_with_its_last_session(tmp_path):
    write(tmp_path)
    write(tmp_path, evolve(HISTORY, sessions=()))
    assert ["matches.csv", "schedule.csv"] == list(snapshot(tmp_path))


def test_the_order_of_what_is_known_does_not_matter(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b", evolve(HISTORY, sessions=HISTORY.sessions[::-1]))
    contents = [{name: found[0] for name, found in snapshot(tmp_path / one).items()} for one in "ab"]
    assert contents[0] == contents[1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(tmp_path, start):
    bad = f'{start}HYPERLINK("http://evil","x")'
    history = History(
        relationships=(a_relationship("r1", bad, "e-1"),),
        sessions=(a_session("r1", 1, "2027-01-25T09:00", (bad, "e-1")),),
    )
    write(tmp_path, history)
    assert ["person", f"'{bad}", "e-1"] == [row[1] for row in rows(tmp_path / "matches.csv")]
    assert f"'{bad};e-1" == rows(tmp_path / "schedule.csv")[1][6]


@pytest.mark.parametrize("person", ["17", "ada@example.org", "E-0042", "Łukasz", "a b", "00123"])
def test_ordinary_ids_are_left_alone(tmp_path, person):
    write(tmp_path, History(relationships=(a_relationship("r1", person, "e"),)))
    assert person == rows(tmp_path / "matches.csv")[1][1]


@pytest.mark.parametrize(
    "person", ["../x", "..", ".", "/etc/passwd", "a/b", "CON", "x\0y", "~", "-rf", ".hidden", "x" * 400]
)
def test_no_id_leads_out_of_the_folder(tmp_path, person):
    history = History(
        relationships=(a_relationship("r1", person, "e"),),
        sessions=(a_session("r1", 1, "2027-01-25T09:00", (person, "e")),),
    )
    write(tmp_path / "pilot.run", history)
    assert [tmp_path / "pilot.run"] == list(tmp_path.iterdir())
    assert [calendar_name(person), "e.ics"] == sorted(
        (path.name for path in (tmp_path / "pilot.run/calendars").iterdir()), key=lambda name: name == "e.ics"
    )


def test_file_names_are_percent_encoded_ids():
    assert ["17.ics", "ada%40example.org.ics", "..%2Fx.ics".replace("..", "%2E.")] == [
        calendar_name(person) for person in ("17", "ada@example.org", "../x")
    ]


ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@given(ids, ids)
def test_any_id_gives_a_safe_name_of_its_own(one, other):
    name = calendar_name(one)
    assert name.isascii()
    assert name.endswith(".ics")
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|\0 \n')
    assert len(name) <= 255
    assert (one == other) == (name == calendar_name(other))


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("keep me")
    folder = tmp_path / "pilot.run"
    folder.mkdir()
    (folder / "matches.csv").symlink_to(outside)
    write(folder)
    assert "keep me" == outside.read_text()
    assert not (folder / "matches.csv").is_symlink()
