"""What holds of everything that mentorkit says about files, whatever is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import click

from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import MentorkitError, ProgramError
from mentorkit.presenting.diagnostics import diagnostic_text, diagnostics_json

LONGEST_LINE = 1300
MOST_LINES = 4
_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")


def check_diagnostics(found: Iterable[Diagnostic]) -> None:
    """Assert that each has a code, a place that can be, a headline, and lines that a terminal and JSON can show."""
    found = tuple(found)
    for one in found:
        assert _CODE.fullmatch(one.code), one
        assert one.message.strip(), one
        assert one.line is None or one.line > 0, one
        assert one.column is None or one.column > 0, one
        shown = click.unstyle(diagnostic_text(one)).encode().decode()
        lines = shown.splitlines()
        assert len(lines) <= MOST_LINES, one
        assert max(map(len, lines)) <= LONGEST_LINE, one
    json.dumps(diagnostics_json(found), ensure_ascii=False).encode()


def check_refusal(refused: MentorkitError) -> None:
    """Assert that a person can read why something is refused."""
    if isinstance(refused, ProgramError):
        assert any(one.is_error for one in refused.diagnostics)
        check_diagnostics(refused.diagnostics)
    else:
        check_diagnostics([Diagnostic("refused", "error", str(refused))])
