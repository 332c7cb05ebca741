"""The contracts plugins implement. The core calls these and never sees a plugin manager.

Every implementation has a `name` (what the program file says), a one-line `summary`, and `options`: an attrs class
that its table is structured into, or None where it takes none. Implementations keep no state between calls.

Everything that an author of a plugin needs can be imported from here; `mentorkit.hookspecs` has `hookimpl`.
"""

from mentorkit.core.conditions import Value
from mentorkit.core.contracts.channels import (
    Attachment,
    Channel,
    ChannelKind,
    ChannelSetting,
    Outgoing,
    Prepared,
    Receipt,
)
from mentorkit.core.contracts.criteria import Cells, Criterion, FloatArray, Needs, TagCriterion
from mentorkit.core.contracts.kpis import (
    AnswerFacts,
    Bound,
    Kpi,
    KpiFacts,
    Measure,
    QuestionKpi,
    RelationshipFacts,
    Unit,
)
from mentorkit.core.contracts.matchers import Matcher, PursuesObjectives
from mentorkit.core.contracts.models import (
    Asking,
    AskingModel,
    FacilitatedModel,
    Fit,
    MentoringModel,
    Past,
    Pool,
    Request,
    RequestModel,
    Role,
    Round,
    RoundsModel,
    Scope,
    Side,
    VariableModel,
    Variant,
)
from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.contracts.preferences import ChoiceColumns, PreferenceTable
from mentorkit.core.contracts.rules import Group, PairTable, RelaxableRule, Relaxation, Rule, RuleFacts, Ruling
from mentorkit.core.contracts.templates import Template
from mentorkit.core.problems import (
    FORBIDDEN,
    BoolArray,
    Effort,
    IntArray,
    MatchingProblem,
    Occasion,
    PairScores,
    ScoreSums,
    Seating,
    Solution,
    Summand,
    solution_of,
)
from mentorkit.core.proofs import PreferenceProof, PriceProof, Proof
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Person, RosterFacts

__all__ = [
    "FORBIDDEN",
    "AnswerFacts",
    "Asking",
    "AskingModel",
    "Attachment",
    "BoolArray",
    "Bound",
    "Cells",
    "Channel",
    "ChannelKind",
    "ChannelSetting",
    "ChoiceColumns",
    "Criterion",
    "Effort",
    "FacilitatedModel",
    "Fit",
    "FloatArray",
    "Group",
    "IntArray",
    "Kpi",
    "KpiFacts",
    "Matcher",
    "MatchingProblem",
    "Measure",
    "Member",
    "MentoringModel",
    "Needs",
    "Occasion",
    "Outgoing",
    "PairScores",
    "PairTable",
    "Past",
    "Person",
    "Plugin",
    "Pool",
    "PreferenceProof",
    "PreferenceTable",
    "Prepared",
    "PriceProof",
    "Proof",
    "PursuesObjectives",
    "QuestionKpi",
    "Receipt",
    "Relationship",
    "RelationshipFacts",
    "RelaxableRule",
    "Relaxation",
    "Request",
    "RequestModel",
    "Role",
    "RosterFacts",
    "Round",
    "RoundsModel",
    "Rule",
    "RuleFacts",
    "Ruling",
    "Scope",
    "ScoreSums",
    "Seating",
    "Side",
    "Solution",
    "Summand",
    "TagCriterion",
    "Template",
    "Unit",
    "Value",
    "VariableModel",
    "Variant",
    "solution_of",
]
