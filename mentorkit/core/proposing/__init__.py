"""Which columns of a roster mean what: proposed from its headers and cells, for `init` and `advise`.

A proposal is a value: what is sure, what is not, and what to ask for. Nothing here reads a file, asks anybody, or
decides.
"""

from mentorkit.core.proposing.columns import Proposal, propose
from mentorkit.core.proposing.guesses import Answers, Guess, Open, Sheet
from mentorkit.core.proposing.taking_part import TakingPart, taking_part

__all__ = ["Answers", "Guess", "Open", "Proposal", "Sheet", "TakingPart", "propose", "taking_part"]
