"""What channels say, without secrets and people."""

from __future__ import annotations

import base64
import json
from html import escape
from urllib.parse import quote

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Outgoing, Secret
from mentorkit.running.discretion import HIDDEN, LONGEST, Discretion
from mentorkit.testing import a_moment

TO_ZOE = Outgoing(
    *("k", "Zoë O'Neill-Li", "zoe.oneill@example.org", "Aurora", "aurora@example.org", "Hello", "", ""),
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="k@p",
    values=(("slack_id", "U0ZOE"), ("level", "4")),
)
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40)


def knowing(*secrets: str) -> Discretion:
    discretion = Discretion()
    for secret in secrets:
        assert secret == discretion.remembering(lambda _, kept=secret: kept)(Secret("env", "X"))  # type: ignore[misc]
    return discretion


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_no_secret_is_repeated_however_it_is_written(secret, before, after):
    discretion = knowing(secret)
    for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], escape(secret), secret.swapcase()):
        assert form not in discretion.without(f"{before} {form} {after}").replace(HIDDEN, "\0")
    for many in range(3):
        coded = base64.b64encode(b"\0" * many + secret.encode()).decode()
        told = discretion.without(f"AUTH {coded}")
        kept = told.replace(HIDDEN, "").removeprefix("AUTH ")
        assert len(kept) <= 8, told  # what it shares a byte with on either side


@given(SECRETS, st.integers(4, 40))
def test_no_beginning_of_a_secret_is_left_where_a_text_was_cut_short(secret, size):
    begun = secret[:size]
    assert begun not in knowing(secret).without(f"535 no {begun}…").removeprefix("535 no ").replace(HIDDEN, "")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 <zoe.oneill@example.org> is gone", "550 <…> is gone"),
        ("550 no ZOE.ONEILL here, zoe.oneill%40example.org", "550 no <…> here, <…>"),
        ("user U0ZOE (Zoë O'Neill-Li) at level 4", "user <…> (<…>) at level 4"),
        ("Neill is not Neills", "<…> is not Neills"),
        ("two\r\nlines\x1b[31m and \u202emore", "two lines [31m and more"),
        ("y" * (LONGEST + 1), "y" * (LONGEST - 1) + "…"),
    ],
)
def test_a_recipient_is_not_named_and_all_is_one_plain_line(said, kept):
    assert kept == Discretion().without(said, TO_ZOE)


def test_spaces_and_breaks_hide_no_secret():
    assert "535 <…> no" == knowing("two  spaces here").without("535 two  spaces here no")
    coded = base64.encodebytes(b"\0someone\0" + b"correct horse battery staple" * 5).decode().replace("\n", "\r\n ")
    assert "\r\n " in coded
    assert HIDDEN == knowing("correct horse battery staple" * 5).without(f"535 {coded}")


def test_parts_of_a_secret_address_are_secrets():
    discretion = knowing("https://hooks.example.org/services/T0123/abcdefghijkl?sig=0123456789ab")
    assert "no <…> with sig=<…>" == discretion.without("no abcdefghijkl with sig=0123456789ab")


def test_what_names_nobody_is_kept_as_it_was_said():
    assert "452 4.2.2 mailbox full" == knowing("abc").without("452 4.2.2 mailbox full", evolve(TO_ZOE, to_name=""))
