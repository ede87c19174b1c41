"""Commands. Whoever runs them on the machine that holds the data is its operator, and sees everything: what
narrows that to an audience must hold."""

from cli.proving.registry import silent

_OPERATORS = "the operator's own, who sees everything"

for _command in (
    "serve",
    "init",
    "demo",
    "ingest",
    "reindex",
    "sources list",
    "sources show",
    "sources delete",
    "jobs list",
    "jobs show",
    "jobs retry",
    "jobs wait",
    "doctor",
    "relay",
    "version",
):
    silent(f"kb {_command}", why=_OPERATORS)
