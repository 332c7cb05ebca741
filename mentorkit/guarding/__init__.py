"""What stands between a command and the ledger it wants to write."""

from mentorkit.guarding.ledger_guard import Guarded, adopt, guarded

__all__ = ["Guarded", "adopt", "guarded"]
