"""What formats of other programs have in common: articles without a past here, known by their id there."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.document import language_of
from ingest.exchange.front_matter import decoded
from ingest.exchange.layout import ReadFile
from ingest.exchange.package import Package
from kb.exchange.errors import ExchangeError, NotAnExport
from kb.exchange.image import ArticleImage, RevisionImage
from kb.text import TAG_LIMIT, TAG_LIMIT_CHARS, TITLE_LIMIT_CHARS
from kb.vocabulary import ArticleState, Audience, Language

#: of one JSON or CSV file; a large help centre's articles
DATA_FILE_LIMIT_BYTES = 256 * 1024 * 1024
#: the largest whole number that every JSON reader keeps
_MOST_NUMBER = 2**53 - 1

#: what a later import of the same article may change here; the rest is said once, when it is made
_GIVEN = frozenset(["external_id", "language", "words"])


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an import says where its files say nothing.

    Attributes:
        audience: of everything in it; None: as the files say, and internal where they do not.
        language: of everything in it; None: as the files say, else what the text is in.
        owner: login of who owns it.
    """

    audience: Audience | None = None
    language: Language | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignArticle:
    """One article of another program in one language; `body` is Markdown."""

    external_id: str
    title: str
    body: str
    language: Language | None = None
    audience: Audience | None = None
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    group: str | None = None
    released: bool = True
    archived: bool = False
    created_at: datetime | None = None
    written_at: datetime | None = None

    def image(self, defaults: Defaults) -> ArticleImage:
        """As an article that is new here, or that was imported before."""
        language = defaults.language or self.language or language_of(f"{self.title}\n{self.body}")
        state = ArticleState.VALIDATED if self.released else ArticleState.WORK_IN_PROGRESS
        stated = {"released": self.released, "issue": bool(self.issue), "owner": defaults.owner is not None}
        given = _GIVEN | {name for name, is_stated in stated.items() if is_stated}
        return ArticleImage(
            words=RevisionImage(
                title=" ".join(self.title.split())[:TITLE_LIMIT_CHARS],
                resolution=self.body,
                created_at=self.written_at,
            ),
            external_id=self.external_id,
            language=language or Language.PERSIAN,
            audience=defaults.audience or self.audience or Audience.INTERNAL,
            state=ArticleState.ARCHIVED if self.archived else state,
            owner=defaults.owner,
            tags=clipped(self.tags),
            products=self.products,
            issue=self.issue,
            translation_group=self.group,
            released=self.released,
            created_at=self.created_at,
            given=given,
        )


def clipped(names: Iterable[str]) -> tuple[str, ...]:
    """Names as tags can hold them: each once, in their order."""
    lines = (" ".join(name.split())[:TAG_LIMIT_CHARS].strip() for name in names)
    return tuple(dict.fromkeys(line for line in lines if line))[:TAG_LIMIT]


def read_json(package: Package, name: str) -> Any:
    """A JSON file of a package.

    Raises:
        NotAnExport: it is none. BrokenFile: not UTF-8.
    """
    source = decoded(name, package.read(name, limit_bytes=DATA_FILE_LIMIT_BYTES))
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        reason = f"it is no JSON (line {error.lineno}: {error.msg})"
        raise NotAnExport(filename=name, reason=reason) from error
    except (ValueError, RecursionError) as error:
        raise NotAnExport(filename=name, reason="its JSON cannot be read") from error


def rows_of(table: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, or of a mapping from ids; whatever else is in there is left out."""
    rows = table.values() if isinstance(table, Mapping) else table if isinstance(table, list) else ()
    return [row for row in rows if isinstance(row, Mapping)]


def text_of(row: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds text or a number."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def moment_of(row: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of these fields that holds a time; UTC where it names no zone."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value:
            try:
                at = datetime.fromisoformat(value)
            except ValueError:
                continue
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return None


def locale_language(locale: str) -> Language | None:
    """The language of a locale such as `fa-IR` or `en-us`; None where it is none of ours."""
    start = locale.strip().lower().replace("_", "-").partition("-")[0]
    return next((language for language in Language if language.value == start), None)


def refused(label: str, reason: str) -> ReadFile:
    """A record that cannot be used, with the reason."""
    return ReadFile(label, None, ExchangeError(filename=label, reason=reason))


def left_out(label: str, reason: str) -> ReadFile:
    """A record that is left out on purpose; it stands in nobody's way."""
    return ReadFile(label, None, None, reason)


def number_of(id: str) -> int:
    """A whole number that stands for an id of ours in formats that count."""
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:8], "big") % _MOST_NUMBER + 1
