"""Getting in: connect, encrypt, say hello, log in. Whatever goes wrong here, the channel is down."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from attrs import define, frozen

from mentorkit.core.contracts import ChannelDownError, ChannelSetting
from mentorkit_channels.smtp.authenticating import log_in
from mentorkit_channels.smtp.dialogue import Dialogue
from mentorkit_channels.smtp.options import SmtpOptions
from mentorkit_channels.smtp.replies import Reply, in_words


@frozen
class Features:
    """What a server can do beyond the least, by the keywords of its reply to EHLO, with their arguments."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, reply: Reply) -> Features:
        """Return what a reply to EHLO offers; its first line is a greeting.

        Older servers say `AUTH=` with some mechanisms beside `AUTH` with all.
        """
        words: dict[str, str] = {}
        for line in reply.lines[1:]:
            word, _, rest = line.replace("=", " ", 1).partition(" ")
            words[word.upper()] = f"{words.get(word.upper(), '')} {rest}".strip()
        return cls(words)

    def __contains__(self, word: str) -> bool:
        return word in self.words

    @property
    def ways_to_log_in(self) -> frozenset[str]:
        """The mechanisms of AUTH."""
        return frozenset(self.words.get("AUTH", "").upper().split())

    @property
    def most_bytes(self) -> int | None:
        """How large a message may be; None: it does not say."""
        size = self.words.get("SIZE", "")
        return int(size) if size.isdecimal() and int(size) else None


@define
class Session:
    """A server that has let us in."""

    dialogue: Dialogue
    features: Features


def connected(options: SmtpOptions, setting: ChannelSetting) -> Session:
    """Return a session with the mail server, ready for a message.

    Raises:
        ChannelDownError: there is none to be had; the message says where it ended.
    """
    secret, trust = _secret(options, setting), _trust(options, setting)
    dialogue = _dialled(options)
    try:
        return _let_in(dialogue, options, secret, trust)
    except ChannelDownError as problem:
        dialogue.hang_up()
        raise ChannelDownError(f"{options.server}: {problem}") from None
    except (OSError, ValueError) as problem:
        dialogue.hang_up()
        raise ChannelDownError(f"{options.server}: {why(problem)}{_advice(problem, options)}") from problem


def _secret(options: SmtpOptions, setting: ChannelSetting) -> str:
    kept = options.oauth or options.password
    return setting.reveal(kept) if kept else ""


def _trust(options: SmtpOptions, setting: ChannelSetting) -> ssl.SSLContext:
    """Return how to encrypt: TLS 1.2 or later, the server's certificate and name verified."""
    path = Path(setting.beside) / options.ca if options.ca else None
    try:
        context = ssl.create_default_context(cafile=path)
    except OSError as problem:
        raise ChannelDownError(f"the certificates in {path} cannot be read: {why(problem)}") from problem
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _dialled(options: SmtpOptions) -> Dialogue:
    try:
        connection = socket.create_connection(options.address, timeout=options.timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, UnicodeError) as problem:
        raise ChannelDownError(f"no connection to the mail server {options.server}: {why(problem)}") from problem
    return Dialogue(connection, options.timeout)


def _let_in(dialogue: Dialogue, options: SmtpOptions, secret: str, trust: ssl.SSLContext) -> Session:
    if options.security == "tls":
        dialogue.secure(trust, options.host)
    _expect(dialogue.reply(), "its greeting")
    features = _hello(dialogue, options)
    if options.security == "starttls":
        if "STARTTLS" not in features:
            raise ChannelDownError(
                "it offers no STARTTLS, and without encryption nothing is sent; look at port and security"
            )
        _expect(dialogue.say("STARTTLS"), "STARTTLS")
        dialogue.secure(trust, options.host)
        features = _hello(dialogue, options)
    if options.user:
        _prove_private(dialogue)
        log_in(dialogue, features.ways_to_log_in, options.user, secret, is_token=options.oauth is not None)
    return Session(dialogue, features)


def _hello(dialogue: Dialogue, options: SmtpOptions) -> Features:
    reply = dialogue.say(f"EHLO {options.hello or _own_address(dialogue.socket)}")
    _expect(reply, "EHLO")
    return Features.of(reply)


def _own_address(connection: socket.socket) -> str:
    """Return the network address this machine speaks from, as EHLO wants it (RFC 5321, 4.1.3)."""
    address = str(connection.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _expect(reply: Reply, what: str) -> None:
    if not reply.is_yes:
        raise ChannelDownError(f"the mail server says to {what}: {in_words(reply)}")


def _prove_private(dialogue: Dialogue) -> None:
    """Raise unless nobody between can read what is said: a password is about to be."""
    if isinstance(dialogue.socket, ssl.SSLSocket):
        return
    if not ip_address(str(dialogue.socket.getpeername()[0]).partition("%")[0]).is_loopback:
        raise ChannelDownError("a password is never sent without encryption, and this is another machine")


def _advice(problem: BaseException, options: SmtpOptions) -> str:
    """Return what to write in the program file where a problem with encryption usually comes of that, else ""."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        unknown = problem.verify_code in _UNKNOWN_AUTHORITY and not options.ca
        return '; if the authority is your own, name its certificate: ca = "FILE.pem"' if unknown else ""
    if isinstance(problem, ssl.SSLError) and options.security == "tls":
        return '; it may want security = "starttls" at this port'
    return ""


_UNKNOWN_AUTHORITY = (18, 19, 20, 21)  # of OpenSSL (X509_V_ERR_*): signed by itself, or no issuer found


def why(problem: BaseException) -> str:
    """Return a problem with the network in words."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {problem.verify_message}"
    if isinstance(problem, ssl.SSLError):
        return f"encryption failed: {(problem.reason or str(problem)).replace('_', ' ').lower()}"
    if isinstance(problem, TimeoutError):
        return "no answer in time"
    if isinstance(problem, OSError):
        return problem.strerror or str(problem)
    return str(problem)
