"""Plugins that do something else than their contract says: each is named, nothing is sent, nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from hostile.desk import NOON, PROGRAM, Desk

SOURCE = Path(__file__).with_name("bad_plugin.py").read_text(encoding="utf-8")
USES = '\n[plugins]\nfiles = ["bad_plugin.py"]\n'
MATCHER = '\n[matching]\nuse = "bad"\n'
CRITERION = '\n[matching.criteria.bad]\nweight = 1\ncolumn = "skills"\n[matching.rules.bad]\n'
TRICKS = {
    "none-returned": (MATCHER, "must return a Solution; it returned None"),
    "text": (MATCHER, "must return a Solution; it returned str"),
    "nan": (MATCHER, "must return a Solution; it returned float"),
    "generator": (MATCHER, "must return a Solution; it returned generator"),
    "raises": (MATCHER, "failed: KeyError: 'site'"),
    "deep": (MATCHER, "RecursionError"),
    "exits": (MATCHER, "SystemExit"),
    "network": (MATCHER, "failed: "),
    "twice": (MATCHER, "has the same relationship twice"),
    "unknown": (MATCHER, "names person 7000 of role number 1, who does not exist"),
    "negative": (MATCHER, "names person -1 of role number 1, who does not exist"),
    "alone": (MATCHER, "has somebody alone in a relationship"),
    "same-role": (MATCHER, "has a pair of other roles"),
    "everybody": (MATCHER, "more often than the 1 times allowed"),
    "more-places": (MATCHER, "more often than the 1 times allowed"),
    "rules-write": (CRITERION, "does not support item assignment"),
    "rules-move-in": (CRITERION, "does not support item assignment"),
    "similar-nan": (CRITERION, "values that are no numbers"),
    "similar-100": (CRITERION, "values from 100 to 100"),
    "similar-one-row": (CRITERION, "it gave the shape"),
    "similar-none": (CRITERION, "must give similarities from 0 to 1"),
    "similar-texts": (CRITERION, ""),
    "similar-generator": (CRITERION, ""),
    "similar-exits": (CRITERION, "SystemExit: enough"),
    "similar-writes": (CRITERION, "failed: "),
    "rules-none": (CRITERION, "must return a Ruling; it returned None"),
    "rules-floats": (CRITERION, "it gave float64"),
    "rules-everything-else": (CRITERION, "in the shape (9, 9)"),
    "rules-exits": (CRITERION, "SystemExit: 1"),
    "offers-none": (MATCHER, "returned NoneType from its hook mentorkit_matchers"),
    "offers-twice": (MATCHER, "two plugins offer the name 'bad'"),
    "offers-exits": (MATCHER, "failed in its hook mentorkit_matchers: SystemExit"),
    "import-exits": (MATCHER, "cannot be run: SystemExit"),
    "import-raises": (MATCHER, "cannot be run: KeyError"),
}


def lay(desk: Desk, trick: str, use: str) -> None:
    desk.write({"pilot.toml": PROGRAM + USES + use, "bad_plugin.py": SOURCE.replace('"none"', f'"{trick}"', 1)})


@pytest.mark.parametrize("trick", TRICKS)
def test_a_plugin_that_breaks_its_contract_is_named_and_nothing_is_sent(desk: Desk, trick: str) -> None:
    use, told = TRICKS[trick]
    lay(desk, trick, use)
    for command in (("match",), ("run", "--yes")):
        ran = desk(command[0], "pilot.toml", *command[1:], *NOON)
        assert 2 == ran.code, ran.out + ran.err
        assert "error[plugin]" in ran.err or "error[plugin-file-broken]" in ran.err
        assert "bad_plugin.py" in ran.err
        assert told in ran.err
        assert "Traceback" not in ran.err
        assert "" == ran.out
        assert not [name for name in desk.files() if "outbox" in name]
        assert "pilot.run/matches.csv" not in desk.files()
