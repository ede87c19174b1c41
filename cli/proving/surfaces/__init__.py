"""Every surface's declaration; importing this package fills the registry."""

from cli.proving.surfaces import administering, commands, desk, pages, reading, searching

__all__ = ["administering", "commands", "desk", "pages", "reading", "searching"]
