"""The channel `matrix`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_base, is_column, is_timeout, is_window, shown_address, window

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import WebChannel


@frozen(kw_only=True)
class MatrixOptions:
    """The options of `matrix`.

    Attributes:
        url: the homeserver.
        token: the bot's access token.
        column: the roster column with people's rooms: ids (`!…`) or aliases (`#…:example.org`).
        dedupe_window: for how long the homeserver remembers what was sent.
        allow_private: whether the homeserver may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: str = field(validator=is_base)
    token: Secret
    column: str = field(default="matrix_room", validator=is_column)
    dedupe_window: str = field(default="23 hours", validator=is_window)
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class MatrixKind:
    """Offers Matrix."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "matrix"
    summary: str = "messages in Matrix rooms, which a homeserver never takes twice"
    options: type[Any] = MatrixOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: MatrixOptions) -> tuple[str, ...]:
        """Return the column with rooms."""
        return (options.column,)

    def identity(self, options: MatrixOptions) -> str:
        """Return the homeserver, and by which token."""
        return f"matrix {shown_address(options.url)} by {shown_address(options.token)}"

    def open(self, options: MatrixOptions, setting: ChannelSetting) -> WebChannel:
        """Return the channel; its token is read and tried when the first message is prepared."""
        from mentorkit_channels.services.matrix import Matrix
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import WebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return WebChannel(Matrix(options, setting, wires), wires, window(options.dedupe_window))
