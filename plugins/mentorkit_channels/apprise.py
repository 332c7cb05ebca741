"""The channel `apprise`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_column, is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.services.apprise import AppriseChannel


@frozen(kw_only=True)
class AppriseOptions:
    """The options of `apprise`.

    Attributes:
        url: an Apprise URL in which `{to}` stands for the recipient.
        column: the roster column with what takes the place of `{to}`.
        timeout: seconds that sending a message may take.
    """

    url: Secret
    column: str = field(validator=is_column)
    timeout: float = field(default=60.0, validator=is_timeout)


@frozen
class AppriseKind:
    """Offers Apprise."""

    name: str = "apprise"
    summary: str = "further services through Apprise: best effort, no service's own word that it arrived"
    options: type[Any] = AppriseOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: AppriseOptions) -> tuple[str, ...]:
        """Return the column that recipients are found by."""
        return (options.column,)

    def identity(self, options: AppriseOptions) -> str:
        """Return where the URL is kept."""
        return f"apprise {shown_address(options.url)}"

    def open(self, options: AppriseOptions, setting: ChannelSetting) -> AppriseChannel:
        """Return the channel; its URL is read when a message is prepared."""
        from mentorkit_channels.services.apprise import AppriseChannel

        return AppriseChannel(options, setting)
