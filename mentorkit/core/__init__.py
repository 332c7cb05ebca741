"""The functional core: frozen values and the functions from one to the next.

Nothing in here opens a file, reads a clock or the environment, prints, or knows a plugin manager.
"""
