"""Which mentoring model is best for some goals and some people: counts, fits, a matching on trial, a ranking.

Everything here is a value made from values; who reads rosters and matches on trial is `mentorkit.starting`.
"""

from mentorkit.core.advising.advice import Advice, Line, Option, PassedOver, Trial
from mentorkit.core.advising.facts import facts_of
from mentorkit.core.advising.ranking import advise, modified, option_of, scoped

__all__ = ["Advice", "Line", "Option", "PassedOver", "Trial", "advise", "facts_of", "modified", "option_of", "scoped"]
