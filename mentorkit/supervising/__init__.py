"""Plugins that are not ours, watched: what they are asked to do, for how long, and that they leave the process alone.

The process that the user starts hands the command to a child of its own and waits (`parent.py`); the child notes on a
page of memory that both see (`page.py`) which plugin it calls (`doors.py`). Whoever ends the child behind its back, or
never comes back, is so named. Programs that use only what comes with mentorkit need none of this (`deciding.py`).
"""
