"""The demonstration behind `make demo`: a shipped program, run as of a fixed moment, then played to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path("demo")
PROGRAM = "program.toml"
MOMENT = "2027-01-11T10:00"
LATER = "2027-01-26T10:00"


def mentorkit(*arguments: str) -> None:
    """Run a command in the demo's folder, showing it as a user would type it; end as it ends where it fails."""
    print(f"\n$ mentorkit {' '.join(arguments)}", flush=True)
    environment = {**os.environ, "XDG_STATE_HOME": str(FOLDER.resolve() / ".state")}
    ran = subprocess.run([sys.executable, "-m", "mentorkit", *arguments], cwd=FOLDER, env=environment, check=False)
    if ran.returncode:
        sys.exit(ran.returncode)


def main() -> None:
    """Check, run, run again at once and two weeks later, and simulate; then say where to look."""
    mentorkit("check", PROGRAM)
    mentorkit("run", PROGRAM, "--at", MOMENT)
    mentorkit("run", PROGRAM, "--at", MOMENT)
    mentorkit("run", PROGRAM, "--at", LATER)
    mentorkit("run", PROGRAM, "--simulate")
    program, run, played = FOLDER / PROGRAM, FOLDER / "program.run", FOLDER / "program.sim"
    mails = sorted((played / "outbox").glob("*.eml"))
    calendars = sorted((played / "calendars").glob("*.ics"))
    print(
        f"""
That was the example program {program} with the people of {FOLDER}/people.csv (see {FOLDER}/README.md).

  {run}/     what three runs did. The first one matched people, as of {MOMENT}; the second one found nothing to
                       do again; the third one, two weeks later, learned from {FOLDER}/answers.csv who has met,
                       declined and left. Messages that it met too late were not sent anymore: run every morning.
  {played}/     the whole program, played to its end on a virtual clock:
    {played}/report.html     the report; open it in a browser
    {played}/matches.csv     who is matched with whom
    {played}/schedule.csv    every session
    {mails[0]}
                                 and {len(mails) - 1:,} more messages; open them in a mail program
    {calendars[0]}
                                 and {len(calendars) - 1:,} more calendars; import them anywhere

Change {program} and run it again:  . .venv/bin/activate && cd {FOLDER} && mentorkit run {PROGRAM}"""
    )


if __name__ == "__main__":
    main()
