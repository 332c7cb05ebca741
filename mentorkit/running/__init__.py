"""Carrying out a plan, once or on a virtual clock."""

from mentorkit.running.delivering import Compose, carry_out, deliver, open_channel

__all__ = ["Compose", "carry_out", "deliver", "open_channel"]
