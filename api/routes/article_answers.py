"""What routes about one article share: running a verb on the version that was read, and the answer."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import etag, expected_version, is_unchanged, not_modified
from api.dependencies import visibility_for
from api.language import language_of
from api.links import base_url, page_path
from api.permissions import works_on_articles
from api.routes.article_schemas import ArticleShown, shown_article
from api.service import Service
from kb.article import Article, ArticleView, get_article
from kb.visibility import Caller
from kb.vocabulary import OriginKind


def edit_article(
    verb: Callable[..., Article],
    article_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    status: int = 200,
    **given: Any,
) -> Response:
    """Run `verb` on the version that the caller has read, and answer with what became of the article."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        verb(session, caller=caller, article_id=article_id, expected_version=version, **given)
        shown = shown_to(caller, view_of(session, article_id, caller, service), request, service)
    return answer_article(request, shown, status=status)


def view_of(session: Session, article_id: str, caller: Caller, service: Service) -> ArticleView:
    """The article as the caller sees it.

    Raises:
        NotFound: absent, or not visible to this caller.
    """
    return get_article(
        session,
        caller_visibility=visibility_for(caller, service),
        caller=caller,
        article_id=article_id,
    )


def shown_to(caller: Caller, view: ArticleView, request: Request, service: Service) -> ArticleShown:
    url = base_url(request, service) + page_path(OriginKind.ARTICLE, view.article.id)
    return shown_article(view, url=url, on_desk=works_on_articles(caller), language=language_of(request))


def answer_article(request: Request, shown: ArticleShown, *, status: int = 200) -> Response:
    """The article with its ETag; 304 where the reader has it already."""
    tag = etag(shown.version)
    if request.method == "GET" and is_unchanged(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    return JSONResponse(shown.model_dump(mode="json"), status_code=status, headers=headers)
