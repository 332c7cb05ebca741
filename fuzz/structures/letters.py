"""Mails of people and of mail servers, with headers and parts that nearly fit."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import strategies as st

from fuzz.desk_files import opened, the_plan
from fuzz.structures.words import odd_text
from mentorkit.core.message_ids import message_id
from mentorkit.core.step_codes import step_code


@lru_cache(maxsize=1)
def _codes() -> tuple[str, ...]:
    program = opened().program
    return (*(f"[{step_code(program.id, step.name)}]" for step in program.steps), "[mk-00000000]", "")


@lru_cache(maxsize=1)
def _message_ids() -> tuple[str, ...]:
    return (
        *(f"<{message_id('pilot', one.key)}>" for one in the_plan().due),
        "<x@pilot.mentorkit>",
        "<%ff@pilot.mentorkit>",
        "<a@b>",
        "x",
    )


_people = st.sampled_from(
    [
        "Dev <dev@example.org>",
        "dev@example.org",
        "=?utf-8?q?Dev?= <DEV@example.org>",
        "nobody@example.org",
        "<>",
        "",
        "a@b, c@d",
    ]
)
_dates = st.sampled_from(
    [
        "Mon, 11 Jan 2027 10:00:00 +0100",
        "11 Jan 2027 10:00",
        "Mon, 1 Jan 0001 00:00:00 +1400",
        "x",
        "31 Dec 9999 23:59:59 -1200",
        "",
    ]
)
_texts = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "yes",
                "No.",
                "We met!",
                "1. 4",
                "2) more time",
                "useful: 5",
                "why: because",
                "> quoted",
                "On Monday x wrote:",
                "--",
                "",
            ]
        ),
        odd_text,
    ),
    max_size=5,
).map("\r\n".join)
_parts = st.builds(
    "Content-Type: {}\r\nContent-Transfer-Encoding: {}\r\n\r\n{}\r\n".format,
    st.sampled_from(
        [
            "text/plain",
            "text/plain; charset=utf-16",
            "text/plain; charset=nope",
            "text/html",
            "text/plain; name=x",
            "image/png",
            "message/rfc822",
        ]
    ),
    st.sampled_from(["7bit", "base64", "quoted-printable", "x-uuencode", "nope"]),
    _texts,
)


def _mail(headers: dict[str, str], parts: list[str], kind: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if len(parts) == 1:
        return (lines + parts[0]).encode("utf-8", "surrogatepass")
    body = "".join(f"--x\r\n{one}" for one in parts)
    return f"{lines}Content-Type: multipart/{kind}; boundary=x\r\n\r\n{body}--x--\r\n".encode("utf-8", "surrogatepass")


_headers = st.deferred(
    lambda: st.fixed_dictionaries(
        {
            "From": _people,
            "Date": _dates,
            "Subject": st.builds("Re: {} {}".format, odd_text, st.sampled_from(_codes())),
        },
        optional={
            "In-Reply-To": st.sampled_from(_message_ids()),
            "References": st.lists(st.sampled_from(_message_ids()), max_size=3).map(" ".join),
            "Message-ID": st.sampled_from(["<1@x>", "1", "<>", "<\u00e9@x>"]),
            "Auto-Submitted": st.sampled_from(["no", "auto-replied", "auto-generated; x"]),
            "Precedence": st.sampled_from(["bulk", "list"]),
        },
    )
)
answers: st.SearchStrategy[bytes] = st.builds(
    _mail, _headers, st.lists(_parts, min_size=1, max_size=3), st.sampled_from(["mixed", "alternative", "report"])
)
_blocks = st.builds(
    "Final-Recipient: rfc822; dev@example.org\r\nAction: {}\r\nStatus: {}\r\n".format,
    st.sampled_from(["failed", "Failed ", "delayed", "relayed", "=?utf-8?q?failed?="]),
    st.sampled_from(["5.1.1", "5.2.2 (full)", "4.4.1", "5", "", "x"]),
)
_reports = st.builds(
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n{}\r\n".format,
    st.lists(_blocks, max_size=3).map("\r\n".join),
)
_returned = st.deferred(
    lambda: st.builds(
        "Content-Type: {}\r\n\r\nMessage-ID: {}\r\nSubject: x\r\n\r\nHello\r\n".format,
        st.sampled_from(["message/rfc822", "text/rfc822-headers", "message/global", "text/plain"]),
        st.sampled_from(_message_ids()),
    )
)
bounces: st.SearchStrategy[bytes] = st.builds(
    _mail,
    _headers,
    st.lists(st.one_of(_reports, _returned, _parts), min_size=2, max_size=4),
    st.just("report; report-type=delivery-status"),
)
