"""Carrying out a plan, once or on a virtual clock."""

from mentorkit.running.channels import OpenChannel, open_channel
from mentorkit.running.delivering import Compose, carry_out, deliver

__all__ = ["Compose", "OpenChannel", "carry_out", "deliver", "open_channel"]
