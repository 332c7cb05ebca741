"""Addresses of servers: how they are written, and which machines may be called.

A program names the servers it talks to, but it must not be possible to turn that into calls to the machine itself or
to its neighbors by a clever spelling, or by a name that means one machine now and another in a moment. So hosts are
names or plain numbers and nothing else, a name is looked up once, every address that it has is judged, and the one
that was judged is the one that is called.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from attrs import evolve, frozen

Lookup = Callable[[str, int], Sequence[str]]
"""From a host and a port to the numbers that it has."""

_PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"[!-~]{1,2000}")
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")
_PRIVATE = "the host is on a private network; allow_private = true says that this is meant"
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",  # this very network; the system takes 0.0.0.0 for itself
        "168.63.129.16/32",  # what machines in one cloud ask about themselves
        "255.255.255.255/32",
        "::/96",  # IPv4 addresses in clothes that nobody wears any more: so are the next two
        "2001::/32",
        "2002::/16",
    )
)
_NOT_GLOBAL = tuple(ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10"))
"""What older versions of Python take for the public net."""


class AddressError(ValueError):
    """An address is not written so that it could be called, or what it names must not be called.

    The message never contains the address, which may be a secret.
    """


@frozen
class Address:
    """A server and a place on it.

    Attributes:
        host: a name in ASCII, or a number without brackets.
        path: with its query, beginning with `/`.
        called: what messages and receipts call it: nothing that is secret.
    """

    scheme: str
    host: str
    port: int
    path: str
    called: str

    def at(self, path: str) -> Address:
        """Return a place below this one."""
        return evolve(self, path=self.path.rstrip("/") + path)

    @property
    def host_header(self) -> str:
        """The host as requests name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse_address(text: str, *, allow_private: bool = False, called: str = "") -> Address:
    """Return the server that a URL names.

    Args:
        text: `https://host[:port][/path][?query]`; with `http` only where private addresses are allowed.
        allow_private: whether the program says so.
        called: what to call it where the URL is a secret; default: host and port.

    Raises:
        AddressError: it is written in another way.
    """
    if not _URL.fullmatch(text) or "\\" in text:
        raise AddressError("an address is one line of plain characters, such as https://hooks.example.org/mentoring")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressError("host or port of the address are not written as they should be") from None
    if parts.scheme not in _PORTS or not text.lower().startswith(f"{parts.scheme}://"):
        raise AddressError("the address must begin with https://")
    if parts.scheme == "http" and not allow_private:
        raise AddressError("the address must begin with https://; http:// is for this machine only, with allow_private")
    if "@" in parts.netloc:
        raise AddressError("the address must not contain a name or password; write them as secrets")
    if parts.fragment:
        raise AddressError('the address must not contain a "#"')
    if port == 0:
        raise AddressError("port 0 is none")
    host = _host(parts.netloc, parts.hostname or "")
    port = port or _PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, path, called or f"{host}:{port}")


def _host(written: str, host: str) -> str:
    if written.startswith("["):
        try:
            return str(IPv6Address(host if _BRACKETS.fullmatch(written) else ""))
        except ValueError:
            raise AddressError("the number in brackets is no IPv6 address") from None
    name = host.removesuffix(".")
    if not _NAME.fullmatch(name):
        raise AddressError("the host is no name; write names with other letters in their xn-- form")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _plain_number(host)
    return name


def _plain_number(host: str) -> str:
    """Return an IPv4 number as it is usually written; 127.1, 2130706433, 0x7f.0.0.1 and 0177.0.0.1 are tricks."""
    try:
        return str(IPv4Address(host))
    except ValueError:
        raise AddressError("write the host as a name, or as four plain numbers") from None


def resolved(address: Address, lookup: Lookup, *, allow_private: bool) -> tuple[str, ...]:
    """Return the numbers to call, in order, after judging every one that the host has.

    Raises:
        AddressError: one of them must not be called.
        OSError: the host has none, or nobody can say.
    """
    try:
        numbers = tuple(dict.fromkeys(lookup(address.host, address.port)))
    except UnicodeError:
        raise AddressError("the host is no name") from None
    if not numbers:
        raise OSError("the host has no address")
    for number in numbers:
        if (problem := _judged(number, allow_private)) or (address.scheme == "http" and not _is_loopback(number)):
            raise AddressError(problem or "http:// is for this machine only")
    return numbers


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the numbers of a host, in the order in which the system prefers them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _judged(number: str, allow_private: bool) -> str:
    """Return why a number must not be called, or ""."""
    try:
        one = _meant(number)
    except ValueError:
        return "the host has an address that is none"
    if one.is_loopback:
        return "" if allow_private else _PRIVATE
    if one.is_link_local or one.is_multicast or any(one in network for network in _NEVER):
        return "the host is no server: its address is kept for the network's own use"
    if not allow_private and (not one.is_global or one.is_reserved or any(one in network for network in _NOT_GLOBAL)):
        return _PRIVATE
    return ""


def _meant(number: str) -> IPv4Address | IPv6Address:
    """Return the address that a number stands for: the IPv4 address inside, where a gateway or the system makes it one.

    Raises:
        ValueError: it is none.
    """
    found = ip_address(number)
    if isinstance(found, IPv4Address):
        return found
    return IPv4Address(int(found) & (2**32 - 1)) if found in _NAT64 else found.ipv4_mapped or found


def _is_loopback(number: str) -> bool:
    return _meant(number).is_loopback
