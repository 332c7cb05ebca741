"""Certificates for servers on loopback, made anew by each test session, by an authority that nobody else trusts."""

from __future__ import annotations

from pathlib import Path

import trustme
from attrs import frozen

NAMES = ("localhost", "127.0.0.1")


@frozen
class Certificates:
    """Files with certificates; `authority` is what a client has to be told to trust.

    Attributes:
        chain: the server's certificate.
        key: its private key.
        of_another: chain and key of a certificate for a name that is not this server's.
    """

    authority: Path
    chain: Path
    key: Path
    of_another: tuple[Path, Path]


def make_certificates(folder: Path) -> Certificates:
    """Write certificates into a folder."""
    authority = trustme.CA()
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    chain, key = _write(authority.issue_cert(*NAMES), folder, "server")
    return Certificates(trusted, chain, key, _write(authority.issue_cert("mail.example.com"), folder, "another"))


def _write(made: trustme.LeafCert, folder: Path, name: str) -> tuple[Path, Path]:
    chain, key = folder / f"{name}.pem", folder / f"{name}.key"
    for number, pem in enumerate(made.cert_chain_pems):
        pem.write_to_path(chain, append=number > 0)
    made.private_key_pem.write_to_path(key)
    return chain, key
