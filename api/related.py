"""What else a reader of an article may want: what it leads to, and what searches find beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from api.service import Service
from kb.article import ArticleView, get_article, merged_into
from kb.article.composed import revision_text
from kb.article.translation import group_of
from kb.errors import NotFound, Unavailable
from kb.visibility import ANONYMOUS, Visibility
from kb.vocabulary import OriginKind
from search.results import Filters

MOST = 6
#: searched for by its title and first issue lines: longer questions say less
_QUERY_CHARS = 300
_ISSUE_LINES = 2
#: of the score that the article itself has for its own words
_LEAST_SHARE = 0.5
_ADDRESS = re.compile(r"\]\([^()\s]*?/articles/([0-9A-Za-z_-]{1,64})[#?)\s]")


@dataclass(frozen=True, slots=True)
class Related:
    """A served article; linked: this one leads to it, alike: it is about the same."""

    view: ArticleView
    reason: Literal["linked", "alike"]


def related_articles(service: Service, view: ArticleView, *, visibility: Visibility) -> list[Related]:
    """Served articles beside this one, at most six, what it leads to first.

    Neither itself nor its translations, and nothing that `visibility` does not allow. Where searches do not
    answer, what it leads to is all.
    """
    alike = _alike(service, view, visibility)
    found: list[Related] = []
    seen = {view.article.id}
    with service.database.reading() as session:
        reasons: list[tuple[str, Literal["linked", "alike"]]] = [
            *((id, "linked") for id in _linked(view)),
            *((id, "alike") for id in alike),
        ]
        for article_id, reason in reasons:
            served = _served(session, article_id, visibility)
            if served is None or served.article.id in seen:
                continue
            seen.add(served.article.id)
            if group_of(served.article) != group_of(view.article):
                found.append(Related(served, reason))
    return found[:MOST]


def _linked(view: ArticleView) -> Iterator[str]:
    text = revision_text(view.revision, view.article.language)
    return (match[1] for match in _ADDRESS.finditer(text))


def _alike(service: Service, view: ArticleView, visibility: Visibility) -> list[str]:
    """Ids of what is about the same, best first."""
    words = [view.revision.title, *view.article.issue[:_ISSUE_LINES]]
    query = " ".join(words)[:_QUERY_CHARS].strip()
    if not query:
        return []
    try:
        hits = service.search.searcher.search(
            text=query,
            visibility=visibility,
            filters=Filters(origin_kinds=frozenset({OriginKind.ARTICLE.value})),
            limit=2 * MOST,
            repair=False,
        ).hits
    except Unavailable:
        return []
    if not hits:
        return []
    own = next((hit.score for hit in hits if hit.origin_id == view.article.id), hits[0].score)
    return [hit.origin_id for hit in hits if hit.score >= _LEAST_SHARE * own]


def _served(session: Session, article_id: str, visibility: Visibility) -> ArticleView | None:
    """The article as every reader sees it, or the one that it was merged into."""
    into_id = merged_into(session, article_id=article_id, caller_visibility=visibility)
    try:
        # As a visitor would: what is not released leads nowhere.
        return get_article(
            session, caller_visibility=visibility, caller=ANONYMOUS, article_id=into_id or article_id
        )
    except NotFound:
        return None
