"""A saved plan, as `run --plan` reads it."""

from __future__ import annotations

from fuzz.desk_files import AT, the_plan
from fuzz.laws import check_refusal
from fuzz.target import Target
from mentorkit.core.errors import RefusedError
from mentorkit.running.saved_plans import check_saved, dump_plan, load_saved


def run(data: bytes) -> None:
    """Compare it with the plan made again: only the same bytes are taken."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    try:
        saved = load_saved(text)
        assert saved.at.tzinfo is not None
        assert saved.at <= check_saved(text, the_plan(), AT).at
    except RefusedError as refused:
        check_refusal(refused)
        return
    assert text == dump_plan(the_plan())


TARGET = Target(
    "saved_plan",
    run,
    words=(
        '"format": 1',
        '"at": "',
        '"mark": 0',
        '"ledger": ""',
        "null",
        "true",
        "1e999",
        "NaN",
        "\\ud800",
        "[[[[",
        "{",
    ),
    longest=16384,
)
