"""The ledger: what a program remembers. Import it only in commands that open one: a database library comes with it."""

from mentorkit.ledger.store import Ledger, open_ledger, read_history

__all__ = ["Ledger", "open_ledger", "read_history"]
