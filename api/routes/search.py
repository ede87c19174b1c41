"""Searching: `POST /v1/search`, its GET twin for portals, and suggestions while typing."""

import time
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Question, Tag
from api.links import base_url, page_path
from api.marked import marked_html
from api.permissions import SEARCHING
from api.routes.search_schemas import (
    MAX_HITS,
    AnswerShown,
    HitShown,
    Origin,
    RepairShown,
    SearchAnswer,
    SearchRequest,
    Span,
    Suggestions,
    SuggestionShown,
)
from api.service import Service
from kb.errors import AudienceTooNarrow, EmptyText, TextTooLong
from kb.visibility import Caller, CallerKind, Visibility, visibility_of
from kb.vocabulary import Audience, Language, OriginKind
from search.results import Answer, Filters, Hit, SearchResult

router = APIRouter(prefix="/v1", tags=["search"])
Searching = Annotated[Caller, Depends(Admitted(SEARCHING))]


@router.post("/search", operation_id="search", summary="Search / جست‌وجو", response_model=SearchAnswer)
def search(asked: SearchRequest, request: Request, caller: Searching, service: TheService) -> Response:
    """Find what answers a question, among what the caller may see."""
    return _as_json(answer_search(asked, request, caller, service))


@router.get(
    "/search",
    operation_id="searchByAddress",
    summary="Search for portals / جست‌وجوی درگاه",
    response_model=SearchAnswer,
)
def search_by_address(
    request: Request,
    caller: Searching,
    service: TheService,
    q: Annotated[
        Question,
        Query(
            description="The question / پرسش",
            openapi_examples={
                "fa": {"summary": "فارسی", "value": "هزینهٔ ارسال مرجوعی با کیست؟"},
                "en": {"summary": "English", "value": "how do I return an item"},
            },
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
    language: Annotated[list[Language] | None, Query(max_length=2)] = None,
    kind: Annotated[list[OriginKind] | None, Query(max_length=4)] = None,
    tag: Annotated[list[Tag] | None, Query(max_length=20)] = None,
    audience: Audience | None = None,
    repair: Annotated[bool, Query(description="off: search for the question as it is / اصلاح پرسش")] = True,
) -> Response:
    """The same search as one address; without a key it answers from public knowledge."""
    asked = SearchRequest(
        query=q,
        limit=limit,
        languages=language or [],
        kinds=kind or [],
        tags=tag or [],
        audience=audience,
        repair=repair,
    )
    return _as_json(answer_search(asked, request, caller, service))


@router.get("/suggest", operation_id="suggest", summary="Suggest while typing / پیشنهاد هنگام نوشتن")
def suggest(
    request: Request,
    caller: Searching,
    service: TheService,
    q: Annotated[Question, Query(description="What is typed so far / آنچه تا کنون نوشته شده")],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> Suggestions:
    """Titles and known questions that continue what was typed, among what the caller may see."""
    base = base_url(request, service)
    found = (
        service.search.searcher.suggest(
            text=checked_query(q, service), visibility=visibility_for(caller, service), limit=limit
        )
        if q.strip()
        else []
    )
    return Suggestions(
        query=q,
        suggestions=[
            SuggestionShown(
                text=s.text,
                url=base + page_path(s.origin_kind, s.origin_id),
                origin=Origin(kind=OriginKind(s.origin_kind), id=s.origin_id),
            )
            for s in found
        ],
    )


def answer_search(asked: SearchRequest, request: Request, caller: Caller, service: Service) -> SearchAnswer:
    """Run `asked` as `caller` and put the result in the words of the API."""
    visibility = narrowed(visibility_for(caller, service), asked.audience)
    result = run_search(asked, visibility, service, surface="api")
    base = base_url(request, service)
    return SearchAnswer(
        query=asked.query,
        took_ms=round(result.took_ms, 2),
        degraded=list(result.degraded),
        confidence=result.confidence,
        answer=_shown_answer(result.answer, base) if result.answer else None,
        hits=_shown_hits(result.hits, base),
        repair=RepairShown(text=result.repair.text, kinds=list(result.repair.kinds))
        if result.repair
        else None,
    )


def run_search(
    asked: SearchRequest, visibility: Visibility, service: Service, *, surface: str
) -> SearchResult:
    """One measured search; `surface` names who asked: api or page."""
    filters = Filters(
        languages=frozenset(asked.languages), origin_kinds=frozenset(asked.kinds), tags=frozenset(asked.tags)
    )
    text = checked_query(asked.query, service)
    started = time.perf_counter()
    result = service.search.searcher.search(
        text=text, visibility=visibility, filters=filters, limit=asked.limit, repair=asked.repair
    )
    service.metrics.observe_search(surface=surface, seconds=time.perf_counter() - started)
    return result


def checked_query(text: str, service: Service) -> str:
    """The query as it was sent, once it can be searched for.

    Raises:
        EmptyText, TextTooLong: nothing to search for, or too much.
    """
    limit = service.settings.query_limit_chars
    if len(text) > limit:
        raise TextTooLong(field="query", length=len(text), limit=limit)
    if not text.strip():
        raise EmptyText(field="query")
    return text


def narrowed(visibility: Visibility, audience: Audience | None) -> Visibility:
    """What `audience` would see, as far as the caller may.

    Raises:
        AudienceTooNarrow: the caller may not see that audience's knowledge.
    """
    if audience is None:
        return visibility
    if not visibility.allows(audience):
        ceiling = next((a for a in Audience if visibility.allows(a)), None)
        raise AudienceTooNarrow(audience=audience, ceiling=ceiling or "-")
    return visibility_of(Caller(kind=CallerKind.KEY, audience_ceiling=audience), portal_public=False)


def _as_json(answer: SearchAnswer) -> Response:
    """The answer as it goes out: validated when it was made, so not a second time on the way."""
    return Response(answer.model_dump_json(), media_type="application/json")


@lru_cache(maxsize=256)  # a repeated question finds the same hits again
def _shown_hits(hits: tuple[Hit, ...], base: str) -> list[HitShown]:
    return [_shown_hit(hit, base) for hit in hits]


def _shown_hit(hit: Hit, base: str) -> HitShown:
    return HitShown(
        rank=hit.rank,
        title=hit.title,
        url=base
        + page_path(
            hit.origin_kind, hit.origin_id, passage_id=hit.passage_id, heading_path=tuple(hit.heading_path)
        ),
        snippet=hit.snippet.text,
        highlights=[Span(start=start, end=end) for start, end in hit.snippet.marks],
        snippet_html=marked_html(hit.snippet.text, hit.snippet.marks),
        score=hit.score,
        language=Language(hit.language),
        heading_path=list(hit.heading_path),
        origin=Origin(kind=OriginKind(hit.origin_kind), id=hit.origin_id),
        passage_id=hit.passage_id,
        passages=hit.passages,
        tags=list(hit.tags),
        audience=Audience(hit.audience),
        updated_at=hit.updated_at,
    )


def _shown_answer(answer: Answer, base: str) -> AnswerShown:
    return AnswerShown(
        text=answer.text,
        title=answer.title,
        url=base + page_path(answer.origin_kind, answer.origin_id, passage_id=answer.passage_id),
        origin=Origin(kind=OriginKind(answer.origin_kind), id=answer.origin_id),
        confidence=answer.confidence,
    )
