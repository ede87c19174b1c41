"""Conversations: support transcripts, imported once and searchable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Body, Cursor, Id, Limit, PageOf, ShortText, Shown, Tags, WrittenText
from api.links import base_url, page_path
from api.once import Created, OnceOnly
from api.permissions import INSPECTING, READING, UPLOADING
from kb.conversation import (
    Conversation,
    Turn,
    TurnDraft,
    conversation_turns,
    get_conversation,
    import_conversation,
    list_conversations,
)
from kb.visibility import Caller
from kb.vocabulary import Audience, Channel, Language, OriginKind, Speaker
from search.personal import mask_personal

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
Lister = Annotated[Caller, Depends(Admitted(INSPECTING))]
Reader = Annotated[Caller, Depends(Admitted(READING))]
Importer = Annotated[Caller, Depends(Admitted(UPLOADING))]


class NewTurn(Body):
    speaker: Speaker
    text: WrittenText
    at_seconds: float | None = Field(default=None, ge=0, le=1e7, allow_inf_nan=False)


class NewConversation(Body):
    """A transcript; the same `external_id` is imported once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "chat-1042",
                    "channel": "chat",
                    "language": "fa",
                    "turns": [
                        {"speaker": "customer", "text": "سلام، کی پولم برمیگرده؟"},
                        {"speaker": "agent", "text": "سلام، ۳ تا ۵ روز کاری پس از تأیید."},
                    ],
                },
                {
                    "channel": "email",
                    "language": "en",
                    "turns": [{"speaker": "customer", "text": "Where is my parcel?"}],
                },
            ]
        }
    )

    external_id: Annotated[ShortText, Field(min_length=1)] | None = None
    channel: Channel
    language: Language
    audience: Audience = Audience.INTERNAL
    turns: list[NewTurn] = Field(min_length=1, max_length=2000)
    outcome: ShortText = ""
    tags: Tags = Field(default=[])


class TurnShown(Shown):
    number: int
    speaker: Speaker
    text: str
    at_seconds: float | None


class ConversationShown(Shown):
    """A transcript's particulars."""

    id: str
    url: str
    external_id: str | None
    channel: Channel
    language: Language
    audience: Audience
    outcome: str
    tags: list[str]
    created_at: datetime


class ConversationInFull(ConversationShown):
    turns: list[TurnShown]


@router.post(
    "",
    status_code=201,
    operation_id="importConversation",
    response_model=ConversationShown,
    summary="Import a transcript / ورود گفت‌وگو",
    responses={200: {"model": ConversationShown, "description": "It was there already"}},
)
def import_(
    new: NewConversation, request: Request, caller: Importer, service: TheService, once: OnceOnly
) -> Response:
    """Keep a transcript with personal data masked; workers index it afterwards."""
    base = base_url(request, service)

    def effect(session: Session) -> Created:
        turns = [TurnDraft(turn.speaker, mask_personal(turn.text), turn.at_seconds) for turn in new.turns]
        given = dict(new) | {"turns": turns}
        conversation, created = import_conversation(session, caller=caller, **given)
        shown = ConversationShown(**_particulars(conversation, base))
        headers = {"Location": f"/v1/conversations/{shown.id}"}
        return Created(shown, status=201 if created else 200, headers=headers)

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get("", operation_id="listConversations", summary="List transcripts / فهرست گفت‌وگوها")
def list_(
    request: Request, caller: Lister, service: TheService, cursor: Cursor = None, limit: Limit = 50
) -> PageOf[ConversationShown]:
    """Transcripts, newest first."""
    with service.database.reading() as session:
        page = list_conversations(
            session, caller_visibility=visibility_for(caller, service), cursor=cursor, limit=limit
        )
    base = base_url(request, service)
    items = [ConversationShown(**_particulars(conversation, base)) for conversation in page.items]
    return PageOf[ConversationShown](items=items, next_cursor=page.next_cursor)


@router.get(
    "/{conversation_id}", operation_id="readConversation", summary="Read a transcript / خواندن گفت‌وگو"
)
def read(conversation_id: Id, request: Request, caller: Reader, service: TheService) -> ConversationInFull:
    """One transcript with its turns."""
    with service.database.reading() as session:
        conversation = get_conversation(
            session, conversation_id=conversation_id, caller_visibility=visibility_for(caller, service)
        )
        turns = conversation_turns(session, conversation_id=conversation_id)
    return in_full(conversation, turns, base_url(request, service))


def in_full(conversation: Conversation, turns: Sequence[Turn], base: str) -> ConversationInFull:
    shown = [
        TurnShown(number=t.number, speaker=t.speaker, text=t.text, at_seconds=t.at_seconds) for t in turns
    ]
    return ConversationInFull(**_particulars(conversation, base), turns=shown)


def _particulars(conversation: Conversation, base: str) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "url": base + page_path(OriginKind.CONVERSATION, conversation.id),
        "external_id": conversation.external_id,
        "channel": conversation.channel,
        "language": conversation.language,
        "audience": conversation.audience,
        "outcome": conversation.outcome,
        "tags": conversation.tags,
        "created_at": conversation.created_at,
    }
