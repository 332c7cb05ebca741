"""Messages in the language of messages, with names that are there and that are not."""

from __future__ import annotations

from hypothesis import strategies as st

from fuzz.structures.words import odd_text

_names = st.sampled_from(
    [
        *("me.name", "me.email", "me.nope", "partners", "partners[0].name", "program.name", "program.goals", "session"),
        *(
            "session.starts",
            "relationship",
            "relationships",
            "words.mentor",
            "coordinator.email",
            "code",
            "survey",
            "x",
        ),
        *(
            "questions",
            "agenda",
            "loop.index",
            "none",
            "true",
            "1",
            "'a'",
            "[1, 2]",
            "10 ** 9",
            "range",
            "me.__class__",
        ),
    ]
)
_expressions = st.recursive(
    _names,
    lambda inner: st.one_of(
        st.builds(
            "{} | {}".format,
            inner,
            st.sampled_from(["upper", "length", "join(', ')", "nope", "first", "sort", "default('x')", "e"]),
        ),
        st.builds(
            "{} {} {}".format, inner, st.sampled_from(["+", "~", "==", "in", "and", "or", "*", "//", "%", "<"]), inner
        ),
        st.builds("{} is {}".format, inner, st.sampled_from(["defined", "none", "not none", "odd", "nope"])),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("not {}".format, inner),
    ),
    max_leaves=6,
)
_words = st.sampled_from(
    [
        "Hello",
        "**bold**",
        "- item",
        "[x](https://x.example)",
        "<b>",
        "`code`",
        "> quote",
        "| a | b |",
        "\n",
        "1. x",
        "&amp;",
        "#",
    ]
)
_bodies = st.recursive(
    st.one_of(_words, odd_text, st.builds("{{{{ {} }}}}".format, _expressions)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(" ".join),
        st.lists(inner, max_size=3).map("\n".join),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _expressions, inner, inner),
        st.builds("{{% for x in {} %}}{}{{% endfor %}}".format, _expressions, inner),
        st.builds("{{% set x = {} %}}{}".format, _expressions, inner),
    ),
    max_leaves=8,
)
messages: st.SearchStrategy[bytes] = st.builds(
    "---\nsubject: {}\n---\n{}\n".format,
    st.one_of(_bodies.map(lambda text: text.replace("\n", " ")), st.just("Hello {{ me.name }}")),
    _bodies,
).map(lambda text: text.encode("utf-8", "surrogatepass"))
