"""A file of events, CSV or a workbook."""

from __future__ import annotations

from fuzz.desk_files import AT, opened, the_ledger
from fuzz.laws import check_diagnostics
from fuzz.mutating import mutated_archive_or_text
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.answers import read_told
from mentorkit.core.happenings import EVENT_KINDS, OWN_EVENT
from mentorkit.core.learning import learn
from mentorkit.core.program import AnswersFile


def run(data: bytes) -> None:
    """Read it, and learn what it tells: each event once, none of the future, none that passes for one of ours."""
    file = AnswersFile(str(written("told.csv", data)), "told.csv")
    desk = opened()
    reading = read_told([file], desk.program, desk.roster, AT)
    check_diagnostics(reading.diagnostics)
    assert len({one.id for one in reading.told}) == len(reading.told)
    for one in reading.told:
        assert one.at <= AT
        assert one.at.tzinfo is not None
        assert one.kind in EVENT_KINDS
        assert one.id.isprintable()
        assert not one.id.casefold().startswith(OWN_EVENT)
        assert one.person
    assert reading == read_told([file], desk.program, desk.roster, AT)
    learned = learn(desk.program, desk.roster, desk.catalogue, the_ledger().history, reading.told, AT)
    check_diagnostics(learned.diagnostics)


TARGET = Target(
    "answers",
    run,
    mutate=mutated_archive_or_text,
    seeds=("fuzz/desk/answers.csv", "examples/*/answers.csv", "tests/golden/*/*answers*.csv"),
    words=(
        *("id,at,person,kind,subject,value", *EVENT_KINDS, "2027-01-12T10:00", "2027-01-12", "Z", "midpoint.useful"),
        *("mentorkit:", "announcement", "9999-12-31T23:59-14:00", "0001-01-01T00:00+14:00", "requested", ";", '"'),
    ),
)
