"""mentorkit: workplace mentoring programs as files.

The public names of the library are in its modules; `mentorkit.core.contracts` is what plugin authors implement,
`mentorkit.hookspecs` how they offer it, `mentorkit.testing` how they test it.
"""

__version__ = "0.1.0"
