"""An open way to a mail server: takes a message up to, and not including, the line that ends it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from attrs import define, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Prepared, Receipt
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.roster import Person
from mentorkit_channels.smtp.connecting import Session, connected, why
from mentorkit_channels.smtp.dialogue import NoReplyError
from mentorkit_channels.smtp.letters import Letter, letter_of
from mentorkit_channels.smtp.options import SmtpOptions
from mentorkit_channels.smtp.pacing import Pace
from mentorkit_channels.smtp.replies import Reply, in_words, receipt_of
from mentorkit_channels.smtp.transaction import PreparedMail, Refused, stuffed

_IDLE = 10.0
"""Seconds of silence after which a server is asked whether it is still there."""

_NOT_AS_IT_IS = (552, 555)
"""Noes to MAIL that are about the message, its size or parameters, and not about its sender."""


@define
class SmtpChannel:
    """Mail through one server, over one connection that is kept from message to message.

    Attributes:
        pace: keeps messages apart.
    """

    options: SmtpOptions
    setting: ChannelSetting
    pace: Pace = field(init=False)
    _kept: Session | None = field(default=None, init=False)
    _refusal: str = field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        """Set the pace."""
        self.pace = Pace(self.options.per_minute)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return whether there is a mail address."""
        return is_mail_address(address)

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Say everything but the line that ends the message.

        A message that the server turns down at this point comes back as one whose `commit` says so and does nothing.

        Raises:
            ChannelDownError: the server cannot be reached, does not let us in, or takes nothing from this sender.
            ValueError: the message has no valid form.
            OSError: the connection broke within this message.
        """
        if self._refusal:
            raise ChannelDownError(self._refusal)
        letter = letter_of(outgoing, self.options)
        self.pace.wait()
        session, receipt = self._begun(letter)
        try:
            if receipt is not None:
                return self._refused(session, receipt)
            return self._said(session, letter.for_server(session.features))
        except BaseException:
            session.dialogue.hang_up()
            raise

    def close(self) -> None:
        """Take leave of the server."""
        session, self._kept = self._kept, None
        if session is not None:
            with suppress(OSError):  # whoever is asked to hang up may do so without a word
                session.dialogue.say("QUIT")
            session.dialogue.hang_up()

    # ------------------------------------------------------------------------------------------------ beginning

    def _begun(self, letter: Letter) -> tuple[Session, Receipt | None]:
        """Return a session in which the server has taken the sender, and what became of a message it turned down.

        A connection that was kept may have been closed meanwhile; then there is a new one, once.

        Raises:
            ChannelDownError: there is no connection, or the server takes no mail from this sender, or none at all.
        """
        session, self._kept = self._kept, None
        if session is not None:
            with suppress(OSError, ChannelDownError):
                if _is_there(session):
                    return session, self._sender_told(session, letter)
            session.dialogue.hang_up()
        session = connected(self.options, self.setting)
        try:
            return session, self._sender_told(session, letter)
        except ChannelDownError:
            session.dialogue.hang_up()
            raise
        except OSError as problem:
            session.dialogue.hang_up()
            raise ChannelDownError(f"{self.options.server} does not take mail: {why(problem)}") from problem

    def _sender_told(self, session: Session, letter: Letter) -> Receipt | None:
        """Say MAIL; what the server has against the sender, it has against every message.

        A server that reads ahead is told all that comes before the message at once: on a long way, each reply that
        nobody waits for saves a message the way there and back.
        """
        features, letter = session.features, letter.for_server(session.features)
        if letter.needs_utf8 and "SMTPUTF8" not in features:
            return Receipt("failed", "the mail server takes no addresses with letters beyond ASCII")
        if features.most_bytes is not None and len(letter.content) > features.most_bytes:
            return Receipt("failed", f"{len(letter.content)} bytes; the mail server takes {features.most_bytes}")
        mail = letter.mail_command(features)
        if "PIPELINING" in features:
            session.dialogue.say_ahead(mail, letter.rcpt_command, "DATA")
        reply = session.dialogue.say(mail)
        if reply.is_yes:
            return None
        if reply.locks_out or (500 <= reply.code < 600 and reply.code not in _NOT_AS_IT_IS):
            raise self._down(reply, "takes no mail from this sender")
        return self._receipt(reply, letter)

    # ------------------------------------------------------------------------------------------------ the message

    def _said(self, session: Session, letter: Letter) -> Prepared:
        """Name the recipient and send the message without its end.

        Raises:
            ChannelDownError: the server closes down, or takes no mail from this sender.
            OSError: the connection broke, which may be this message's doing.
        """
        dialogue = session.dialogue
        reply = dialogue.say(letter.rcpt_command)
        if not reply.is_yes:
            return self._turned_down(session, reply, letter)
        reply = dialogue.say("DATA")
        if reply.code != 354:
            return self._turned_down(session, reply, letter)
        dialogue.send(stuffed(letter.content))
        if dialogue.has_spoken():
            raise NoReplyError(f"{self.options.server} broke off within the message: {_last_words(session)}")
        return PreparedMail(dialogue, letter.recipient, partial(self._ended, session))

    def _turned_down(self, session: Session, reply: Reply, letter: Letter) -> Refused:
        if reply.locks_out or reply.refuses_sender:
            raise self._down(reply, "takes no mail from this sender")
        return self._refused(session, self._receipt(reply, letter))

    def _refused(self, session: Session, receipt: Receipt) -> Refused:
        """Return a message that the server turned down, and keep the session if it can take another."""
        dialogue = session.dialogue
        with suppress(OSError):  # what was said stands, whatever comes after it
            if all(reply.code != 354 for reply in dialogue.rest()) and dialogue.say("RSET").is_yes:
                self._kept = session
        if self._kept is None:
            dialogue.hang_up()
        return Refused(receipt)

    def _receipt(self, reply: Reply, letter: Letter) -> Receipt:
        """Return what became of a message that the server turned down before its end."""
        if not 400 <= reply.code < 600:
            raise NoReplyError(f"{self.options.server} said what has no place here: {in_words(reply)}")
        return receipt_of(reply, letter.recipient)

    def _ended(self, session: Session, reply: Reply | None) -> bool:
        """Keep or end a session after its message; return whether the reply is against every message."""
        if reply is None or reply.locks_out:
            session.dialogue.hang_up()
        else:
            self._kept = session
        if reply is None or not reply.refuses_sender:
            return False
        self._refusal = str(self._down(reply, "takes no mail from this sender"))
        return True

    def _down(self, reply: Reply, what: str) -> ChannelDownError:
        told = "does not take mail" if reply.locks_out else what
        return ChannelDownError(f"{self.options.server} {told}: {in_words(reply, self.options.mailbox.address)}")


def _is_there(session: Session) -> bool:
    """Return whether a server that was kept waiting still listens."""
    dialogue = session.dialogue
    if dialogue.has_spoken():
        return False
    return dialogue.clock() - dialogue.said_at < _IDLE or dialogue.say("NOOP").is_yes


def _last_words(session: Session) -> str:
    try:
        return in_words(session.dialogue.reply())
    except OSError as problem:
        return why(problem)
