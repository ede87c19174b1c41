"""The record: entities, lifecycle, visibility, audit, outbox, settings, migrations."""
