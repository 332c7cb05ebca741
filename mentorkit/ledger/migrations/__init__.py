"""Alembic's migrations of the ledger. Imported only when a ledger is made or is older than this mentorkit."""
