"""Bundled program templates."""
