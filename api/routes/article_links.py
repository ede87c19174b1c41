"""Links: this article solved this case. Every one counts as a review of what was verified before."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, TheService
from api.fields import Body, Cursor, Id, Limit, PageOf, Part, ShortText, Shown
from api.once import Created, OnceOnly
from api.permissions import DESK
from kb.article import Article
from kb.learnt_query import LEARNT_LIMIT_CHARS, learn_query
from kb.link import Link, article_links, link_article, unlink_article
from kb.visibility import Caller
from kb.vocabulary import OriginKind
from search.learnt import learnt_words
from search.personal import mask_personal

router = APIRouter(prefix="/v1/articles/{article_id}/links", tags=["articles"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]


class NewCase(Body):
    """The case that was solved."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"case_ref": "T-1405-88", "query": "پولم کی برمی‌گرده؟"},
                {"case_ref": "", "query": "where is my refund"},
            ]
        }
    )

    case_ref: ShortText = Field(
        default="", max_length=200, description="Its number where cases are kept; the same one counts once"
    )
    query: ShortText = Field(default="", description="What was asked / آنچه پرسیده شده بود")


class CaseShown(Shown):
    """That an article solved a case."""

    id: str
    article_id: str
    revision_id: str = Field(description="What was served then")
    case_ref: str
    query: str = Field(description="Personal data masked")
    actor: str
    linked_at: datetime


class CaseLinked(CaseShown):
    use_count: int = Field(description="How many cases the article has solved")
    last_used_at: datetime | None
    verify_due_at: datetime | None = Field(description="When somebody has to verify it again")


@router.post(
    "",
    status_code=201,
    operation_id="linkArticle",
    response_model=CaseLinked,
    summary="This article solved a case / این مقاله موردی را حل کرد",
)
def link(article_id: Id, new: NewCase, caller: Desk, service: TheService, once: OnceOnly) -> Response:
    """Keep that the article solved a case; what a person asked leads others there, too, once confirmed."""

    def effect(session: Session) -> Created:
        made = link_article(
            session,
            caller=caller,
            article_id=article_id,
            case_ref=new.case_ref,
            query=mask_personal(new.query),
        )
        _learn(session, caller, article_id, new.query)
        article = session.get_one(Article, article_id)
        return Created(
            CaseLinked(
                **_shown(made).model_dump(),
                use_count=article.use_count,
                last_used_at=article.last_used_at,
                verify_due_at=article.verify_due_at,
            )
        )

    return once.answer(service, {"article_id": article_id} | new.model_dump(mode="json"), effect)


@router.get("", operation_id="articleLinks", summary="The cases it solved / موردهایی که حل کرد")
def list_(
    article_id: Id,
    caller: Desk,
    service: TheService,
    case_ref: Annotated[Part | None, Query(description="Only this case")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[CaseShown]:
    """Cases linked to the article, linked last first."""
    with service.database.reading() as session:
        page = article_links(
            session, caller=caller, article_id=article_id, case_ref=case_ref, cursor=cursor, limit=limit
        )
    return PageOf[CaseShown](items=[_shown(one) for one in page.items], next_cursor=page.next_cursor)


@router.delete(
    "/{link_id}", status_code=204, operation_id="unlinkArticle", summary="Take that back / پس گرفتن"
)
def unlink(article_id: Id, link_id: Id, caller: Desk, service: TheService) -> Response:
    """Take a link back: whoever said so, or a contributor."""
    with service.database.transaction() as session:
        unlink_article(session, caller=caller, article_id=article_id, link_id=link_id)
    return Response(status_code=204)


def _learn(session: Session, caller: Caller, article_id: str, query: str) -> None:
    words = learnt_words(query)
    if caller.person_id is None or not words.folded or len(words.text) > LEARNT_LIMIT_CHARS:
        return
    learn_query(
        session,
        caller=caller,
        origin_kind=OriginKind.ARTICLE,
        origin_id=article_id,
        text=words.text,
        folded=words.folded,
    )


def _shown(link: Link) -> CaseShown:
    return CaseShown(
        id=link.id,
        article_id=link.article_id,
        revision_id=link.revision_id,
        case_ref=link.case_ref,
        query=link.query,
        actor=link.actor,
        linked_at=link.linked_at,
    )
