"""A message as it goes out by a mail server: who it is from, where answers go, and its bytes."""

from __future__ import annotations

from attrs import evolve, frozen

from mentorkit.core.contracts import Outgoing
from mentorkit_channels.mail import as_bytes, in_ascii, needs_utf8
from mentorkit_channels.smtp.connecting import Features
from mentorkit_channels.smtp.options import SmtpOptions


@frozen
class Letter:
    """A message and its envelope.

    Attributes:
        outgoing: with the sender of the program file.
        sender: of the envelope: where what cannot be delivered comes back to.
        recipient: of the envelope.
        content: the whole mail, lines ended by CR LF.
    """

    outgoing: Outgoing
    sender: str
    recipient: str
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether a server must take addresses beyond ASCII."""
        return needs_utf8(self.outgoing) or not self.sender.isascii()

    def for_server(self, features: Features) -> Letter:
        """Return it in bytes that a server takes."""
        if "8BITMIME" in features or self.content.isascii():
            return self
        return evolve(self, content=as_bytes(self.outgoing, seven_bit=True))

    @property
    def rcpt_command(self) -> str:
        """The command that names its recipient."""
        return f"RCPT TO:<{self.recipient}>"

    def mail_command(self, features: Features) -> str:
        """Return the command that begins its transaction."""
        words = [f"MAIL FROM:<{self.sender}>"]
        if features.most_bytes is not None:
            words.append(f"SIZE={len(self.content)}")
        if "8BITMIME" in features and not self.content.isascii():
            words.append("BODY=8BITMIME")
        if self.needs_utf8:
            words.append("SMTPUTF8")
        return " ".join(words)


def letter_of(outgoing: Outgoing, options: SmtpOptions) -> Letter:
    """Return a message as it goes out.

    Raises:
        ValueError: it has no valid form.
    """
    sender = options.mailbox
    ours = evolve(
        outgoing,
        from_name=sender.name or outgoing.from_name,
        from_address=sender.address,
        reply_to=outgoing.reply_to or options.reply_to,
        unsubscribe=outgoing.unsubscribe or options.unsubscribe,
    )
    returns = in_ascii(options.bounces or sender.address)
    return Letter(ours, returns, in_ascii(outgoing.to_address), as_bytes(ours))
