"""What an author writes: well-formed tables, laid over each other, with every misfit told by its path."""

from __future__ import annotations
