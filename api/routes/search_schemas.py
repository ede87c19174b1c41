"""What search takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonValue

from api.fields import Body, Question, Shown, Tag
from kb.vocabulary import Audience, Language, OriginKind
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
    audience: Audience | None = Field(
        default=None,
        description="See what this audience would see; refused above the caller's own ceiling",
    )


class Span(Shown):
    """Code point offsets in the snippet."""

    start: int
    end: int


class Origin(Shown):
    kind: OriginKind
    id: str


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
    tags: list[str]
    audience: Audience
    updated_at: datetime | None


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
    {"query": "zzz", "took_ms": 6.0, "confidence": 0.0, "answer": None, "hits": []},
]


class SearchAnswer(Shown):
    """What was found; `answer` is null where nothing shows that a sentence, list or row answers."""

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    query: str
    took_ms: float
    confidence: Annotated[float, Field(ge=0, le=1, description="How sure we are that the best hit answers")]
    answer: AnswerShown | None
    hits: list[HitShown]
    degraded: list[str] = Field(
        default=[], description="Parts that did not answer just now (`dense`): hits may be fewer"
    )


class SuggestionShown(Shown):
    text: str
    url: str
    origin: Origin


class Suggestions(Shown):
    query: str
    suggestions: list[SuggestionShown]
