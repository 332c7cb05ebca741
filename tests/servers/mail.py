"""Postfix and Dovecot: a real mail server that takes mail for `example.org` and lets it be read back over IMAP.

Postfix hands mail for known mailboxes to Dovecot over LMTP; it answers 550 5.1.1 for others, relays for nobody but
those who log in, and even then sends nothing off the machine. Dovecot checks the passwords for both.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from pwd import getpwnam

from attrs import frozen

from servers import needing
from servers.certificates import Certificates, make_certificates
from servers.starting import HOST, free_ports, if_killed, listens, own_folder, running, wait_until

DOMAIN = "example.org"
MAILBOXES = ("ada", "ben", "eva", "finn", "office", "bounces")
GONE = "gone"
"""A mailbox that Postfix takes mail for and Dovecot does not know: the mail comes back."""
USER, PASSWORD = "mentorkit", "öffne dich"
"""Who may log in to Postfix."""
MAILBOX_PASSWORD = "read-me"  # of every mailbox


@frozen
class MailServer:
    """A running Postfix with its Dovecot.

    Attributes:
        smtp: port where clients begin in the clear; STARTTLS is offered, and logging in only after it.
        smtps: port where TLS comes first.
        imap: port where mail is read.
        certificates: what the server shows, and whom to trust for it.
    """

    smtp: int
    smtps: int
    imap: int
    certificates: Certificates
    log: Path

    def mails(self, mailbox: str, count: int) -> list[EmailMessage]:
        """Return what is in a mailbox, in order of arrival, as soon as it is `count` mails (or after long waiting)."""
        with self.opened(mailbox) as box:
            wait_until(lambda: self._count(box) >= count, f"{count} mails in {mailbox}")
            _, found = box.search(None, "ALL")
            numbers = found[0].decode().replace(" ", ",")
            _, fetched = box.fetch(numbers, "(BODY.PEEK[])") if numbers else ("OK", [])
        parts = [one[1] for one in fetched if isinstance(one, tuple)]
        return [message_from_bytes(part, policy=policy.default) for part in parts]

    def empty(self) -> None:
        """Remove all mails from all mailboxes."""
        for mailbox in MAILBOXES:
            with self.opened(mailbox) as box:
                box.store("1:*", "+FLAGS", r"\Deleted") if self._count(box) else None
                box.expunge()

    @contextmanager
    def opened(self, mailbox: str) -> Iterator[imaplib.IMAP4]:
        """Give a mailbox, opened."""
        with imaplib.IMAP4(HOST, self.imap, timeout=30) as box:
            box.login(mailbox, MAILBOX_PASSWORD)
            box.select()
            yield box

    @staticmethod
    def _count(box: imaplib.IMAP4) -> int:
        box.noop()
        return len(box.search(None, "ALL")[1][0].split())


@contextmanager
def mail_server(mailboxes: Sequence[str] = MAILBOXES) -> Iterator[MailServer]:
    """Run Postfix and Dovecot until the block ends; skips where they are missing."""
    needing.root()
    postfix, dovecot = needing.program("postfix"), needing.program("dovecot")
    smtp, smtps, imap, lmtp, auth = free_ports(5)
    with own_folder("mail") as folder:
        certificates = make_certificates(folder)
        configured = _configure_dovecot(folder / "dovecot", {"imap": imap, "lmtp": lmtp, "auth": auth}, mailboxes)
        with running([dovecot, "-F", "-c", str(configured)], folder / "dovecot", (imap, lmtp, auth)):
            etc = _configure_postfix(folder / "postfix", smtp, smtps, lmtp, auth, certificates, mailboxes)
            with _postfix(postfix, etc, (smtp, smtps)):
                yield MailServer(smtp, smtps, imap, certificates, folder / "postfix" / "log")


@contextmanager
def _postfix(command: str, etc: Path, ports: Sequence[int]) -> Iterator[None]:
    """Run Postfix, which leaves the session it was started in, and is ended by its own command."""
    start, abort = [command, "-c", str(etc), "start"], [command, "-c", str(etc), "abort"]
    with if_killed(abort):
        started = subprocess.run(start, capture_output=True, text=True, check=False, timeout=60)
        try:
            if started.returncode != 0:
                raise RuntimeError(f"postfix did not start: {started.stderr}")
            wait_until(lambda: all(map(listens, ports)), "postfix")
            yield
        finally:
            subprocess.run(abort, capture_output=True, check=False, timeout=60)


# ------------------------------------------------------------------------------------------------ Dovecot


def _configure_dovecot(folder: Path, ports: Mapping[str, int], mailboxes: Sequence[str]) -> Path:
    nobody = getpwnam("nobody")
    for inner in ("base", "state", "mail"):
        (folder / inner).mkdir(parents=True)
    os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)
    users = folder / "users"
    lines = [f"{one}:{{PLAIN}}{MAILBOX_PASSWORD}::::::" for one in mailboxes] + [f"{USER}:{{PLAIN}}{PASSWORD}::::::"]
    users.write_text("\n".join(lines) + "\n")
    configured = folder / "dovecot.conf"
    configured.write_text(
        f"""\
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = {HOST}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_username_format = %Ln
first_valid_uid = {nobody.pw_uid}
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = passwd-file
  args = username_format=%n {users}
}}
userdb {{
  driver = static
  args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    address = {HOST}
    port = {ports["imap"]}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {HOST}
    port = {ports["lmtp"]}
  }}
}}
service auth {{
  inet_listener auth {{
    address = {HOST}
    port = {ports["auth"]}
  }}
}}
"""
    )
    return configured


# ------------------------------------------------------------------------------------------------ Postfix


def _configure_postfix(
    folder: Path, smtp: int, smtps: int, lmtp: int, auth: int, certificates: Certificates, mailboxes: Sequence[str]
) -> Path:
    etc, spool, data = folder / "etc", folder / "spool", folder / "data"
    for one in (etc, spool, data):
        one.mkdir(parents=True)
    shutil.chown(data, "postfix")
    known = "".join(f"{one}@{DOMAIN} {one}\n" for one in (*mailboxes, GONE))
    (etc / "mailboxes").write_text(known)
    (etc / "main.cf").write_text(
        f"""\
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.{DOMAIN}
mydestination =
mynetworks = 192.0.2.1/32
inet_interfaces = {HOST}
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = texthash:{etc}/mailboxes
virtual_transport = lmtp:inet:{HOST}:{lmtp}
default_transport = error:5.1.2 no mail leaves this machine
smtputf8_autodetect_classes = all
recipient_delimiter = +
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{HOST}:{auth}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {certificates.chain}
smtpd_tls_key_file = {certificates.key}
smtpd_peername_lookup = no
"""
    )
    (etc / "master.cf").write_text(_services(smtp, smtps))
    return etc


def _services(smtp: int, smtps: int) -> str:
    """Return Postfix's table of services, none of them chrooted: nothing has to be copied into its folder."""
    rows = [
        f"{HOST}:{smtp} inet n - n - - smtpd",
        f"{HOST}:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        *(f"{name} unix - - n - 0 bounce" for name in ("bounce", "defer", "trace")),
        "flush unix n - n 1000? 0 flush",
        "proxymap unix - - n - - proxymap",
        "proxywrite unix - - n - 1 proxymap",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "verify unix - - n - 1 verify",
        "showq unix n - n - - showq",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    return "\n".join(rows) + "\n"
