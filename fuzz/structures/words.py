"""Words of people, right and wrong: the parts that other structures are made of."""

from __future__ import annotations

from math import ceil

from hypothesis import strategies as st

_ODD = (
    *(
        "",
        " ",
        "=1+1",
        "\u202e",
        "e\u0301",
        "\u0130",
        "\ufeff",
        "'",
        '"',
        "\\",
        "1e999",
        "nan",
        "٣",
        "a" * 300,
        "\x00",
        "#",
    ),
    *("\n", "\r\n", "\u2028", ";", ",", "x", "ß", "½", "-1", "\t", "<b>", "{{", "%"),
)
odd_text = st.one_of(st.sampled_from(_ODD), st.sampled_from(_ODD), st.text(max_size=8))
numbers = st.integers(-3, 60).map(str) | st.sampled_from(["0", "007", "999999999", "1.5", "-0", "²"])
dates = st.dates().map(str) | st.sampled_from(
    ["2027-02-29", "0001-01-01", "9999-12-31", "2027-1-1", "20270111", "2027-W02-1"]
)
clocks = st.times().map(lambda one: f"{one:%H:%M}") | st.sampled_from(["24:00", "9:00", "09:60", "09.00"])
units = st.sampled_from(["day", "days", "weeks", "week", "months", "years", "business days", "hours", "wochen", ""])
spans = st.builds("{} {}".format, numbers, units)
weekdays = st.sampled_from(["mon", "Monday", "tue", "sun", "SAT", "mo", ""])
hours = st.builds("{}{}{}".format, clocks, st.sampled_from(["-", "–", " - ", ""]), clocks)  # noqa: RUF001
anchors = st.sampled_from(
    [
        *("match", "start", "end", "midpoint", "session", "session 2", "midpoint of relationship", "hire_date", "ask"),
        *("relationship-end", "opens", "signup-closes", "request", "member-leaves", "matched", "session 0", "x y"),
    ]
)
whens = st.builds(
    "{}{}{}{}".format,
    anchors,
    st.sampled_from(["", " + ", " - ", "+", "-", " − "]),  # noqa: RUF001
    spans | st.just(""),
    st.builds(" at {}".format, clocks) | st.just(""),
)
moments = st.builds(
    "{}{}{}{}".format,
    dates,
    st.sampled_from(["T", " ", ""]),
    clocks | st.just(""),
    st.sampled_from(["", "Z", "+14:00", "-12:00", "+25:00"]),
)
zones = st.sampled_from(
    ["Europe/London", "Asia/Kathmandu", "Pacific/Apia", "UTC", "", "europe/london", "Mars/X", "../etc"]
)
addresses = st.sampled_from(
    [
        *(
            "ada@example.org",
            "ben@example.org",
            "dev@example.org",
            "ADA@example.org",
            "a@b",
            "a@b, c@d",
            "<a@b>",
            "a b@c",
        ),
        *("a@b\r\nX: y", "", "@", "a@@b", "ä@ö.example", "a@b.", "a" * 250 + "@b.c"),
    ]
)


def any_of(*some: st.SearchStrategy[str], odd: st.SearchStrategy[str] = odd_text) -> st.SearchStrategy[str]:
    """Return texts that are mostly of these, and sometimes anything."""
    return st.one_of(*some, *some, *some, odd)


def picked(*some: str) -> st.SearchStrategy[str]:
    """Return mostly one of these texts; a single choice, because there are very many of them in a table."""
    return st.sampled_from((*some * ceil(3 * len(_ODD) / len(some) / 2), *_ODD))


words = st.one_of(
    spans,
    whens,
    hours,
    moments,
    dates,
    addresses,
    odd_text,
    st.builds("every {}".format, st.one_of(spans, units, weekdays)),
    st.builds("{} per {}".format, numbers, units),
    st.builds("silent {}".format, spans),
    st.builds("{} {}; {} {}".format, weekdays, hours, weekdays, hours),
    st.builds("{}-{} {}, {}".format, weekdays, weekdays, hours, hours),
    st.lists(weekdays, max_size=3).map(",".join),
    st.lists(st.sampled_from(["DD", "MM", "YYYY", "YY", ".", "/", "-", " ", "d"]), max_size=6).map("".join),
).map(lambda text: text.encode("utf-8", "surrogatepass"))
