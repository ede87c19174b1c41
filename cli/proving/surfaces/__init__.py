"""Every surface's declaration; importing this package fills the registry."""

from cli.proving.surfaces import (
    administering,
    commands,
    desk,
    desk_pages,
    exchange,
    pages,
    people_pages,
    reading,
    searching,
)

__all__ = [
    "administering",
    "commands",
    "desk",
    "desk_pages",
    "exchange",
    "pages",
    "people_pages",
    "reading",
    "searching",
]
