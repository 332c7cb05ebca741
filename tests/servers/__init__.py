"""Real servers for tests: each is started on loopback, on ports and in a folder of its own, and stopped in the end.

A module for each server, a fixture for each in `tests/conftest.py`. `starting.py` is how one is started, waited for and
stopped; `needing.py` what becomes of a test whose server is not installed. Servers written in Python live in an
environment of their own, `.venv-servers` (`requirements.txt` beside this file), so that what they need never meets what
mentorkit needs; those of the system are installed by `scripts/system_packages.sh`.
"""
