from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Outgoing
from mentorkit.messages.frame import framed
from mentorkit.messages.markdown import escaped, to_html
from mentorkit.testing import a_moment
from mentorkit_channels.chat.saying import CUT, Block, Piece, fitting, plain, said

BODY = """\
# Hi

Hello **Ada *x*** and *Bob*: `code`, [a link](https://x.org/a?b=1&c=2), <https://y.org>,
<ada@example.org>, [no link](javascript:alert)

- one
- two
  - three

3. a
4. b

> quoted

---

```
code
  x
```

line\\
break

| a | b |
|---|---|
| 1 | 2 |
"""

HELLO = Outgoing(
    *("k", "Ada", "ada@example.org", "Aurora", "aurora@example.org", "Hello", "", ""),
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="k@p",
)


def message(hello, body):
    return evolve(hello, text=body, html=framed(to_html(body), hello.subject, "en"))


def test_what_a_message_says_is_read_from_its_page(hello):
    blocks = said(message(hello, BODY))
    assert [
        ("heading", "", 0, "Welcome, Ada"),
        ("heading", "", 0, "Hi"),
        (
            *("text", "", 0),
            "Hello Ada x and Bob: code, a link, https://y.org, ada@example.org, [no link](javascript:alert)",
        ),
        ("item", "•", 1, "one"),
        ("item", "•", 1, "two"),
        ("item", "•", 2, "three"),
        ("item", "3.", 1, "a"),
        ("item", "4.", 1, "b"),
        ("quote", "", 0, "quoted"),
        ("rule", "", 0, ""),
        ("code", "", 0, "code\n  x"),
        ("text", "", 0, "line\nbreak"),
        ("row", "", 0, "a | b"),
        ("row", "", 0, "1 | 2"),
    ] == [(block.kind, block.mark, block.depth, block.text) for block in blocks]
    assert (
        *(Piece("Hello "), Piece("Ada ", bold=True), Piece("x", bold=True, italic=True), Piece(" and ")),
        *(Piece("Bob", italic=True), Piece(": "), Piece("code", code=True), Piece(", ")),
        *(Piece("a link", link="https://x.org/a?b=1&c=2"), Piece(", ")),
        *(Piece("https://y.org", link="https://y.org"), Piece(", ")),
        *(Piece("ada@example.org", link="mailto:ada@example.org"), Piece(", [no link](javascript:alert)")),
    ) == blocks[2].pieces


def test_a_message_reads_well_without_any_marks(hello):
    assert "Welcome, Ada\n\nHello Ada, here (https://x.org).\n\n• one\n  • two" == plain(
        said(message(hello, "Hello **Ada**, [here](https://x.org).\n\n- one\n  - two\n"))
    )


def test_a_message_without_a_page_is_read_from_its_text(hello):
    blocks = said(evolve(hello, html="", text="One.\n\nTwo *x*.\n"))
    assert ["Welcome, Ada", "One.", "Two *x*."] == [block.text for block in blocks]


@given(st.text(min_size=1))
def test_what_a_value_contains_is_text_and_nothing_else(value):
    shown = " ".join(value.split())
    if shown and shown.isprintable():
        html = framed(to_html(f"Hello {escaped(shown)}!"), "Hello", "en")
        blocks = said(evolve(HELLO, html=html))
        assert (Piece(f"Hello {shown}!"),) == blocks[1].pieces


def size(blocks):
    return sum(len(block.text) for block in blocks)


@given(st.lists(st.text("ab ", max_size=30), max_size=8), st.integers(len(CUT), 120))
def test_what_is_too_long_is_cut_with_a_word_and_as_little_as_can_be(texts, limit):
    blocks = [Block("text", (Piece(text),)) for text in texts if text]
    found = fitting(blocks, size, limit)
    assert size(found) <= limit
    if size(blocks) <= limit:
        assert tuple(blocks) == found
    else:
        assert CUT == found[-1].text
        assert limit == size(found)
        assert "".join(block.text for block in blocks).startswith("".join(block.text for block in found[:-1]))


@given(st.text("<>/abp ='\"&;!-#", max_size=60))
def test_whatever_stands_in_a_page_it_is_read(text):
    for html in (text, f"<p>{text}</p>", f"<table><tr>{text}"):
        said(evolve(HELLO, html=html))
