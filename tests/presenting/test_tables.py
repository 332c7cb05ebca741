"""Text for terminals: whatever is in a roster, the terminal does nothing but show it."""

from __future__ import annotations

import pytest

from mentorkit.core.diagnostics import error
from mentorkit.presenting.diagnostics import diagnostic_text
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.tables import table
from mentorkit.testing import a_person, a_roster

COMMANDS = ["\x1b[2J", "\x9b31m", "\x07", "\r", "\u202e", "\u2067", "\u200f", "\x7f", "\u2028"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_is_given_no_commands(command: str) -> None:
    name = f"Ada{command}Osei"
    at = error("odd", f'"{name}" is odd', help=f"rename {name}").at(f"{name}.csv", 1, 1, name)
    shown = [called("1", a_roster(a_person("1", name=name))), called(name, a_roster()), table([(name, "x")])]
    shown.append(diagnostic_text(at))
    assert [] == [text for text in shown if command[0] in text.replace("\x1b[31m\x1b[1m", "").replace("\x1b[0m", "")]
    assert all("Ada\ufffd" in text and "Osei" in text for text in shown)


def test_lines_of_a_table_stay_lines() -> None:
    assert "  Ada\ufffdOsei  x" == table([("Ada\nOsei", "x")])


def test_names_in_any_script_stay_as_they_are() -> None:
    assert "  Zoë  משה  山田  Nguyễn" == table([("Zoë", "משה", "山田", "Nguyễn")])
