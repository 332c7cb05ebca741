"""Whether an input is a finding: what it raised, or how long it took."""

from __future__ import annotations

import time
import traceback
from pathlib import Path

from attrs import frozen

from fuzz.target import Target

_OWN = ("mentorkit", "mentorkit_models", "mentorkit_matchers", "mentorkit_criteria", "mentorkit_channels", "fuzz")
_AROUND = ("judging.py", "driving.py")


@frozen
class Finding:
    """An input that should have been taken or refused in words, and was not.

    Attributes:
        what: kind of exception and where it left our code, the same for inputs with the same cause.
        told: the whole trace, or how long it took.
    """

    what: str
    told: str


def judged(target: Target, data: bytes) -> Finding | None:
    """Run a target on one input; return what is wrong, or None."""
    began = time.process_time()
    try:
        target.run(data)
    except KeyboardInterrupt:
        raise
    except BaseException as reason:  # libraries written in Rust raise what is no Exception
        return Finding(f"{type(reason).__name__} in {_where(reason)}", "".join(traceback.format_exception(reason)))
    took = time.process_time() - began
    if took > target.seconds:
        return Finding("too slow", f"it took {took:.1f} s of processor time, more than {target.seconds:.0f} s")
    return None


def _where(reason: BaseException) -> str:
    """Return the innermost place in our own code."""
    found = "nowhere"
    for frame in traceback.extract_tb(reason.__traceback__):
        path = Path(frame.filename)
        if any(part in _OWN for part in path.parts) and "site-packages" not in path.parts and path.name not in _AROUND:
            found = f"{path.parent.name}/{path.name}:{frame.lineno} ({frame.name})"
    return found
