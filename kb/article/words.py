"""An article's words as they are kept: cleaned, counted, hashed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article.diff import WORD_FIELDS
from kb.article.model import Article, ArticleRevision
from kb.canonical import sha256_of
from kb.clock import new_id, utc_now
from kb.errors import InvalidInput
from kb.text import LINE_LIMIT_CHARS, TITLE_LIMIT_CHARS, clean_line, clean_text
from kb.visibility import Caller
from kb.vocabulary import OriginKind

ISSUE_LIMIT = 200


def clean_words(words: Mapping[str, str], limit: int) -> dict[str, str]:
    """Title, environment, resolution and cause fit for the record; the last three may be empty.

    Raises:
        EmptyText, TextTooLong: names the field.
    """
    return {
        "title": clean_line("title", words["title"], TITLE_LIMIT_CHARS),
        "environment": clean_text("environment", words["environment"], limit, required=False),
        "resolution": clean_text("resolution", words["resolution"], limit, required=False),
        "cause": clean_text("cause", words["cause"], limit, required=False),
    }


def new_revision(
    article: Article,
    caller: Caller,
    number: int,
    words: Mapping[str, str],
    comment: str,
    cites: list[dict[str, Any]],
) -> ArticleRevision:
    """A revision that is not added to any session yet."""
    return ArticleRevision(
        id=new_id(),
        article_id=article.id,
        number=number,
        **words,
        comment=clean_text("comment", comment, LINE_LIMIT_CHARS, required=False),
        content_hash=sha256_of([words[field] for field in WORD_FIELDS]),
        cites=cites,
        author_id=caller.person_id,
        created_at=utc_now(),
    )


def newest_number(session: Session, article_id: str) -> int:
    """The number of an article's newest revision."""
    statement = select(func.max(ArticleRevision.number)).where(ArticleRevision.article_id == article_id)
    return session.scalar(statement) or 0


def joined_issue(present: Sequence[str], added: Sequence[str]) -> list[str]:
    """Issue lines with new ones after them, each once.

    Raises:
        EmptyText, TextTooLong.
        InvalidInput: more than 200 lines.
    """
    lines = list(dict.fromkeys([*present, *(clean_line("issue", line) for line in added)]))
    if len(lines) > ISSUE_LIMIT:
        raise InvalidInput(field="issue", reason=f"more than {ISSUE_LIMIT} lines")
    return lines


def clean_cites(cites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kinds and ids of what was written from.

    Raises:
        InvalidInput: one has no kind or no id.
    """
    cleaned: list[dict[str, Any]] = []
    for cite in cites:
        kind, origin_id = cite.get("kind"), cite.get("id")
        if kind not in list(OriginKind) or not isinstance(origin_id, str):
            raise InvalidInput(field="cites", reason="each needs a kind and an id")
        cleaned.append({"kind": str(kind), "id": clean_line("cites", origin_id, 100)})
    return cleaned


def clean_group(group: str | None) -> str | None:
    """The name of a translation group."""
    return None if group is None else clean_line("translation_group", group, 100)
