"""Every surface's declaration; importing this package fills the registry."""

from cli.proving.surfaces import administering, commands, desk, desk_pages, pages, reading, searching

__all__ = ["administering", "commands", "desk", "desk_pages", "pages", "reading", "searching"]
