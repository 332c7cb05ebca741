"""Key figures of what people answered, told so that no small number of answers can be worked out from them."""

from __future__ import annotations

from attrs import frozen

from mentorkit.core.contracts import AnswerFacts, KpiFacts, Measure, Unit

PROMOTERS, DETRACTORS = range(9, 11), range(7)
NPS_SCALE = (0, 10)


@frozen
class Asked:
    """Which question of which survey."""

    survey: str
    question: str


def answers_to(asked: Asked, facts: KpiFacts) -> AnswerFacts:
    """Return what was answered, nothing where the program does not ask it."""
    return facts.questions.get(f"{asked.survey}.{asked.question}") or AnswerFacts("text", (1, 5), 0, 0)


@frozen
class SurveyMean:
    """The mean of the answers on a scale."""

    name: str = "survey-mean"
    summary: str = "the mean of the answers on a scale"
    unit: Unit = "mean"
    at_most: bool = False
    options: type[Asked] = Asked
    needs: str = 'kind = "scale"'

    def suits(self, kind: str, scale: tuple[int, int]) -> bool:  # noqa: ARG002 (the contract's signature)
        """Return whether it can be made of such a question."""
        return kind == "scale"

    def measure(self, options: Asked, facts: KpiFacts) -> Measure:
        """Return its value."""
        found = answers_to(options, facts)
        words = "answers, added up", "answers"
        if found.withheld or not self.suits(found.kind, found.scale):
            return Measure(0, 0, "withheld" if found.withheld else "", *words)
        total = sum(int(mark) * count for mark, count in found.counts.items())
        return Measure(found.rounded(total), sum(found.counts.values()), "", *words)


@frozen
class NetPromoterScore:
    """Promoters (9 and 10) minus detractors (0 to 6), in points of a hundred answers."""

    name: str = "nps"
    summary: str = "promoters minus detractors, in points of a hundred"
    unit: Unit = "points"
    at_most: bool = False
    options: type[Asked] = Asked
    needs: str = 'kind = "scale" and scale = [0, 10]'

    def suits(self, kind: str, scale: tuple[int, int]) -> bool:
        """Return whether it can be made of such a question."""
        return kind == "scale" and scale == NPS_SCALE

    def measure(self, options: Asked, facts: KpiFacts) -> Measure:
        """Return its value; only a scale from 0 to 10 has one."""
        found = answers_to(options, facts)
        words = "promoters minus detractors, times 100", "answers"
        if found.withheld or not self.suits(found.kind, found.scale):
            return Measure(0, 0, "withheld" if found.withheld else "", *words)
        promoters = sum(found.counts.get(str(mark), 0) for mark in PROMOTERS)
        detractors = sum(found.counts.get(str(mark), 0) for mark in DETRACTORS)
        return Measure(100 * found.rounded(promoters - detractors), sum(found.counts.values()), "", *words)


@frozen
class GoalAttainment:
    """People who say yes, by all who answered."""

    name: str = "goal-attainment"
    summary: str = "people who say yes, of all who answered"
    unit: Unit = "share"
    at_most: bool = False
    options: type[Asked] = Asked
    needs: str = 'kind = "yes-no"'

    def suits(self, kind: str, scale: tuple[int, int]) -> bool:  # noqa: ARG002 (the contract's signature)
        """Return whether it can be made of such a question."""
        return kind == "yes-no"

    def measure(self, options: Asked, facts: KpiFacts) -> Measure:
        """Return its value; where few people are on one side, a bound that hides how few."""
        found = answers_to(options, facts)
        words = "people who say yes", "people who answered"
        if found.withheld or not self.suits(found.kind, found.scale):
            return Measure(0, 0, "withheld" if found.withheld else "", *words)
        yes, no = found.counts.get("yes", 0), found.counts.get("no", 0)
        few_yes, few_no = 0 < yes < found.small, 0 < no < found.small
        if few_yes and few_no:
            return Measure(0, 0, "withheld", *words)
        if few_no:
            return Measure(yes + no - found.small + 1, yes + no, "at least", *words)
        return Measure(found.small - 1, yes + no, "at most", *words) if few_yes else Measure(yes, yes + no, "", *words)
