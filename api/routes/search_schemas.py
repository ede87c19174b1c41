"""What search takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.fields import Body, Question, Shown, Tag
from kb.vocabulary import Audience, Language, OriginKind
from search.repair import Kind as RepairKind

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


class AnswerShown(Shown):
    """The sentence that answers, as it stands in its origin."""

    text: str
    title: str
    url: str
    origin: Origin
    confidence: Annotated[float, Field(ge=0, le=1)]


class RepairShown(Shown):
    """What was searched for instead of the query: show it, and offer the query itself (`repair: false`)."""

    text: str = Field(description="The query as it was probably meant / پرسش اصلاح‌شده")
    kinds: list[RepairKind] = Field(description="What was repaired")


class SearchAnswer(Shown):
    """What was found; `answer` is null where no sentence answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "query": "پولم کی برمی‌گرده؟",
                    "took_ms": 11.4,
                    "confidence": 0.83,
                    "answer": {
                        "text": "برگشت پول به کارت بانکی ۳ تا ۵ روز کاری طول می‌کشد.",
                        "title": "زمان برگشت پول پس از تأیید مرجوعی یا لغو سفارش",
                        "url": "http://127.0.0.1:8000/articles/0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22",
                        "origin": {"kind": "article", "id": "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"},
                        "confidence": 0.83,
                    },
                    "hits": [],
                },
                {"query": "zzz", "took_ms": 6.0, "confidence": 0.0, "answer": None, "hits": []},
            ]
        }
    )

    query: str
    took_ms: float
    confidence: Annotated[float, Field(ge=0, le=1, description="How sure we are that the best hit answers")]
    answer: AnswerShown | None
    hits: list[HitShown]
    degraded: list[str] = Field(
        default=[], description="Parts that did not answer just now (`dense`): hits may be fewer"
    )
    repair: RepairShown | None = Field(default=None, description="Null: searched for as it was sent")


class SuggestionShown(Shown):
    text: str
    url: str
    origin: Origin


class Suggestions(Shown):
    query: str
    suggestions: list[SuggestionShown]
