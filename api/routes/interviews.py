"""The interview about a note, turn by turn, and what becomes of notes and transcripts: article drafts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.conditional import IF_MATCH, etag, expected_version
from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Body, Id, ShortText, Shown, WrittenText
from api.interview import probe_for
from api.language import language_of
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import DESK, WRITING
from api.promotion import frame_article, promote_notes
from api.promotion import promote_conversation as promote_transcript
from api.routes.article_schemas import ArticleShown, shown_article
from api.routes.note_schemas import NewAnswer, NoteInFull, Promotion
from api.routes.notes import answer, in_full
from api.service import Service
from kb.article import Article, get_article
from kb.credit import article_credits
from kb.note import answer_probe, get_note, note_answers, withdraw_answer
from kb.visibility import Caller
from kb.vocabulary import Audience, Language, OriginKind
from search.personal import mask_personal

router = APIRouter(prefix="/v1", tags=["notes"])
Writer = Annotated[Caller, Depends(Admitted(WRITING))]
Desk = Annotated[Caller, Depends(Admitted(DESK))]


class Framing(Body):
    """A question that found no answer: its words become the issue of a draft."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"query": "کد تخفیفم قبول نمی‌شود", "language": "fa"},
                {"query": "my voucher is not accepted", "language": "en"},
            ]
        }
    )

    query: WrittenText = Field(max_length=1000)
    language: Language
    audience: Audience = Audience.INTERNAL


class ConversationPromotion(Body):
    """A transcript becomes an article draft; what is left out is found in it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"audience": "internal"}, {"title": "کد تخفیف"}]}
    )

    title: ShortText | None = Field(default=None, min_length=1)
    audience: Audience = Audience.INTERNAL


class Credit(Shown):
    """Somebody whose experience an article holds."""

    person_id: str
    name: str
    note_ids: list[str]


class Credits(Shown):
    items: list[Credit]


@router.post(
    "/notes/{note_id}/answers",
    status_code=201,
    operation_id="answerProbe",
    response_model=NoteInFull,
    summary="Answer a probe / پاسخ به پرسش",
    openapi_extra=IF_MATCH,
)
def answer_one(
    note_id: Id, said: NewAnswer, request: Request, caller: Writer, service: TheService
) -> Response:
    """Keep what the author says to a probe, or that it was skipped; the answer holds the next one."""
    limit = service.settings.text_limit_chars
    with service.database.transaction() as session:
        version = expected_version(request, caller)
        note = get_note(
            session, caller_visibility=visibility_for(caller, service), caller=caller, note_id=note_id
        )
        answers = note_answers(session, note_id=note_id)
        note = answer_probe(
            session,
            caller=caller,
            note_id=note_id,
            expected_version=version,
            element=said.element,
            probe=said.probe or probe_for(note, answers, said.element, detector=service.detector).text,
            text=None if said.text is None else mask_personal(said.text),
            text_limit=limit,
        )
        shown = in_full(session, note, request, caller, service)
    return answer(shown, status=201)


@router.delete(
    "/notes/{note_id}/answers/{number}",
    operation_id="withdrawAnswer",
    response_model=NoteInFull,
    summary="Take the last answer back / پس گرفتن پاسخ",
    openapi_extra=IF_MATCH,
)
def withdraw(note_id: Id, number: int, request: Request, caller: Writer, service: TheService) -> Response:
    """Forget the last answer; its question is asked again."""
    with service.database.transaction() as session:
        version = expected_version(request, caller)
        note = withdraw_answer(
            session, caller=caller, note_id=note_id, expected_version=version, number=number
        )
        shown = in_full(session, note, request, caller, service)
    return answer(shown)


@router.post(
    "/notes/{note_id}/promote",
    status_code=201,
    operation_id="promoteNote",
    response_model=ArticleShown,
    summary="Make it an article draft / تبدیل به مقاله",
)
def promote(
    note_id: Id,
    promotion: Promotion,
    request: Request,
    caller: Writer,
    service: TheService,
    once: OnceOnly,
) -> Response:
    """Begin an article from notes and their answers, its fields filled from what they say; they are cited."""

    def effect(session: Session) -> Created:
        article = promote_notes(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            note_ids=[note_id, *promotion.with_notes],
            detector=service.detector,
            title=promotion.title,
            audience=promotion.audience,
        )
        return _created(session, article, request, caller, service)

    return once.answer(service, promotion.model_dump(mode="json"), effect)


@router.post(
    "/conversations/{conversation_id}/promote",
    status_code=201,
    operation_id="promoteConversation",
    response_model=ArticleShown,
    summary="Make it an article draft / تبدیل به مقاله",
)
def promote_conversation(
    conversation_id: Id,
    promotion: ConversationPromotion,
    request: Request,
    caller: Writer,
    service: TheService,
    once: OnceOnly,
) -> Response:
    """Begin an article from a transcript: the customer's words are its issue, the agent's the rest."""

    def effect(session: Session) -> Created:
        article = promote_transcript(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            conversation_id=conversation_id,
            title=promotion.title,
            audience=promotion.audience,
        )
        return _created(session, article, request, caller, service)

    return once.answer(service, promotion.model_dump(mode="json"), effect)


@router.post(
    "/articles/frame",
    status_code=201,
    operation_id="frameArticle",
    response_model=ArticleShown,
    summary="Frame a question / پیش‌نویس از پرسش",
)
def frame(
    framing: Framing, request: Request, caller: Writer, service: TheService, once: OnceOnly
) -> Response:
    """Begin an article with nothing but the requester's words: somebody who knows writes the rest."""

    def effect(session: Session) -> Created:
        article = frame_article(
            session,
            caller=caller,
            query=framing.query,
            language=framing.language,
            audience=framing.audience,
        )
        return _created(session, article, request, caller, service)

    return once.answer(service, framing.model_dump(mode="json"), effect)


@router.get(
    "/articles/{article_id}/credits",
    operation_id="articleCredits",
    summary="Whose experience it holds / از تجربهٔ چه کسانی",
)
def credited(article_id: Id, caller: Desk, service: TheService) -> Credits:
    """The authors of the notes that the article was written from."""
    with service.database.reading() as session:
        sight = visibility_for(caller, service)
        view = get_article(session, caller_visibility=sight, caller=caller, article_id=article_id)
        found = article_credits(session, view.revision, caller_visibility=sight, caller=caller)
    items = [Credit(person_id=one.person_id, name=one.name, note_ids=list(one.note_ids)) for one in found]
    return Credits(items=items)


def _created(
    session: Session, article: Article, request: Request, caller: Caller, service: Service
) -> Created:
    view = get_article(
        session,
        caller_visibility=visibility_for(caller, service),
        caller=caller,
        article_id=article.id,
    )
    url = base_url(request, service) + page_path(OriginKind.ARTICLE, article.id)
    shown = shown_article(view, url=url, on_desk=True, language=language_of(request))
    return Created(shown, headers={"ETag": etag(shown.version), "Location": f"/v1/articles/{shown.id}"})
