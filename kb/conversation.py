"""Conversations: support transcripts, imported or live, as turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base, serialise
from kb.errors import AlreadyExists, EmptyText, NotFound, TextTooLong
from kb.outbox import enqueue
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require, require_serving
from kb.text import LINE_LIMIT_CHARS, TEXT_LIMIT_CHARS, clean_line, clean_tags, clean_text
from kb.visibility import Caller, Visibility, visibility_of
from kb.vocabulary import Audience, Channel, JobName, Language, Role, Scope, Speaker


class Conversation(Base):
    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_created_at_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    #: the id it has where it came from; importing it twice changes nothing
    external_id: Mapped[str | None] = mapped_column(unique=True)
    channel: Mapped[Channel] = mapped_column()
    language: Mapped[Language] = mapped_column()
    audience: Mapped[Audience] = mapped_column()
    outcome: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()

    @property
    def segments(self) -> Sequence[str]:
        """For no segment in particular: transcripts come without."""
        return ()

    @property
    def products(self) -> Sequence[str]:
        """About no product in particular."""
        return ()


class Turn(Base):
    __tablename__ = "turn"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    speaker: Mapped[Speaker] = mapped_column()
    #: personal data already masked
    text: Mapped[str] = mapped_column(Text)
    #: since the start; None where the transcript does not say
    at_seconds: Mapped[float | None] = mapped_column()


@dataclass(frozen=True, slots=True)
class TurnDraft:
    """A turn before it is imported; personal data already masked."""

    speaker: Speaker
    text: str
    at_seconds: float | None = None


def import_conversation(
    session: Session,
    *,
    caller: Caller,
    external_id: str | None,
    channel: Channel,
    language: Language,
    audience: Audience,
    turns: Sequence[TurnDraft],
    outcome: str = "",
    tags: Sequence[str] = (),
) -> tuple[Conversation, bool]:
    """Keep a transcript and promise to index it; one that is there already stays as it is.

    Args:
        turns: in the order they were spoken; silent ones are left out.
    Returns:
        The conversation, and whether it is new.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow.
        InvalidInput, EmptyText, TextTooLong: names the field.
        AlreadyExists: it is there, but not for this caller to see.
    """
    require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    require_serving(caller, audience)
    if external_id is not None:
        external_id = clean_line("external_id", external_id, 255)
        serialise(session, f"conversation {external_id}")
        known = session.scalar(select(Conversation).where(Conversation.external_id == external_id))
        if known is not None:
            if not visibility_of(caller, portal_public=False).allows(known):
                raise AlreadyExists(what="conversation", name=external_id)
            return known, False
    spoken = _clean_turns(turns)
    conversation = Conversation(
        id=new_id(),
        external_id=external_id,
        channel=channel,
        language=language,
        audience=audience,
        outcome=clean_line("outcome", outcome, LINE_LIMIT_CHARS, required=False),
        tags=clean_tags(tags),
        created_at=utc_now(),
    )
    session.add(conversation)
    session.flush()
    rows = [
        {
            "conversation_id": conversation.id,
            "number": number,
            "speaker": turn.speaker,
            "text": turn.text,
            "at_seconds": turn.at_seconds,
        }
        for number, turn in enumerate(spoken, start=1)
    ]
    session.execute(insert(Turn), rows)
    enqueue(session, name=JobName.INDEX_CONVERSATION, subject_id=conversation.id)
    record_audit(
        session,
        caller=caller,
        verb="import_conversation",
        object_kind="conversation",
        object_id=conversation.id,
        data={"external_id": external_id, "turns": len(rows), "audience": audience},
    )
    return conversation, True


def get_conversation(
    session: Session, *, caller_visibility: Visibility, conversation_id: str
) -> Conversation:
    """One conversation.

    Raises:
        NotFound: absent or not visible.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or not caller_visibility.allows(conversation):
        raise NotFound(what="conversation", id=conversation_id)
    return conversation


def conversation_turns(session: Session, *, conversation_id: str) -> list[Turn]:
    """What was said, in order."""
    statement = select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.number)
    return list(session.scalars(statement))


def list_conversations(
    session: Session, *, caller_visibility: Visibility, cursor: str | None = None, limit: int = 50
) -> Page[Conversation]:
    """Visible conversations, newest first.

    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = select(Conversation).where(Conversation.audience.in_(caller_visibility.audiences))
    if cursor is not None:
        statement = statement.where(older_than(cursor, Conversation.created_at, Conversation.id))
    statement = statement.order_by(Conversation.created_at.desc(), Conversation.id.desc())
    rows = session.scalars(statement.limit(checked_limit(limit) + 1)).all()
    return cut(rows, limit, lambda row: (row.created_at, row.id))


def _clean_turns(turns: Sequence[TurnDraft]) -> list[TurnDraft]:
    length = sum(len(turn.text) for turn in turns)
    if length > TEXT_LIMIT_CHARS:
        raise TextTooLong(field="turns", length=length, limit=TEXT_LIMIT_CHARS)
    cleaned = (
        TurnDraft(turn.speaker, clean_text("turns", turn.text, required=False), turn.at_seconds)
        for turn in turns
    )
    spoken = [turn for turn in cleaned if turn.text]
    if not spoken:
        raise EmptyText(field="turns")
    return spoken
