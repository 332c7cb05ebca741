"""What of a program's folder is looked at, and when it counts as changed."""

import os

from mentorkit.watched_files import differ, stamps


def test_what_a_program_is_made_of_is_looked_at_and_nothing_that_a_run_writes(tmp_path):
    looked_at = ["program.toml", "people.csv", "messages/welcome.md", "agendas/1.de.md"]
    passed_over = ["program.run/matches.csv", "program.sim/matches.csv", ".git/x.toml", "run.log", "program.lock"]
    for name in looked_at + passed_over:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert {tmp_path / name for name in looked_at} == set(stamps([tmp_path]))


def test_a_file_that_changes_comes_or_goes_makes_a_difference(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("id\n")
    before = stamps([tmp_path, tmp_path / "elsewhere.xlsx"])
    assert not differ(before, stamps([tmp_path, tmp_path / "elsewhere.xlsx"]))
    os.utime(file, ns=(1, 1))
    touched = stamps([tmp_path])
    assert differ(before, touched)
    (tmp_path / "more.csv").write_text("id\n")
    assert differ(touched, stamps([tmp_path]))
    file.unlink()
    (tmp_path / "more.csv").unlink()
    assert {} == stamps([tmp_path])


def test_a_file_named_by_itself_is_looked_at_whatever_its_name_and_may_be_missing(tmp_path):
    assert {tmp_path / "export": None} == stamps([tmp_path / "export"])
