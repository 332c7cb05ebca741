"""Several files of one program at once: its people, its events, and sometimes the program itself."""

from __future__ import annotations

from hypothesis import strategies as st

from fuzz.structures import calendars, messages, tables, tomls

_FILES = {
    "people.csv": tables.rosters,
    "answers.csv": tables.answers,
    "messages/hello.md": messages.messages,
    "busy.ics": calendars.calendars,
    "pilot.toml": tomls.programs,
}
folders: st.SearchStrategy[bytes] = st.fixed_dictionaries({}, optional=dict(_FILES)).map(
    lambda files: b"".join(
        b"=== " + name.encode() + b"\n" + content.rstrip(b"\n") + b"\n" for name, content in files.items()
    )
)
