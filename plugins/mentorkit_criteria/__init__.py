"""Bundled criteria."""
