from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit_channels.web.exchanging import Answer
from mentorkit_channels.web.judging import by_status, retry_after, word

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", timedelta()),
        ("120", timedelta(seconds=120)),
        ("99999999999", timedelta(days=7)),
        ("Mon, 11 Jan 2027 09:02:00 GMT", timedelta(minutes=2)),
        ("Mon, 11 Jan 2027 09:02:00 -0000", timedelta(minutes=2)),
        ("Mon, 11 Jan 2027 08:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=7)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("\u0661\u0662", None),
        ("Mon, 99 Jan 2027 09:02:00 GMT", None),
    ],
)
def test_how_long_to_wait(text, expected):
    assert expected == retry_after(Answer(429, {"retry-after": text}), NOW)


@given(st.text())
def test_whatever_a_server_asks_for_is_between_nothing_and_a_week(text):
    found = retry_after(Answer(429, {"retry-after": text}), NOW)
    assert found is None or timedelta() <= found <= timedelta(days=7)


@given(st.integers(100, 999), st.text())
def test_only_what_http_calls_done_is_sent_and_only_what_it_calls_undone_is_tried_again(status, said):
    receipt = by_status(Answer(status), NOW, said=said).receipt
    assert (200 <= status < 300) == (receipt.outcome == "sent")
    assert (receipt.outcome == "deferred") <= (status in (307, 308, 401, 403, 404, 405, 407, 410, 429, 503))
    assert (receipt.outcome == "failed") <= (400 <= status < 500)


@pytest.mark.parametrize("said", ["Ada Lovelace", "a@b.org", "", "x" * 61, None, 7, ["a"], "a\nb"])
def test_only_single_plain_words_of_a_server_are_passed_on(said):
    assert "" == word(said)
    assert "M_FORBIDDEN" == word("M_FORBIDDEN")
