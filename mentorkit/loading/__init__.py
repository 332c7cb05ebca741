"""From a program file and its template to a resolved program: every problem, and where each value was written."""

from mentorkit.loading.loader import Loaded, load_program, shown_values

__all__ = ["Loaded", "load_program", "shown_values"]
