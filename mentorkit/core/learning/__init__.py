"""The stage `learn`: what became known since the last run, and what follows from it."""
