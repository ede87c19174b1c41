"""Raising a flag, from the API and from pages alike: visitors are counted, personal data is masked."""

from fastapi import Request
from sqlalchemy.orm import Session

from api.dependencies import visibility_for
from api.links import edit_path
from api.service import Service
from kb.article.editing import move
from kb.article.model import Article
from kb.errors import Conflict, Forbidden, NotSignedIn
from kb.flag import Flag, raise_flag
from kb.lifecycle import ArticleVerb
from kb.visibility import Caller, CallerKind
from kb.vocabulary import FlagReason, OriginKind
from search.personal import mask_personal


def raise_from(
    session: Session,
    request: Request,
    service: Service,
    *,
    caller: Caller,
    origin_kind: OriginKind,
    origin_id: str,
    reason: FlagReason,
    text: str,
    query: str,
) -> Flag:
    """`kb.flag.raise_flag` for whoever sends this request.

    Raises:
        TooManyFlags: a visitor who sent many within the last hour. The rest as `raise_flag`.
    """
    if caller.kind is CallerKind.ANONYMOUS:
        service.visitor_limit.count(request)
    return raise_flag(
        session,
        caller=caller,
        caller_visibility=visibility_for(caller, service),
        origin_kind=origin_kind,
        origin_id=origin_id,
        reason=reason,
        text=mask_personal(text),
        query=mask_personal(query),
    )


def fix_path(session: Session, caller: Caller, *, origin_kind: OriginKind, origin_id: str) -> str | None:
    """Where the caller can put right what is flagged; None where they may not."""
    if origin_kind is not OriginKind.ARTICLE or caller.person_id is None:
        return None
    article = session.get(Article, origin_id)
    if article is None:
        return None
    try:
        move(ArticleVerb.REVISE, article, caller)
    except (Forbidden, NotSignedIn, Conflict):
        return None
    return edit_path(origin_id)
