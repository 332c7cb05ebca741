"""The pages on channels say what there is: every kind and every option."""

import re
from pathlib import Path

import pytest
from attrs import fields

from mentorkit.core.declaring.structuring import key_of
from mentorkit_channels import mentorkit_channels

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference/channels.md").read_text(encoding="utf-8")
KINDS = {kind.name: kind for kind in mentorkit_channels()}


@pytest.mark.parametrize("name", sorted({*KINDS} - {"smtp"}))
def test_the_reference_promises_something_of_every_channel(name):
    assert re.search(rf"^\| `{name}` \|", REFERENCE.partition("## ")[0], re.MULTILINE)


@pytest.mark.parametrize("name", ["webhook", "slack", "teams", "matrix", "mattermost", "zulip", "apprise"])
def test_the_reference_names_every_option_of_every_channel(name):
    heading = re.search(rf"^##+ `{name}`$", REFERENCE, re.MULTILINE)
    section = re.split(r"^##+ ", REFERENCE[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    documented = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))))
    assert {key_of(one) for one in fields(KINDS[name].options)} <= documented
