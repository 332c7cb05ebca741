"""Disturbing runs, and counting what has arrived.

`subjects.py` is what is disturbed, and the count; `interrupting.py` takes single system calls (needs strace),
`killing.py` single steps and random moments; `mutants.py` has wrong protocols that `checks.py` must notice.
`measuring.py` does all of it at length and writes the figures into docs/explanation/reliability.md: `make faults`.
"""
