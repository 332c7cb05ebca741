"""Commands that act: run with its guards, report, ledger adopt."""

import io
import json
import re
import sys
from pathlib import Path

from mentorkit.testing import program_folder
from mentorkit_channels.outbox import Outbox

AT = ("--at", "2027-01-11T10:00")


def mails(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "pilot.run" / "outbox").glob("*.eml"))


def test_a_run_does_what_the_plan_showed_and_a_second_one_nothing(mentorkit, folder):
    planned = mentorkit("plan", "pilot.toml", "--json", *AT).document
    first = mentorkit("run", "pilot.toml", "--json", *AT)
    assert 0 == first.code
    assert sorted(one["key"] for one in planned["due"]) == sorted(one["key"] for one in first.document["sent"])
    assert [f"{one['key']}.eml" for one in sorted(planned["due"], key=lambda one: one["key"])] == mails(folder)
    again = mentorkit("run", "pilot.toml", "--json", *AT)
    assert (0, []) == (again.code, again.document["sent"])
    assert "nothing was due" in mentorkit("run", "pilot.toml", *AT).out


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_is_shown_how_much_is_sent_and_nothing_else_is(mentorkit, folder, monkeypatch):
    assert "delivering" not in mentorkit("run", "pilot.toml", *AT).err
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert mentorkit("run", "pilot.toml", "--json", "--at", "2027-01-13").document["sent"]
    assert "delivering" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_a_later_run_does_just_what_has_become_due(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    before = mails(folder)
    later = mentorkit("run", "pilot.toml", "--json", "--at", "2027-01-13").document
    assert sorted(set(mails(folder)) - set(before)) == sorted(f"{one['key']}.eml" for one in later["sent"])
    assert later["sent"]


def test_a_saved_plan_is_carried_out_exactly_or_refused(mentorkit, folder, monkeypatch):
    from mentorkit import clock
    from mentorkit.testing import a_moment

    monkeypatch.setattr(clock, "now", lambda: a_moment("2027-01-11T12:00:00+00:00"))
    mentorkit("plan", "pilot.toml", "--out", "plan.json", *AT)
    people = (folder / "people.csv").read_text()
    (folder / "people.csv").write_text(people.replace("wants", "wants").replace("python;leadership,,", "python,,"))
    changed = mentorkit("run", "pilot.toml", "--plan", "plan.json")
    assert 2 == changed.code
    assert not (folder / "pilot.run").exists()
    (folder / "people.csv").write_text(people)
    saved = json.loads((folder / "plan.json").read_text())
    ran = mentorkit("run", "pilot.toml", "--plan", "plan.json", "--json")
    assert (0, len(saved["due"])) == (ran.code, len(ran.document["sent"]))
    stale = mentorkit("run", "pilot.toml", "--plan", "plan.json")
    assert 2 == stale.code
    assert "the plan was carried out already" in stale.err


def test_the_printed_command_can_be_pasted(mentorkit, folder):
    (folder / "my plans").mkdir()
    printed = mentorkit("plan", "pilot.toml", "--out", "my plans/a b.json", "--folder", "my runs", *AT).out
    assert "`mentorkit run pilot.toml --plan 'my plans/a b.json' --folder 'my runs'`" in printed


def test_while_sign_up_is_open_the_rest_is_a_preview(mentorkit, folder):
    program = (folder / "pilot.toml").read_text()
    dates = "opens = 2026-11-30\nsignup_closes = 2026-12-18\nstarts = 2027-01-11"
    (folder / "pilot.toml").write_text(program.replace("starts = 2027-01-11", dates))
    at = ("--at", "2026-12-01")
    shown = mentorkit("plan", "pilot.toml", *at).out
    assert "from the end of sign-up on a preview" in shown
    assert "sessions at real times" in shown
    assert ", if nobody else signs up" in mentorkit("status", "pilot.toml", *at).out
    planned = mentorkit("plan", "pilot.toml", "--json", *at).document
    assert ([], True) == (planned["sessions"], planned["provisional"])
    assert all(one["hours"] > 0 for one in planned["workload"] if one["id"] in ("1", "2"))
    mentorkit("run", "pilot.toml", *at)
    assert "relationship,person" in (folder / "pilot.run" / "matches.csv").read_text().splitlines()[0]
    assert 1 == len((folder / "pilot.run" / "matches.csv").read_text().splitlines())
    assert 1 == len((folder / "pilot.run" / "schedule.csv").read_text().splitlines())


def test_a_saved_plan_that_is_none_or_too_old_is_refused(mentorkit, folder, monkeypatch):
    from mentorkit import clock
    from mentorkit.testing import a_moment

    assert 2 == mentorkit("run", "pilot.toml", "--plan", "nowhere.json").code
    (folder / "other.json").write_text("{}")
    assert 2 == mentorkit("run", "pilot.toml", "--plan", "other.json").code
    mentorkit("plan", "pilot.toml", "--out", "plan.json", *AT)
    monkeypatch.setattr(clock, "now", lambda: a_moment("2027-01-13T12:00:00+00:00"))
    assert 2 == mentorkit("run", "pilot.toml", "--plan", "plan.json").code
    assert not (folder / "pilot.run").exists()


def test_a_truncated_roster_stops_the_run_until_somebody_consents(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    lines = (folder / "people.csv").read_text().splitlines(keepends=True)
    (folder / "people.csv").write_text("".join(lines[:-1]))
    before = mails(folder)
    refused = mentorkit("run", "pilot.toml", "--at", "2027-01-13")
    assert 4 == refused.code
    assert "--accept-missing" in refused.err
    assert before == mails(folder)
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-13", "--accept-missing").code
    assert before != mails(folder)


def test_catching_up_far_needs_a_consent(mentorkit, folder):
    program = (folder / "pilot.toml").read_text()
    step = '\n[timeline.note]\nwhen = "match"\nto = "mentor"\nmessage = "note"\nexpires = "90 days"\n'
    program_folder(
        folder, {"pilot.toml": program + step, "note.md": "---\nsubject: A note\n---\nHello {{ me.name }}\n"}
    )
    mentorkit("run", "pilot.toml", "--at", "2027-01-10T10:00")
    late = program.replace('name = "Pilot"', 'name = "Pilot"\n') + step.replace("note]", "second]")
    (folder / "pilot.toml").write_text(late)
    refused = mentorkit("run", "pilot.toml", "--at", "2027-03-10T10:00")
    assert 4 == refused.code
    assert "--catch-up" in refused.err
    caught_up = mentorkit("run", "pilot.toml", "--at", "2027-03-10T10:00", "--catch-up", "--json")
    assert 0 == caught_up.code
    assert "second" in {one["step"] for one in caught_up.document["sent"]}


def test_simulate_plays_to_the_end_and_touches_nothing_else(mentorkit, folder):
    ran = mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal")
    assert 0 == ran.code
    assert "everybody accepts and meets" in ran.out
    assert not (folder / "pilot.run").exists()
    assert not (folder / "pilot.lock").exists()
    assert {"report.html", "matches.csv", "schedule.csv", "calendars", "outbox"} <= {
        path.name for path in (folder / "pilot.sim").iterdir()
    }
    again = mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal")
    assert 2 == again.code
    assert "is not empty" in again.err
    elsewhere = mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal", "--folder", "elsewhere", "--json")
    assert {"held": 14} == elsewhere.document["sessions"]


def test_simulate_begins_when_it_is_told(mentorkit):
    ran = mentorkit("run", "pilot.toml", "--simulate", "--json", "--at", "2027-01-06T12:00")
    assert (0, "2027-01-06T12:00:00Z") == (ran.code, ran.document["began"])


def test_simulate_goes_with_no_consent_and_no_plan(mentorkit):
    assert 2 == mentorkit("run", "pilot.toml", "--simulate", "--plan", "x.json").code
    assert 2 == mentorkit("run", "pilot.toml", "--simulate", "--yes").code
    assert 2 == mentorkit("run", "pilot.toml", "--plan", "x.json", *AT).code


def test_contradictions_of_rules_end_before_anything_is_made(mentorkit, folder):
    rules = '[matching.rules.must]\nkind = "always"\npairs = [["1", "4"], ["1", "5"]]\n'
    (folder / "pilot.toml").write_text((folder / "pilot.toml").read_text() + rules)
    ran = mentorkit("run", "pilot.toml", *AT)
    assert 2 == ran.code
    assert "error[always-" in ran.err
    assert not (folder / "pilot.run").exists()


def test_status_after_a_run_says_who_waits_and_why(mentorkit):
    mentorkit("run", "pilot.toml", *AT)
    ran = mentorkit("status", "pilot.toml", "--at", "2027-01-12")
    assert 0 == ran.code
    assert "2 active" in ran.out
    assert "unmatched" in ran.out
    document = mentorkit("status", "pilot.toml", "--json", "--at", "2027-01-12").document
    (need,) = document["needs"]
    assert "unmatched" == need["kind"]
    assert need["detail"]


def test_the_report_is_written_and_printed(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    (folder / "pilot.run" / "report.html").unlink()
    assert 0 == mentorkit("report", "pilot.toml", "--at", "2027-01-12").code
    assert "<html" in (folder / "pilot.run" / "report.html").read_text()
    document = mentorkit("report", "pilot.toml", "--json", "--at", "2027-01-12").document
    assert "kpis" in document
    rows = mentorkit("report", "pilot.toml", "--format", "csv", "--at", "2027-01-12").out.splitlines()
    assert len(rows) > 10
    mentorkit("report", "pilot.toml", "--format", "csv", "--out", "figures.csv", "--at", "2027-01-12")
    assert rows == (folder / "figures.csv").read_text().splitlines()


def test_a_lost_ledger_that_sent_nothing_away_starts_anew_with_a_note(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    before = mails(folder)
    for path in (folder / "pilot.run").glob("ledger.sqlite*"):
        path.unlink()
    ran = mentorkit("run", "pilot.toml", *AT)
    assert 0 == ran.code
    assert before == mails(folder)
    assert before == sorted(path.name for path in (folder / "pilot.run" / "outbox.1").glob("*.eml"))


def test_adopting_a_new_ledger_sends_nothing_again(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    mentorkit("run", "pilot.toml", "--at", "2027-01-13")
    sent = mails(folder)
    for path in (folder / "pilot.run").glob("ledger.sqlite*"):
        path.unlink()
    adopted = mentorkit("ledger", "adopt", "pilot.toml", "--assume-sent-until", "2027-01-13")
    assert 0 == adopted.code
    as_json = mentorkit("ledger", "adopt", "pilot.toml", "--assume-sent-until", "2027-01-13", "--json").document
    expected = {"ledger": "pilot.run/ledger.sqlite", "assume_sent_until": "2027-01-14T00:00:00Z"}
    assert {**expected, "lock": "pilot.lock"} == as_json
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-13").code
    assert sent == mails(folder)
    later = mentorkit("run", "pilot.toml", "--json", "--at", "2027-02-20").document
    assert {"match-announcement", "kick-off", "matching-summary"}.isdisjoint({one["step"] for one in later["sent"]})


def test_an_emptied_ledger_is_refused_with_the_way_on(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    (folder / "pilot.run" / "ledger.sqlite").write_bytes(b"")
    ran = mentorkit("run", "pilot.toml", *AT)
    assert 2 == ran.code
    assert "is empty, and a ledger never is" in ran.err


def test_another_run_folder_never_orphans_the_ledger(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    lock = (folder / "pilot.lock").read_bytes()
    refused = mentorkit("run", "pilot.toml", "--folder", "other", *AT)
    assert 2 == refused.code
    assert "this program's ledger is" in refused.err
    assert not (folder / "other" / "outbox").exists()
    assert lock == (folder / "pilot.lock").read_bytes()
    for command in ("plan", "status"):
        looked = mentorkit(command, "pilot.toml", "--folder", "other", *AT)
        assert 0 == looked.code
        assert "warning[ledger-other]" in looked.err
    assert 0 == mentorkit("run", "pilot.toml", *AT).code


def test_a_program_that_starts_anew_says_so(mentorkit, folder):
    import shutil

    mentorkit("run", "pilot.toml", *AT)
    shutil.rmtree(folder / "pilot.run")
    assert "warning[ledger-anew]" in mentorkit("run", "pilot.toml", *AT).err


def test_the_programs_own_folder_is_no_run_folder(mentorkit, folder):
    before = sorted(path.name for path in folder.iterdir())
    refused = mentorkit("run", "pilot.toml", "--folder", ".", *AT)
    assert 2 == refused.code
    assert "cannot be the run folder" in refused.err
    assert before == sorted(path.name for path in folder.iterdir())


def test_every_document_writes_moments_alike(mentorkit):
    """A program that reads our documents needs one way to read a moment."""
    at = ("--at", "2027-01-11T12:00")
    documents = [mentorkit(*command, "pilot.toml", "--json", *at).out for command in (["plan"], ["status"], ["report"])]
    documents.append(mentorkit("run", "pilot.toml", "--simulate", "--json").out)
    documents.append(mentorkit("run", "pilot.toml", "--json", *at, "--yes").out)
    moments = [re.findall(r'"(\d{4}-\d\d-\d\dT[^"]{7,})"', document) for document in documents]
    assert all(moments)
    assert [] == [one for found in moments for one in found if not re.fullmatch(r"[\d-]{10}T\d\d:\d\d:\d\dZ", one)]


def test_what_an_interrupted_run_left_for_somebody_who_has_left_is_not_sent(mentorkit, folder, monkeypatch):
    def broken(*_):
        raise OSError("no space")

    with monkeypatch.context() as full:
        full.setattr(Outbox, "prepare", broken)
        assert [] == mentorkit("run", "pilot.toml", "--json", *AT).document["sent"]
    head, *rows = (folder / "people.csv").read_text().splitlines()
    left = [f"{row},{'2027-01-11' if row.startswith('4,') else ''}" for row in rows]
    (folder / "people.csv").write_text("\n".join([f"{head},left_on", *left, ""]))
    ran = mentorkit("run", "pilot.toml", "--json", "--at", "2027-01-12T10:00")
    assert ran.document["sent"]
    sent_to = "".join((folder / "pilot.run" / "outbox" / name).read_text() for name in mails(folder))
    assert "To: Eva Novak" in sent_to
    assert "To: Dev Patel" not in sent_to


def test_plan_and_status_show_what_an_interrupted_run_left(mentorkit, folder, monkeypatch):
    from mentorkit.running import delivering, parcels

    monkeypatch.setattr(parcels, "BATCH", 1)
    sent = []

    def stop_after_two(ledger, way, at, batch, tally, stop):
        if len(sent) == 2:
            raise KeyboardInterrupt
        sent.append(batch)
        return send_batch(ledger, way, at, batch, tally, stop)

    send_batch = delivering._send_batch
    monkeypatch.setattr(delivering, "_send_batch", stop_after_two)
    assert 130 == mentorkit("run", "pilot.toml", *AT).code
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    delivered = len(mails(folder))
    planned = mentorkit("plan", "pilot.toml", "--json", *AT).document
    assert [] == planned["due"]
    assert planned["waiting"]
    assert "left by an earlier run, sent now" in mentorkit("plan", "pilot.toml", *AT).out
    assert len(planned["waiting"]) == mentorkit("status", "pilot.toml", "--json", *AT).document["due"]
    ran = mentorkit("run", "pilot.toml", "--json", *AT).document
    assert sorted(planned["waiting"]) == sorted(one["key"] for one in ran["sent"])
    assert delivered + len(planned["waiting"]) == len(mails(folder))


def test_plan_says_what_a_run_would_stop_for_and_run_names_who_is_held(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    lines = (folder / "people.csv").read_text().splitlines(keepends=True)
    (folder / "people.csv").write_text("".join(line for line in lines if not line.startswith("2,")))
    later = ("--at", "2027-01-13")
    told = mentorkit("plan", "pilot.toml", *later).out
    assert "A run would stop here: 1 participants (" in told
    assert "--accept-missing lets it go on." in told
    (needed,) = mentorkit("plan", "pilot.toml", "--json", *later).document["consents"]
    assert "--accept-missing" == needed["flag"]
    ran = mentorkit("run", "pilot.toml", "--accept-missing", "--json", *later).document
    assert [{"id": "2", "reason": "missing"}] == ran["held"]


def test_a_kept_template_that_was_edited_is_refused(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    kept = folder / "pilot.run" / "template" / "template.toml"
    kept.write_text(kept.read_text().replace('summary = "', 'summary = "More: ', 1))
    before = mails(folder)
    refused = mentorkit("run", "pilot.toml", "--at", "2027-01-13")
    assert 2 == refused.code
    assert "pilot.run/template is another one than pilot.lock names" in refused.err.replace("\n", " ")
    assert before == mails(folder)


def test_a_kept_template_that_is_lost_is_kept_again_if_it_is_the_locks(mentorkit, folder):
    mentorkit("run", "pilot.toml", *AT)
    kept = folder / "pilot.run" / "template" / "template.toml"
    content = kept.read_bytes()
    kept.unlink()
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    assert content == kept.read_bytes()
    kept.unlink()
    lock = folder / "pilot.lock"
    lock.write_text(re.sub(r'digest = "\w+"', 'digest = "0000"', lock.read_text()))
    refused = mentorkit("run", "pilot.toml", *AT)
    assert 2 == refused.code
    assert "is missing, and the installed one is another one" in refused.err.replace("\n", " ")
    assert not kept.exists()
