"""Bundled kpis."""
