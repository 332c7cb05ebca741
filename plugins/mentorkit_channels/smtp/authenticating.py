"""Logging in: by password (PLAIN, RFC 4616, or LOGIN), or by an access token (XOAUTH2)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection

from mentorkit.core.contracts import ChannelDownError
from mentorkit_channels.smtp.dialogue import Dialogue
from mentorkit_channels.smtp.replies import Reply, in_words


def log_in(dialogue: Dialogue, offered: Collection[str], user: str, secret: str, *, is_token: bool) -> None:
    """Log in, by the first way that both sides know.

    Args:
        dialogue: after EHLO.
        offered: the ways that the server knows, in capitals.
        user: whom to log in as.
        secret: password or access token.
        is_token: which of the two.

    Raises:
        ChannelDownError: there is no such way, or the server does not let us in.
        OSError: there was no reply.
    """
    ways = {"XOAUTH2": _by_token} if is_token else {"PLAIN": _by_plain, "LOGIN": _by_login}
    way = next((name for name in ways if name in offered), None)
    if way is None:
        known = f"it offers {', '.join(sorted(offered))}" if offered else "it offers none"
        raise ChannelDownError(f"the mail server knows no way of logging in by {' or '.join(ways)}; {known}")
    reply = ways[way](dialogue, user, secret)
    if not reply.is_yes:
        raise ChannelDownError(
            f"the mail server does not let us in: {in_words(reply, user)}; look at user and "
            f"{'oauth' if is_token else 'password'}"
        )


def _by_plain(dialogue: Dialogue, user: str, password: str) -> Reply:
    return dialogue.say("AUTH PLAIN " + _coded(f"\0{user}\0{password}"))


def _by_login(dialogue: Dialogue, user: str, password: str) -> Reply:
    reply = dialogue.say("AUTH LOGIN")
    for word in (user, password):
        if reply.code != 334:
            break
        reply = dialogue.say(_coded(word))
    return reply


def _by_token(dialogue: Dialogue, user: str, token: str) -> Reply:
    """Log in by token; to a no the server first sends why, which must be answered by an empty line."""
    reply = dialogue.say("AUTH XOAUTH2 " + _coded(f"user={user}\x01auth=Bearer {token}\x01\x01"))
    return dialogue.say("") if reply.code == 334 else reply


def _coded(words: str) -> str:
    return b64encode(words.encode()).decode("ascii")
