"""From rows of roster files to people with roles and places."""

from __future__ import annotations
