"""What the note routes take and answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.fields import Body, IdValue, Products, ShortText, Shown, Tags, Text, WrittenText
from api.interview import Interview
from kb.note import Note, NoteAnswer
from kb.vocabulary import Audience, Element, Language, NoteState


class NewNote(Body):
    """What somebody knows, in their own words; a draft is its author's alone and may be empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "language": "fa",
                    "text": "مشتری می‌گفت کد تخفیف کار نمی‌کند؛ فهمیدم کد را با فاصله کپی کرده بود.",
                    "tags": ["کد تخفیف"],
                },
                {"language": "en", "text": "If the courier cannot find the address, ask for the plus code."},
            ]
        }
    )

    text: Text
    language: Language
    audience: Audience = Audience.INTERNAL
    tags: Tags = Field(default=[])
    products: Products = Field(default=[])
    segments: Products = Field(default=[], description="Customer segments that it is for; none: all")
    draft: bool = Field(default=False, description="Still being written / پیش‌نویس")


class NoteChange(Body):
    """What is left out stays; sent as often as the author pauses."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "کد را با فاصله کپی کرده بود."},
                {"text": "He copied the code with a space."},
            ]
        }
    )

    text: Text | None = None
    language: Language | None = None
    audience: Audience | None = None
    tags: Tags | None = None
    products: Products | None = None
    segments: Products | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "NoteChange":
        if not self.model_fields_set:
            raise PydanticCustomError("no_change", "names nothing to change")
        return self


class NewAnswer(Body):
    """What the author says to a probe; null skips it, and it is not asked again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"element": "cue", "text": "چون چراغ مودم سبز بود."},
                {"element": "boundary", "text": None},
                {"element": "reason", "text": "The code is case sensitive."},
            ]
        }
    )

    element: Element
    text: WrittenText | None = None
    probe: ShortText | None = Field(
        default=None, description="The question as it was shown, where it was another than `next_probe`"
    )


class Promotion(Body):
    """Which notes become one article draft; what is left out is found in them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "کد تخفیف پذیرفته نمی‌شود"}, {"audience": "internal"}]}
    )

    with_notes: list[IdValue] = Field(default=[], max_length=20, description="More notes of the same thing")
    title: ShortText | None = Field(default=None, min_length=1)
    audience: Audience = Audience.INTERNAL


class EvidenceShown(Shown):
    """Words that show an element; offsets count code points of the note's text or of that answer."""

    element: Element
    #: null: the note's own text; else the number of the answer
    answer: int | None
    start: int
    end: int
    text: str
    rules: list[str] = Field(description="Which rules say so, the strongest first")


class ProbeShown(Shown):
    """The one question to ask next."""

    element: Element
    text: str
    quote: str = Field(description="The author's words that it repeats; may be empty")


class AnswerShown(Shown):
    number: int
    element: Element
    probe: str
    text: str | None = Field(description="null: skipped")
    contributed: list[Element] = Field(description="What was not there before this answer")
    answered_at: datetime


class InterviewShown(Shown):
    """How complete a note is, why, and what to ask."""

    completeness: int = Field(ge=0, le=6)
    present: list[Element]
    missing: list[Element]
    evidence: list[EvidenceShown]
    next_probe: ProbeShown | None = Field(description="null: the interview is over")


class NoteShown(Shown):
    """A note and where it stands."""

    id: str
    version: int
    url: str
    text: str
    language: Language
    audience: Audience
    state: NoteState
    tags: list[str]
    products: list[str]
    segments: list[str]
    author_id: str | None
    article_id: str | None = Field(description="The article it was promoted to")
    created_at: datetime
    updated_at: datetime


class NoteInFull(NoteShown):
    """A note with its interview."""

    answers: list[AnswerShown]
    interview: InterviewShown | None = Field(description="For those who write; null for other readers")


def shown_note(note: Note, url: str) -> NoteShown:
    return NoteShown(**_particulars(note, url))


def note_in_full(
    note: Note, answers: Sequence[NoteAnswer], interview: Interview | None, url: str
) -> NoteInFull:
    contributed = interview.telling.contributed if interview else (frozenset(),) * len(answers)
    shown = [
        AnswerShown(
            number=answer.number,
            element=answer.element,
            probe=answer.probe,
            text=answer.text,
            contributed=[one for one in Element if one in given],
            answered_at=answer.answered_at,
        )
        for answer, given in zip(answers, contributed, strict=True)
    ]
    return NoteInFull(
        **_particulars(note, url),
        answers=shown,
        interview=None if interview is None else _shown_interview(note, answers, interview),
    )


def _shown_interview(note: Note, answers: Sequence[NoteAnswer], interview: Interview) -> InterviewShown:
    telling, probe = interview.telling, interview.next_probe
    evidence = []
    for found in telling.found:
        answer = None if found.probe is None else answers[found.probe]
        text = note.text if answer is None else answer.text or ""
        one = found.evidence
        evidence.append(
            EvidenceShown(
                element=one.element,
                answer=None if answer is None else answer.number,
                start=one.start,
                end=one.end,
                text=one.cut(text),
                rules=list(one.rules),
            )
        )
    return InterviewShown(
        completeness=telling.completeness,
        present=[element for element in Element if element in telling.present],
        missing=list(telling.missing),
        evidence=evidence,
        next_probe=None
        if probe is None
        else ProbeShown(element=probe.element, text=probe.text, quote=probe.quote),
    )


def _particulars(note: Note, url: str) -> dict[str, Any]:
    return {
        "id": note.id,
        "version": note.version,
        "url": url,
        "text": note.text,
        "language": note.language,
        "audience": note.audience,
        "state": note.state,
        "tags": note.tags,
        "products": note.products,
        "segments": note.segments,
        "author_id": note.author_id,
        "article_id": note.article_id,
        "created_at": note.created_at,
        "updated_at": note.updated_at,
    }
