"""The channel `webhook`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_address, is_timeout, is_window, shown_address, window

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import WebChannel


@frozen(kw_only=True)
class WebhookOptions:
    """The options of `webhook`.

    Attributes:
        url: where to; a secret where whoever knows it may post there.
        secret: what requests are signed with.
        token: goes along as `Authorization: Bearer`.
        dedupe_window: for how long the receiver drops repeats of an `Idempotency-Key`; "" where it does not.
        columns: roster columns that the receiver needs of recipients, such as their number in the payroll.
        allow_private: whether the address may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: str | Secret = field(validator=is_address)
    secret: Secret | None = None
    token: Secret | None = None
    dedupe_window: str = field(default="", validator=is_window)
    columns: tuple[str, ...] = ()
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class WebhookKind:
    """Offers the webhook."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "webhook"
    summary: str = "one signed request per message to an address of your own"
    options: type[Any] = WebhookOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False
    carries_invitations: bool = True
    carries_messages: bool = True

    def columns(self, options: WebhookOptions) -> tuple[str, ...]:
        """Return the columns that the receiver needs."""
        return options.columns

    def identity(self, options: WebhookOptions) -> str:
        """Return where messages go."""
        return f"webhook {shown_address(options.url)}"

    def open(self, options: WebhookOptions, setting: ChannelSetting) -> WebChannel:
        """Return the channel; its address and secrets are read when the first message is prepared."""
        from mentorkit_channels.services.webhook import Webhook
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import WebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return WebChannel(Webhook(options, setting), wires, window(options.dedupe_window))
