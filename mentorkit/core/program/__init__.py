"""What a program means: the resolved value that every later stage reads.

It is complete and frozen: the texts of messages, agendas and pair lists are in it, so that nothing after loading opens
a file of the program. What the author wrote is another type (`mentorkit.core.declaring.declarations`). A module for
each table of the program file, or for a few that belong together; everything can be imported from here.
"""

from mentorkit.core.program.channels import OUTBOX, ChannelUse
from mentorkit.core.program.lengths import Length, Unit
from mentorkit.core.program.matching import Carried, CriterionUse, Intake, MatchingUse, RuleUse
from mentorkit.core.program.pacing import AtMost, Pacing
from mentorkit.core.program.reporting import MEMBERSHIP, KpiUse, Privacy
from mentorkit.core.program.roster import ColumnRecipe, RosterSource, RosterUse
from mentorkit.core.program.sessions import MAIN_SERIES, Book, Series, booked_as
from mentorkit.core.program.surveys import AnswersFile, Question, TranslatedQuestion
from mentorkit.core.program.texts import Agenda, MessageSet, MessageText, as_spelled, is_language
from mentorkit.core.program.timeline import INVITATION, Anchor, Step, StepCondition, When
from mentorkit.core.program.uses import ModelUse, Use
from mentorkit.core.program.whole import Program, Requires, TemplateUse

__all__ = [
    "INVITATION",
    "MAIN_SERIES",
    "MEMBERSHIP",
    "OUTBOX",
    "Agenda",
    "Anchor",
    "AnswersFile",
    "AtMost",
    "Book",
    "Carried",
    "ChannelUse",
    "ColumnRecipe",
    "CriterionUse",
    "Intake",
    "KpiUse",
    "Length",
    "MatchingUse",
    "MessageSet",
    "MessageText",
    "ModelUse",
    "Pacing",
    "Privacy",
    "Program",
    "Question",
    "Requires",
    "RosterSource",
    "RosterUse",
    "RuleUse",
    "Series",
    "Step",
    "StepCondition",
    "TemplateUse",
    "TranslatedQuestion",
    "Unit",
    "Use",
    "When",
    "as_spelled",
    "booked_as",
    "is_language",
]
