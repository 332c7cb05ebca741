"""The ledger: what a program remembers. Import it only in commands that open one: a database library comes with it."""

from mentorkit.ledger.connecting import DamagedError
from mentorkit.ledger.store import Ledger, open_ledger, read_history

__all__ = ["DamagedError", "Ledger", "open_ledger", "read_history"]
