"""Searching: `POST /v1/search`, its GET twin for portals, and suggestions while typing."""

import time
from dataclasses import asdict, replace
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
    AnswerCell,
    AnswerPart,
    AnswerShown,
    CitationShown,
    ExplanationShown,
    GeneratedShown,
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
from kb.visibility import Caller, Visibility
from kb.vocabulary import Audience, Language, OriginKind, OriginState
from search.results import Answer, Filters, Generated, Hit, Part, SearchResult

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
    product: Annotated[list[Tag] | None, Query(max_length=20)] = None,
    state: Annotated[list[OriginState] | None, Query(max_length=4)] = None,
    audience: Audience | None = None,
    explain: bool = False,
    repair: Annotated[bool, Query(description="off: search for the question as it is / اصلاح پرسش")] = True,
) -> Response:
    """The same search as one address; without a key it answers from public knowledge."""
    asked = SearchRequest(
        query=q,
        limit=limit,
        languages=language or [],
        kinds=kind or [],
        tags=tag or [],
        products=product or [],
        states=state or [],
        audience=audience,
        explain=explain,
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
    return shown_result(result, query=asked.query, base=base_url(request, service), explained=asked.explain)


def shown_result(result: SearchResult, *, query: str, base: str, explained: bool = False) -> SearchAnswer:
    """`result` in the words of the API; `base` comes before every address in it."""
    return SearchAnswer(
        query=query,
        took_ms=round(result.took_ms, 2),
        degraded=list(result.degraded),
        confidence=result.confidence,
        advice=result.advice,
        answer=_shown_answer(result.answer, base) if result.answer else None,
        hits=_shown_hits(result.hits, base, explained),
        generated=_shown_generated(result.generated, base) if result.generated else None,
        repair=RepairShown(text=result.repair.text, kinds=list(result.repair.kinds))
        if result.repair
        else None,
    )


def run_search(
    asked: SearchRequest, visibility: Visibility, service: Service, *, surface: str
) -> SearchResult:
    """One measured search; `surface` names who asked: api or page."""
    filters = Filters(
        languages=frozenset(asked.languages),
        origin_kinds=frozenset(asked.kinds),
        tags=frozenset(asked.tags),
        products=frozenset(asked.products),
        states=frozenset(asked.states),
    )
    text = checked_query(asked.query, service)
    started = time.perf_counter()
    result = service.search.searcher.search(
        text=text, visibility=visibility, filters=filters, limit=asked.limit, repair=asked.repair
    )
    service.metrics.observe_search(surface=surface, seconds=time.perf_counter() - started)
    return _with_generated(result, visibility, service) if asked.generate else result


def _with_generated(result: SearchResult, visibility: Visibility, service: Service) -> SearchResult:
    generation = service.search.generation
    if generation is None:
        return replace(result, degraded=(*result.degraded, "generation"))
    return generation.complete(result, visibility=visibility)


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
    if not visibility.allows_audience(audience):
        ceiling = next((a for a in Audience if visibility.allows_audience(a)), None)
        raise AudienceTooNarrow(audience=audience, ceiling=ceiling or "-")
    return visibility.up_to(audience)


def _as_json(answer: SearchAnswer) -> Response:
    """The answer as it goes out: validated when it was made, so not a second time on the way."""
    return Response(answer.model_dump_json(), media_type="application/json")


@lru_cache(maxsize=256)  # a repeated question finds the same hits again
def _shown_hits(hits: tuple[Hit, ...], base: str, explained: bool) -> list[HitShown]:
    return [_shown_hit(hit, base, explained) for hit in hits]


def _shown_hit(hit: Hit, base: str, explained: bool) -> HitShown:
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
        rerank_score=hit.rerank_score,
        tags=list(hit.tags),
        products=list(hit.products),
        state=OriginState(hit.state) if hit.state else None,
        audience=Audience(hit.audience),
        updated_at=hit.updated_at,
        explanation=ExplanationShown(**asdict(hit.explanation)) if explained else None,
    )


def _shown_answer(answer: Answer, base: str) -> AnswerShown:
    return AnswerShown(
        kind=answer.kind,
        text=answer.text,
        title=answer.title,
        url=base + page_path(answer.origin_kind, answer.origin_id, passage_id=answer.passage_id),
        origin=Origin(kind=OriginKind(answer.origin_kind), id=answer.origin_id),
        passage_id=answer.passage_id,
        start=answer.start,
        end=answer.end,
        confidence=answer.confidence,
        lead=_shown_part(answer.lead) if answer.lead else None,
        steps=[_shown_part(step) for step in answer.steps],
        first_number=answer.first_number,
        rows=[
            [AnswerCell(header=c.header, text=c.text, start=c.start, end=c.end) for c in row]
            for row in answer.rows
        ],
        is_whole=answer.is_whole,
    )


def _shown_generated(generated: Generated, base: str) -> GeneratedShown:
    return GeneratedShown(
        text=generated.text,
        citations=[
            CitationShown(
                number=cited.number,
                title=cited.title,
                url=base
                + page_path(
                    cited.origin_kind,
                    cited.origin_id,
                    passage_id=cited.passage_id,
                    heading_path=cited.heading_path,
                ),
                origin=Origin(kind=OriginKind(cited.origin_kind), id=cited.origin_id),
                passage_id=cited.passage_id,
                start=cited.start,
                end=cited.end,
            )
            for cited in generated.citations
        ],
    )


def _shown_part(part: Part) -> AnswerPart:
    return AnswerPart(text=part.text, start=part.start, end=part.end)
