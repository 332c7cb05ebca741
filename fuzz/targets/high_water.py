"""The file that remembers how far a ledger had got."""

from __future__ import annotations

from fuzz.laws import check_refusal
from fuzz.scratch import scratch
from fuzz.target import Target
from mentorkit.core.errors import RefusedError
from mentorkit.guarding.high_water import read_mark, write_mark


def run(data: bytes) -> None:
    """Read it; what is read is the same when it is written and read again."""
    state = scratch() / "state"
    (state / "ledgers").mkdir(parents=True, exist_ok=True)
    (state / "ledgers" / "l.json").write_bytes(data)
    try:
        mark = read_mark(state, "l")
    except RefusedError as refused:
        check_refusal(refused)
        return
    assert mark is not None
    assert (str, int, str, bool, str) == tuple(
        type(one) for one in (mark.ledger, mark.number, mark.hash, mark.left_machine, mark.place)
    )
    if mark.ledger == "l":
        write_mark(state, mark)
        assert mark == read_mark(state, "l")


TARGET = Target(
    "high_water",
    run,
    words=(
        '"ledger": "l"',
        '"number": 3',
        '"hash": ""',
        '"left_machine": true',
        '"place": "/x"',
        "[[[[",
        "null",
        "\\ud800",
    ),
)
