"""Which days people of a country work: its weekend, and the holidays that fall on other days.

The core is given these days as values; which holidays there are is looked up around it.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from attrs import define

WEEKEND = (5, 6)


@define(frozen=True, slots=False, order=True, cache_hash=True)
class WorkingDays:
    """The working days of one country or of one part of it.

    Attributes:
        country: what they are called: `DE-BY`; "" for Monday to Friday without holidays.
        weekend: weekdays on which nobody works, ascending, 0 is Monday.
        holidays: days on which nobody works, ascending; those of the weekend may be among them.
        worked: days of the weekend that are worked in exchange for others, ascending.
    """

    country: str = ""
    weekend: tuple[int, ...] = WEEKEND
    holidays: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def __contains__(self, day: date) -> bool:
        """Whether people work on a day."""
        if day.weekday() in self.weekend:
            return day in self._worked
        return day not in self.free

    @cached_property
    def free(self) -> frozenset[date]:
        """The holidays, to look them up."""
        return frozenset(self.holidays)

    @cached_property
    def _worked(self) -> frozenset[date]:
        return frozenset(self.worked)


MONDAY_TO_FRIDAY = WorkingDays()
"""The working days of people of whom no country is known."""
