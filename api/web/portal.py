"""The search page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Part, Question
from api.links import page_path
from api.marked import marked_html
from api.permissions import SEARCHING
from api.routes.search import run_search
from api.routes.search_schemas import SearchRequest
from api.service import Service
from api.web.dates import shown_number
from api.web.narrowing import Narrowing, narrowing_for
from api.web.rendering import page, sees_more_than_the_public
from api.web.texts import translate
from kb.article import ArticleView, list_articles
from kb.errors import InvalidInput, KbError, MessageLanguage, TextTooLong, Unavailable
from kb.learnt_query import LEARNT_LIMIT_CHARS, learnt_origins
from kb.visibility import ANONYMOUS, Caller
from kb.vocabulary import Language
from search.confidence import ANSWER_FROM, Advice, advice_of
from search.learnt import learnt_words
from search.results import Answer, Generated, Hit, Snippet

router = APIRouter(include_in_schema=False)
Searching = Annotated[Caller, Depends(Admitted(SEARCHING))]

_RECENT = 6
_PAGE_SIZES = (10, 20, 50)
#: from this confidence on an answer is said to be very likely
_VERY_LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class _HitOnPage:
    title: str
    href: str
    heading_path: tuple[str, ...]
    snippet: Markup
    kind: str
    language: str
    audience: str
    updated_at: datetime | None
    origin_id: str
    #: whether the reader said that it answered this very question
    answered: bool


@dataclass(frozen=True, slots=True)
class _AnswerOnPage:
    answer: Answer
    language: str
    title: str
    href: str
    #: high, medium or low
    words: str


@dataclass(frozen=True, slots=True)
class _SourceOnPage:
    number: int
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class _GeneratedOnPage:
    text: str
    sources: tuple[_SourceOnPage, ...]


@router.get("/")
def search_page(
    request: Request,
    caller: Searching,
    service: TheService,
    language: ReaderLanguage,
    q: Question = "",
    limit: Annotated[int, Query(ge=1, le=_PAGE_SIZES[-1])] = _PAGE_SIZES[0],
    product: Part = "",
    in_language: Annotated[Part, Query(alias="language")] = "",
    kind: Part = "",
    generate: bool = False,
    repair: bool = True,
) -> Response:
    """The question's answer and hits; without a question, the box and the latest articles.

    `generate` asks for an answer in full, where an endpoint is configured that writes one.
    """
    shared: dict[str, Any] = {
        "show_audience": sees_more_than_the_public(caller, service),
        "problem": None,
        "query": q.strip(),
        "narrowing": None,
    }
    if not q.strip():
        recent = _recent_articles(caller, service, language)
        return page(request, "search.html", recent=recent, **shared)
    given = {"product": product, "language": in_language, "kind": kind}
    shared["narrowing"] = narrowing = narrowing_for(caller, service, given)
    try:
        can_generate = service.search.generation is not None
        wanted = {
            "query": q,
            "limit": limit,
            "generate": generate and can_generate,
            "repair": repair,
            **narrowing.filters,
        }
        asked = SearchRequest.model_validate(wanted)
        result = run_search(asked, visibility_for(caller, service), service, surface="page")
    except (InvalidInput, Unavailable) as error:
        shared |= {"problem": _in_words(error, language), "query": q.strip()[:200]}
        return page(request, "search.html", status=status_of(error), **shared)
    answered = _answered(caller, q, service)
    return page(
        request,
        "search.html",
        hits=[_hit_on_page(hit, answered) for hit in result.hits],
        answer=_answer_on_page(result.answer, result.hits),
        ask_a_person=result.advice is Advice.ASK_A_PERSON,
        more=_more(q, limit, len(result.hits), narrowing, repair=repair),
        back=narrowing.address(q.strip()) if _may_link(caller, q) else None,
        generated=_generated_on_page(result.generated),
        # offered once: who asked and got none reads why instead
        may_generate=can_generate and not asked.generate,
        not_generated=asked.generate and result.generated is None,
        repaired=result.repair.text if result.repair else None,
        as_typed=narrowing.address(q, repair="off"),
        **shared,
    )


def _in_words(error: KbError, language: MessageLanguage) -> str:
    """What a reader is told, who knows no names of fields."""
    if not isinstance(error, TextTooLong):
        return error.message(language)
    length, limit = (shown_number(error.data[name], language) for name in ("length", "limit"))
    return translate("question_too_long", language, length=length, limit=limit)


def confidence_words(confidence: float) -> Literal["high", "medium", "low"]:
    """How an answer's confidence is put into words; never more than it says."""
    if confidence >= _VERY_LIKELY:
        return "high"
    return "medium" if confidence >= ANSWER_FROM else "low"


