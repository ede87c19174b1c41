"""What search takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonValue

from api.fields import Body, IdValue, Question, Shown, Tag
from kb.vocabulary import Audience, Language, OriginKind, OriginState
from search.confidence import Advice
from search.repair import Kind as RepairKind
from search.results import AnswerKind

MAX_HITS = 50


class SearchRequest(Body):
    """A question in the asker's own words, and what to narrow it to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"query": "پولم کی برمی‌گرده؟", "limit": 5, "languages": ["fa"]},
                {"query": "how long do I have to return an item", "kinds": ["article"], "tags": []},
            ]
        }
    )

    query: Question = Field(description="The question / پرسش")
    limit: int = Field(default=10, ge=1, le=MAX_HITS, description="Most hits to return / بیشینهٔ نتیجه‌ها")
    languages: list[Language] = Field(default=[], max_length=2, description="Empty: every language")
    kinds: list[OriginKind] = Field(default=[], max_length=4, description="Empty: every kind")
    tags: list[Tag] = Field(default=[], max_length=20, description="Any of these tags; empty: all")
    products: list[Tag] = Field(default=[], max_length=20, description="Any of these products; empty: all")
    states: list[OriginState] = Field(
        default=[],
        max_length=4,
        description="Articles of these states, accepted notes; empty: all, and what has no state",
    )
    audience: Audience | None = Field(
        default=None,
        description="See what this audience would see; refused above the caller's own ceiling",
    )
    explain: bool = Field(default=False, description="Show how each score came about")
    generate: bool = Field(
        default=False,
        description="Have a language model write an answer from the best passages, where one is configured",
    )
    repair: bool = Field(
        default=True,
        description="Search for what was probably meant where words match nothing (Finglish, wrong keyboard, "
        "typos); false: for the query as it is / اصلاح پرسش",
    )


class Span(Shown):
    """Code point offsets in the snippet."""

    start: int
    end: int


class Origin(Shown):
    kind: OriginKind
    id: str


class ExplanationShown(Shown):
    """How the score came about: (passage + further + whole) x trust x freshness x twin.

    `passage` is (1 - lexical_share) x nearness + lexical_share x words, of the best passage.
    """

    score: float
    passage: float
    dense: float | None = Field(description="Cosine of question and passage")
    nearness: float = Field(description="That cosine against the nearest candidate's, 0 to 1")
    words: float = Field(description="Coverage against the best candidate's, 0 to 1")
    coverage: float = Field(description="Share of the question's information its words cover")
    terms: float
    grams: float
    lexical_share: float = Field(description="What words counted in this question")
    further: float = Field(description="What other passages of the same origin added")
    whole: float = Field(description="0 or less: how much less its beginning and all of it are about it")
    trust: float
    freshness: float
    twin: float
    twin_of: str | None = Field(description="A better hit that says nearly the same")


class HitShown(Shown):
    """One found thing, best passage first shown."""

    rank: int = Field(description="1 is best")
    title: str
    url: str = Field(description="Its page / نشانی صفحه")
    snippet: str = Field(description="Plain text, cut from the original / متن سادهٔ اصل")
    highlights: list[Span]
    snippet_html: str = Field(description="The snippet escaped, matches in <mark>")
    score: float = Field(description="Higher is better; comparable within one answer only")
    language: Language
    heading_path: list[str]
    origin: Origin
    passage_id: str
    passages: int = Field(description="How many of its passages were found")
    rerank_score: float | None = Field(
        default=None, description="Where a reranker is configured: hits that have one are ordered by it"
    )
    tags: list[str]
    products: list[str]
    state: OriginState | None = Field(description="How far it is trusted; null where it has no such state")
    audience: Audience
    updated_at: datetime | None = Field(description="When somebody last released, sent or verified it")
    explanation: ExplanationShown | None = Field(default=None, description="Where `explain` was asked for")


class AnswerPart(Shown):
    """A piece of the answer; `start` and `end` are code point offsets in its origin's text."""

    text: str
    start: int
    end: int


class AnswerCell(AnswerPart):
    """A cell of a table's row under its column's header, which is empty where there is none."""

    header: str


class AnswerShown(Shown):
    """What answers, as it stands in its origin: `kind` says which of `steps` and `rows` is filled."""

    kind: AnswerKind = Field(
        description="`sentence`: `text` alone; `steps`: a list; `row`: rows of a table / جمله، مراحل، سطر"
    )
    text: str = Field(description="All of it as people read it / همهٔ پاسخ، خواندنی")
    title: str
    url: str
    origin: Origin
    passage_id: str
    start: int = Field(description="Where it begins in its origin's text, code points")
    end: int
    confidence: Annotated[float, Field(ge=0, le=1)]
    lead: AnswerPart | None = Field(
        default=None, description="The line or heading that introduces the steps / سطری که مرحله‌ها را می‌آورد"
    )
    steps: list[AnswerPart] = Field(default=[], description="In order / به ترتیب")
    first_number: int | None = Field(
        default=None, description="Number of the first step; null for a list without numbers"
    )
    rows: list[list[AnswerCell]] = Field(
        default=[], description="More than one where several answer equally / سطرهایی که پاسخ‌اند"
    )
    is_whole: bool = Field(default=True, description="False where the list or table goes on")


