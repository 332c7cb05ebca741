"""Bundled channels."""
