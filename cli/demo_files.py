"""Reads `kb/demo`: Markdown with front matter, transcripts as JSON, people as YAML; values only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file: its name without ending, its front matter or keys, and the text below the front matter."""

    name: str
    data: dict[str, Any]
    text: str = ""


@dataclass(frozen=True, slots=True)
class DemoContent:
    """Everything the demo holds, each list by name."""

    people: tuple[dict[str, Any], ...]
    articles: tuple[DemoFile, ...]
    notes: tuple[DemoFile, ...]
    conversations: tuple[DemoFile, ...]


def read_demo() -> DemoContent:
    """The demo knowledge base as it was installed."""
    root = files("kb.demo")
    return DemoContent(
        people=tuple(yaml.safe_load((root / "people.yml").read_text("utf-8"))),
        articles=tuple(_with_front_matter(root / "articles")),
        notes=tuple(_with_front_matter(root / "notes")),
        conversations=tuple(
            DemoFile(_stem(file), json.loads(file.read_text("utf-8")))
            for file in _files(root / "conversations", ".json")
        ),
    )


def _with_front_matter(folder: Traversable) -> Iterator[DemoFile]:
    for file in _files(folder, ".md"):
        _, front, text = file.read_text("utf-8").split("---\n", 2)
        yield DemoFile(_stem(file), yaml.safe_load(front), text.strip() + "\n")


def _files(folder: Traversable, suffix: str) -> Iterator[Traversable]:
    """Files in the folder and below it, in a stable order."""
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _files(entry, suffix)
        elif entry.name.endswith(suffix):
            yield entry


def _stem(file: Traversable) -> str:
    return file.name.rpartition(".")[0]
