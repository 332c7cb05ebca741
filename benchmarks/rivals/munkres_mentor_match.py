"""The package `mentor-match`: one round of its matching, with a rule of ours that gives our scores.

It takes people and rules rather than scores, and places everybody once in a round; a mentor with two places is two
mentors. Its rules only add points, so placing somebody is worth more than all points together.
"""

from __future__ import annotations

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import asked, told

instance, stages = asked(), Stages()
tenths, worth = instance.tenths.tolist(), int(instance.worth())


class OurScore:
    """Our published score in tenths, and whether a pair is allowed."""

    def apply(self, match: object) -> int:
        """Return the points of a pair; one that our rules forbid is disallowed."""
        score = tenths[match.mentee.role][match.mentor.role]  # type: ignore[attr-defined]
        match.disallowed = score < 0  # type: ignore[attr-defined]
        return 0 if score < 0 else score + worth

    def evaluate(self, match: object) -> bool:
        """Return whether the pair is allowed."""
        return not match.disallowed  # type: ignore[attr-defined]


with stages.stage("preparing"):
    mentees = [Mentee(grade=1, email=f"e{one}", role=one) for one in range(len(tenths))]
    mentors = [Mentor(grade=1, email=f"m{number}", role=one) for number, one in enumerate(instance.slots().tolist())]
with stages.stage("solving"):
    process_data(mentors, mentees, [[OurScore()]])
chosen = [(one.role, mentor.role) for one in mentees for mentor in one.mentors]
told(instance, "mentor-match", stages, chosen)
