"""Alembic's environment and the record's schema versions."""
