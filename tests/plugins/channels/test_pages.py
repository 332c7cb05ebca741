"""The pages on channels say what there is: every kind and every option."""

import re
import textwrap
from pathlib import Path

import pytest
from attrs import fields

from mentorkit.command_line.boundary import run_command
from mentorkit.core.declaring.structuring import key_of
from mentorkit.testing import program_folder
from mentorkit_channels import mentorkit_channels

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference/channels.md").read_text(encoding="utf-8")
KINDS = {kind.name: kind for kind in mentorkit_channels()}


@pytest.mark.parametrize("name", sorted({*KINDS} - {"smtp"}))
def test_the_reference_promises_something_of_every_channel(name):
    assert re.search(rf"^\| `{name}` \|", REFERENCE.partition("## ")[0], re.MULTILINE)


@pytest.mark.parametrize("name", ["caldav", "webhook", "slack", "teams", "matrix", "mattermost", "zulip", "apprise"])
def test_the_reference_names_every_option_of_every_channel(name):
    heading = re.search(rf"^##+ `{name}`$", REFERENCE, re.MULTILINE)
    section = re.split(r"^##+ ", REFERENCE[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    documented = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))))
    assert {key_of(one) for one in fields(KINDS[name].options)} <= documented


def programs(page):
    for code in re.findall(
        r"^ *```toml\n(.*?)^ *```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ):
        if "[channels." in code:
            yield textwrap.dedent(code)


PAGES = ("how-to/chat.md", "how-to/calendars-and-invitations.md", "reference/channels.md")
PROGRAMS = [code for page in PAGES for code in programs(page)]


@pytest.mark.parametrize("channels", PROGRAMS)
def test_what_the_pages_show_passes_check(channels, tmp_path, capfd):
    header = "id,name,role,email,slack_id,matrix_room,phone,payroll,calendar,login"
    people = f"{header}\n1,Ada,mentor,a@x.org,U1,!r,5,7,a,a\n2,Eve,mentee,e@x.org,U2,!s,6,8,e,e\n"
    program = 'program = { name = "P", starts = 2027-01-11 }\nroster.file = "people.csv"\nmodel.use = "one-on-one"\n'
    program_folder(tmp_path, {"people.csv": people, "p.toml": program + channels})
    assert 0 == run_command(["check", str(tmp_path / "p.toml")]), capfd.readouterr().err


def test_the_pages_show_every_channel_over_the_web():
    shown = {use for code in PROGRAMS for use in re.findall('use = "([a-z]+)"', code)}
    assert {"caldav", "webhook", "slack", "teams", "matrix", "mattermost", "zulip", "apprise"} <= shown
