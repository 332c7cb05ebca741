"""How a command has ended that did not come to its end, in words."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from mentorkit.supervising.page import INNER, LOADED, OUTER, PAGE, RETURNED

if TYPE_CHECKING:
    from mentorkit.core.errors import MentorkitError

NEXT = (
    "mend or remove that plugin, or ask its author; what was finished before is kept, and `mentorkit run` names what "
    "may have been sent"
)

COPIED = "made a copy of the whole process (os.fork) and let it come back, as if it were mentorkit"


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


def no_child(problem: OSError) -> MentorkitError:
    """Return what to say where the system lets no process be started."""
    from mentorkit.core.errors import RunError

    return RunError(
        f"the system lets mentorkit start no process beside this one ({problem.strerror}), which programs with plugins "
        "need; nothing was sent. Close something, or raise the limit on processes or memory"
    )


def a_late_copy() -> str:
    """Return what to say of a copy that came back after the last call of a plugin; "" where none did."""
    who = PAGE.text(RETURNED)
    return f"{who} {COPIED}; the copy was ended at once" if who else ""


def _how(code: int) -> str:
    if code >= 0:
        return f"ended the process behind mentorkit's back, with exit code {code}"
    if -code == signal.SIGKILL:
        return "was killed (signal 9): by somebody, or by the system because memory ran out"
    return f"ended the process by signal {-code} ({signal.strsignal(-code) or 'unknown'})"


def _length(seconds: float) -> str:
    number, unit = (seconds / 60, "minute") if seconds >= 60 and seconds % 60 == 0 else (seconds, "second")
    return f"{number:g} {unit}{'' if number == 1 else 's'}"
