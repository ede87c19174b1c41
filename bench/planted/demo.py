"""The demo's articles as texts to plant in; values only."""

from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its file's name without ending, its front matter, its Markdown."""

    name: str
    data: dict[str, Any]
    text: str


def demo_articles() -> list[Article]:
    """Every article of the demo, by language and name."""
    found = []
    for language in ("en", "fa"):
        folder = resources.files("kb.demo") / "articles" / language
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            _, front, text = file.read_text("utf-8").split("---\n", 2)
            found.append(Article(file.name.removesuffix(".md"), yaml.safe_load(front), text.strip() + "\n"))
    return found
