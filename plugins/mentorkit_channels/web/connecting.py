"""A connection to a server, made and secured before anything is said on it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from functools import lru_cache

from attrs import field, frozen

from mentorkit.core.contracts import ChannelDownError
from mentorkit_channels.web.addresses import Address, AddressError, Lookup, look_up, resolved


@lru_cache(maxsize=1)
def trusting_the_system() -> ssl.SSLContext:
    """Return how TLS is done: certificates that the system (or `SSL_CERT_FILE`) vouches for, hosts checked."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@frozen
class Wires:
    """How the outside is reached.

    Attributes:
        timeout: seconds for connecting, for TLS, for writing the request, and for the whole answer, each.
        lookup: finds the numbers of a host.
        tls: makes the context of TLS.
    """

    timeout: float = 30.0
    allow_private: bool = False
    lookup: Lookup = field(default=look_up, repr=False)
    tls: Callable[[], ssl.SSLContext] = field(default=trusting_the_system, repr=False)

    def connect(self, address: Address) -> socket.socket:
        """Return a socket on which the request may be written at once.

        The host is looked up once, and the number that was judged is the one that is called.

        Raises:
            ChannelDownError: there is no connection, or it is not what it should be.
        """
        try:
            numbers = resolved(address, self.lookup, allow_private=self.allow_private)
        except AddressError as problem:
            raise ChannelDownError(f"{address.called} is not called: {problem}") from None
        except OSError as problem:
            raise ChannelDownError(f"{address.called} is not found: {_said(problem)}") from None
        last = OSError("there is no way to it")
        for number in numbers:
            try:
                return self._secured(address, self._connected(number, address.port))
            except OSError as failure:
                last = failure
        raise ChannelDownError(f"{address.called} is not reached: {_said(last)}") from None

    def _connected(self, number: str, port: int) -> socket.socket:
        connection = socket.create_connection((number, port), timeout=self.timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _secured(self, address: Address, connection: socket.socket) -> socket.socket:
        if address.scheme != "https":
            return connection
        try:
            return self.tls().wrap_socket(connection, server_hostname=address.host)
        except BaseException:
            closing(connection).__exit__()
            raise


def _said(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({problem.verify_message})"
    if isinstance(problem, ssl.SSLError):
        return f"no secure connection ({problem.reason or type(problem).__name__})"
    if isinstance(problem, TimeoutError):
        return "no answer in time"
    return problem.strerror or str(problem)
