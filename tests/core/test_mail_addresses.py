"""One grammar of mail addresses for program files and rosters."""

import pytest

from mentorkit.core.mail_addresses import is_mail_address


@pytest.mark.parametrize(
    "text",
    ["ada@example.org", "a.b+c@x-y.example.org", "o'neil@example.org", "a@localhost", "jörg@müller.example", "a_b@x.y"],
)
def test_plain_addresses_are_addresses(text):
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a@b..c",
        ".x@b",
        "x.@b",
        "a..b@c",
        "a@b.",
        "a@.b",
        "a@-b.c",
        "a@b@c",
        "a b@c",
        "Ada <ada@example.org>",
        "a@b.c, d@e.f",
        "a@b.c\n",
        "a\u200b@b.c",
        "a" * 251 + "@b.c",
    ],
)
def test_everything_else_is_none(text):
    assert not is_mail_address(text)
