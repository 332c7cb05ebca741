"""Bundled matchers."""
