"""One grammar of mail addresses for program files and rosters."""

import pytest

from mentorkit.core.mail_addresses import is_mail_address, says_nobody
from mentorkit.incoming_mail import Bounced


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


@pytest.mark.parametrize("status", ["5.1.0", "5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.2.1"])
def test_statuses_of_addresses_at_which_nobody_is(status):
    assert says_nobody(status)
    assert Bounced("m", "k", status).bad_address


@pytest.mark.parametrize("status", ["", "4.1.1", "5.1.7", "5.1.8", "5.1.90", "5.2.2", "5.7.1", "5.1.1 no such user"])
def test_statuses_that_say_nothing_of_the_address(status):
    assert not says_nobody(status)
