"""Throws bytes at the doors by which files from outside come in: one target for each kind of file, any bytes.

A target lets pass only what its door promises to raise, and holds against what comes of the rest whatever else must be
true. `make fuzz` runs all of them at length, the tests for a moment.
"""