def _recent_articles(caller: Caller, service: Service, language: MessageLanguage) -> tuple[ArticleView, ...]:
    """What is served, latest first; in the reader's language where there is any."""
    visibility = visibility_for(caller, service)
    with service.database.reading() as session:
        for wanted in (Language(language), None):
            # As a visitor would: drafts are no news.
            found = list_articles(
                session, caller_visibility=visibility, caller=ANONYMOUS, language=wanted, limit=_RECENT
            )
            if found.items:
                return found.items
    return ()


def _may_link(caller: Caller, query: str) -> bool:
    return caller.person_id is not None and len(query.strip()) <= LEARNT_LIMIT_CHARS


def _answered(caller: Caller, query: str, service: Service) -> Collection[tuple[str, str]]:
    """What the reader said answered this question."""
    if not _may_link(caller, query):
        return ()
    with service.database.reading() as session:
        return learnt_origins(session, caller=caller, folded=learnt_words(query).folded)


def _hit_on_page(hit: Hit, answered: Collection[tuple[str, str]]) -> _HitOnPage:
    return _HitOnPage(
        title=hit.title,
        href=page_path(
            hit.origin_kind, hit.origin_id, passage_id=hit.passage_id, heading_path=hit.heading_path
        ),
        heading_path=hit.heading_path,
        snippet=Markup(marked_html(*without_heading(hit.snippet, hit.heading_path))),  # noqa: S704 - escaped there
        kind=hit.origin_kind,
        language=hit.language,
        audience=hit.audience,
        updated_at=hit.updated_at,
        origin_id=hit.origin_id,
        answered=(hit.origin_kind, hit.origin_id) in answered,
    )


def without_heading(snippet: Snippet, heading_path: tuple[str, ...]) -> tuple[str, list[tuple[int, int]]]:
    """The snippet's text and marks, less a first line that only repeats the heading shown above it."""
    first, newline, rest = snippet.text.partition("\n")
    if not newline or not heading_path or first.strip() != heading_path[-1].strip() or not rest.strip():
        return snippet.text, list(snippet.marks)
    text = rest.lstrip()
    cut = len(snippet.text) - len(text)
    return text, [(start - cut, end - cut) for start, end in snippet.marks if start >= cut]


def _answer_on_page(answer: Answer | None, hits: tuple[Hit, ...]) -> _AnswerOnPage | None:
    if answer is None or advice_of(answer.confidence) is Advice.ASK_A_PERSON:
        return None
    origin = next(hit for hit in hits if hit.origin_id == answer.origin_id)
    path = origin.heading_path if origin.passage_id == answer.passage_id else ()
    return _AnswerOnPage(
        answer=answer,
        language=origin.language,
        title=answer.title,
        href=page_path(answer.origin_kind, answer.origin_id, passage_id=answer.passage_id, heading_path=path),
        words=confidence_words(answer.confidence),
    )


def _generated_on_page(generated: Generated | None) -> _GeneratedOnPage | None:
    if generated is None:
        return None
    sources = (
        _SourceOnPage(
            number=cited.number,
            title=cited.title,
            href=page_path(
                cited.origin_kind,
                cited.origin_id,
                passage_id=cited.passage_id,
                heading_path=cited.heading_path,
            ),
        )
        for cited in generated.citations
    )
    return _GeneratedOnPage(generated.text, tuple(sources))


def _more(query: str, limit: int, found: int, narrowing: Narrowing, *, repair: bool) -> str | None:
    """The address with more hits, where there may be some."""
    if found < limit:
        return None
    larger = next((size for size in _PAGE_SIZES if size > limit), None)
    if larger is None:
        return None
    return narrowing.address(query, limit=larger, **({} if repair else {"repair": "off"}))
