"""`kb version`."""

from importlib import metadata

from cli.output import say


def version() -> None:
    """Print the version."""
    say(f"nagofte {installed_version()}")


def installed_version() -> str:
    """The version of the installed distribution; "unknown" when run from files that were never installed."""
    try:
        return metadata.version("nagofte")
    except metadata.PackageNotFoundError:
        return "unknown"
