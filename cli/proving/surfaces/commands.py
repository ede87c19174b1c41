"""Commands. Whoever runs them on the machine that holds the data is its operator, and sees everything."""

from cli.proving.registry import silent

_OPERATORS = "the operator's own, who sees everything"

silent(
    "kb search", why="its --audience is asked by `cli.proving.prove_commands`, which opens the index itself"
)
silent("kb export", why="its --audience is asked by `cli.proving.prove_commands`")
silent("kb import", why="shows what is in the files that it is given")
silent("kb prove-no-leaks", why="shows words that it made up itself")
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
    "user add",
    "user list",
    "user change",
    "user reset",
    "user sign-out",
    "team add",
    "team delete",
    "team list",
    "team members",
    "team rename",
    "user password",
    "user disable",
    "key create",
    "key list",
    "key revoke",
    "audit verify",
    "audit list",
    "doctor",
    "relay",
    "version",
):
    silent(f"kb {_command}", why=_OPERATORS)