_PERSIAN_ORIGIN = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"
_ENGLISH_ORIGIN = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c23"
_EXAMPLES: list[JsonValue] = [
    {
        "query": "پول کارت هدیه کی برمی‌گرده؟",
        "took_ms": 11.4,
        "confidence": 0.83,
        "advice": "answer",
        "answer": {
            "kind": "row",
            "text": "روش پرداخت: کارت هدیه؛ زمان: تا ۲۴ ساعت",
            "title": "زمان برگشت پول پس از تأیید مرجوعی یا لغو سفارش",
            "url": f"http://127.0.0.1:8000/articles/{_PERSIAN_ORIGIN}",
            "origin": {"kind": "article", "id": _PERSIAN_ORIGIN},
            "passage_id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c30",
            "start": 412,
            "end": 436,
            "confidence": 0.83,
            "rows": [
                [
                    {"header": "روش پرداخت", "text": "کارت هدیه", "start": 412, "end": 421},
                    {"header": "زمان", "text": "تا ۲۴ ساعت", "start": 426, "end": 436},
                ]
            ],
        },
        "hits": [],
    },
    {
        "query": "how do I cancel my order",
        "took_ms": 9.8,
        "confidence": 0.91,
        "advice": "answer",
        "answer": {
            "kind": "steps",
            "text": "To cancel an order:\n1. Open Orders.\n2. Choose Cancel.",
            "title": "Cancel an order",
            "url": f"http://127.0.0.1:8000/articles/{_ENGLISH_ORIGIN}",
            "origin": {"kind": "article", "id": _ENGLISH_ORIGIN},
            "passage_id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c31",
            "start": 0,
            "end": 54,
            "confidence": 0.91,
            "lead": {"text": "To cancel an order:", "start": 0, "end": 19},
            "steps": [
                {"text": "Open Orders.", "start": 24, "end": 36},
                {"text": "Choose Cancel.", "start": 40, "end": 54},
            ],
            "first_number": 1,
        },
        "hits": [],
    },
    {
        "query": "zzz",
        "took_ms": 6.0,
        "confidence": 0.0,
        "advice": "ask_a_person",
        "answer": None,
        "hits": [],
    },
]


class CitationShown(Shown):
    """What [number] in the text stands for; code point offsets of the passage in its origin's text."""

    number: int
    title: str
    url: str
    origin: Origin
    passage_id: str
    start: int
    end: int


class GeneratedShown(Shown):
    """Written by a language model from the passages it cites; plain text, not to be trusted as HTML."""

    text: str
    citations: list[CitationShown]


class RepairShown(Shown):
    """What was searched for instead of the query: show it, and offer the query itself (`repair: false`)."""

    text: str = Field(description="The query as it was probably meant / پرسش اصلاح‌شده")
    kinds: list[RepairKind] = Field(description="What was repaired")


class SearchAnswer(Shown):
    """What was found; `answer` is null where nothing shows that a sentence, list or row answers."""

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    query: str
    took_ms: float
    confidence: Annotated[float, Field(ge=0, le=1, description="How sure we are that the best hit answers")]
    advice: Advice = Field(
        description="answer: put it forward; suggestions: offer the hits; ask_a_person: nothing is close"
    )
    answer: AnswerShown | None
    hits: list[HitShown]
    degraded: list[str] = Field(
        default=[],
        description="Parts that did not answer just now (`dense`, `reranker`, `generation`); the rest stands",
    )
    generated: GeneratedShown | None = Field(
        default=None, description="Where it was asked for and the passages answer"
    )
    repair: RepairShown | None = Field(default=None, description="Null: searched for as it was sent")


class NewLink(Body):
    """That a thing answered a question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "query": "پولم کی برمی‌گرده؟",
                    "origin_kind": "article",
                    "origin_id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22",
                },
                {"query": "where is my money", "origin_kind": "note", "origin_id": "0199f2c4-7c1e"},
            ]
        }
    )

    query: Question = Field(description="The question as it was asked / پرسش، همان‌طور که پرسیده شد")
    origin_kind: OriginKind
    origin_id: IdValue


class LinkShown(Shown):
    """A learnt query; it leads searchers to its origin once several people said so, or one who publishes."""

    query: str = Field(description="Personal data masked")
    origin: Origin
    people: int = Field(description="How many said so")
    is_confirmed: bool = Field(description="Whether it leads searchers there")


class SuggestionShown(Shown):
    text: str
    url: str
    origin: Origin


class Suggestions(Shown):
    query: str
    suggestions: list[SuggestionShown]
