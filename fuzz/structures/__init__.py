"""Inputs with a structure, for Hypothesis: files that are nearly right, where changed bytes would seldom be."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from fuzz.structures import calendars, folders, letters, messages, saved_files, tables, tomls, words

STRATEGIES: Mapping[str, st.SearchStrategy[bytes]] = {
    "program": tomls.programs,
    "template": tomls.templates,
    "message": messages.messages,
    "words": words.words,
    "roster_csv": tables.rosters,
    "roster_xlsx": tables.roster_books,
    "people_sheet": tables.sheets,
    "answers": tables.answers,
    "small_tables": tables.small_tables,
    "review": tables.reviews,
    "calendar": calendars.calendars,
    "calendar_reply": calendars.replies,
    "mail": letters.answers,
    "bounce": letters.bounces,
    "saved_plan": saved_files.plans,
    "saved_matching": saved_files.matchings,
    "lock": tomls.locks,
    "high_water": saved_files.marks,
    "ledger": saved_files.changes,
    "folder": folders.folders,
}
"""By target."""
SHARES: Mapping[str, int] = {"folder": 1, "program": 4, "template": 4, "message": 4, "roster_xlsx": 4, "ledger": 4}
"""Of all structured cases, where it is not `SHARE`: what takes long gets fewer."""
SHARE = 10
