"""How a command has ended that did not come to its end, in words."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from mentorkit.supervising.page import INNER, LOADED, OUTER, PAGE

if TYPE_CHECKING:
    from mentorkit.core.errors import MentorkitError

NEXT = (
    "mend or remove that plugin, or ask its author; what was finished before is kept, and `mentorkit run` names what "
    "may have been sent"
)


def too_long(seconds: float) -> MentorkitError:
    """Return what to say of a call that has lasted so long."""
    from mentorkit.core.errors import PluginError

    return PluginError(
        f"{PAGE.text(OUTER)} had not come back after {_length(seconds)} and was ended; nothing was sent after this",
        f"{NEXT}; where it needs longer, say so: plugins.time_limit",
    )


def behind_our_back(code: int) -> MentorkitError:
    """Return what to say of a child that has ended without a word.

    Args:
        code: its exit code; negative: the signal that ended it.
    """
    from mentorkit.core.errors import PluginError, RunError

    how = _how(code)
    if PAGE.call % 2:
        return PluginError(f"{PAGE.text(INNER)} {how}; nothing was sent after this", NEXT)
    loaded = PAGE.text(LOADED)
    where = f", while none of its plugins was being called (loaded: {loaded})" if loaded else ""
    return RunError(f"this process {how}{where}; nothing was sent after this. Run it again: it goes on from there")


def _how(code: int) -> str:
    if code >= 0:
        return f"ended the process behind mentorkit's back, with exit code {code}"
    if -code == signal.SIGKILL:
        return "was killed (signal 9): by somebody, or by the system because memory ran out"
    return f"ended the process by signal {-code} ({signal.strsignal(-code) or 'unknown'})"


def _length(seconds: float) -> str:
    number, unit = (seconds / 60, "minute") if seconds >= 60 and seconds % 60 == 0 else (seconds, "second")
    return f"{number:g} {unit}{'' if number == 1 else 's'}"
