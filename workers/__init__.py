"""Celery app, tasks, the outbox relay and the embedded worker."""
