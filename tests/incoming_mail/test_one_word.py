"""The one word that people answer after a session."""

import pytest

from mentorkit.incoming_mail.one_word import one_word


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("met", "met", ()),
        ("Met!\n1. 4\n2. practise", "met", ("1. 4", "2. practise")),
        ("Hi,\nwe met.\nBest, Finn", "met", ("Hi,", "Best, Finn")),
        ("met, 4", "met", ("4",)),
        ("Met, thanks!", "met", ()),
        ("Getroffen 5", "met", ("5",)),
        ("wir haben uns nicht getroffen", "missed", ()),
        ("Ausgefallen.", "missed", ()),
        ("vu", "met", ()),
        ("Manqué", "missed", ()),
        ("Sí, nos vimos", "met", ()),
        ("no nos vimos", "missed", ()),
        ("Verschoben", "moved", ()),
        ("reporté", "moved", ()),
    ],
)
def test_it_is_understood_in_the_words_that_messages_ask_for(text, word, rest):
    said = one_word(text.splitlines())
    assert (word, rest) == (said.word, said.lines)


@pytest.mark.parametrize("text", ["", "we met nobody", "met, but not with him", "1. met", "4", "a\nb\nc\nd\ne\nmet"])
def test_nothing_is_guessed(text):
    assert one_word(text.splitlines()) is None
