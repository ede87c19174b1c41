"""Saying what answered a question: the question's words then lead others there, too."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.dependencies import Admitted, TheService
from api.fields import IdValue, Question
from api.permissions import LINKING
from api.routes.search import checked_query
from api.routes.search_schemas import LinkShown, NewLink, Origin
from kb.learnt_query import learn_query, unlearn_query
from kb.visibility import Caller
from kb.vocabulary import OriginKind
from search.learnt import learnt_words

router = APIRouter(prefix="/v1/search/links", tags=["search"])
Person = Annotated[Caller, Depends(Admitted(LINKING))]


@router.post("", operation_id="linkQuery", summary="This answered my question / این پاسخم بود")
def link(new: NewLink, caller: Person, service: TheService) -> LinkShown:
    """Keep the question with what answered it; said again by the same person it changes nothing."""
    words = learnt_words(checked_query(new.query, service))
    with service.database.transaction() as session:
        query = learn_query(
            session,
            caller=caller,
            origin_kind=new.origin_kind,
            origin_id=new.origin_id,
            text=words.text,
            folded=words.folded,
        )
        origin = Origin(kind=query.origin_kind, id=query.origin_id)
        return LinkShown(
            query=words.text, origin=origin, people=query.people, is_confirmed=query.is_confirmed
        )


@router.delete(
    "", status_code=204, operation_id="unlinkQuery", summary="Take that back / پس گرفتن «پاسخم بود»"
)
def unlink(
    caller: Person,
    service: TheService,
    query: Annotated[Question, Query(description="The question, in any spelling of it")],
    origin_kind: OriginKind,
    origin_id: Annotated[IdValue, Query()],
) -> Response:
    """Forget that the caller said so; what others said stays."""
    words = learnt_words(checked_query(query, service))
    with service.database.transaction() as session:
        unlearn_query(
            session, caller=caller, origin_kind=origin_kind, origin_id=origin_id, folded=words.folded
        )
    return Response(status_code=204)
