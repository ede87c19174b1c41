"""What an edition was made from: looked up and locked, whatever kind it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.vocabulary import ArticleState, Audience, NoteState, OriginKind, OriginState

if TYPE_CHECKING:
    from kb.article import Article


@dataclass(frozen=True, slots=True)
class Origin:
    """An article, source, note or conversation as editions see it."""

    audience: Audience
    tags: tuple[str, ...]
    products: tuple[str, ...]
    #: customer segments that it is for; none: all
    segments: tuple[str, ...]
    state: OriginState | None
    #: when a person last wrote, released, sent or verified what it says
    vouched_at: datetime
    #: whether searchers may find it at all
    is_served: bool


def lock_origin(session: Session, *, origin_kind: OriginKind, origin_id: str) -> Origin | None:
    """The origin, its row locked until the transaction ends: its editions change one at a time.

    Returns:
        None when it was deleted.
    """
    return _origin(session, origin_kind, origin_id, lock=True)


def find_origin(session: Session, *, origin_kind: OriginKind, origin_id: str) -> Origin | None:
    """The origin as it is now; None when it was deleted."""
    return _origin(session, origin_kind, origin_id, lock=False)


def _origin(session: Session, origin_kind: OriginKind, origin_id: str, *, lock: bool) -> Origin | None:
    # Imported here: all of these retire their editions, so they import `kb.edition`, which imports this.
    from kb.article import Article
    from kb.conversation import Conversation
    from kb.note import Note
    from kb.source import Source

    models: dict[OriginKind, type[Article | Conversation | Note | Source]] = {
        OriginKind.ARTICLE: Article,
        OriginKind.CONVERSATION: Conversation,
        OriginKind.NOTE: Note,
        OriginKind.SOURCE: Source,
    }
    model = models[origin_kind]
    statement = select(model).where(model.id == origin_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    match session.scalar(statement):
        case Article() as article:
            released = article.released_revision_id is not None
            served = released and article.state is not ArticleState.ARCHIVED
            return Origin(
                audience=article.audience,
                tags=tuple(article.tags),
                products=tuple(article.products),
                segments=tuple(article.segments),
                state=article_state(article),
                vouched_at=vouched_at(article),
                is_served=served,
            )
        case Note() as note:
            accepted = note.state is NoteState.ACCEPTED
            return Origin(
                audience=note.audience,
                tags=tuple(note.tags),
                products=tuple(note.products),
                segments=tuple(note.segments),
                state=OriginState.ACCEPTED if accepted else None,
                vouched_at=note.updated_at,
                is_served=accepted,
            )
        case Source() as source:
            return Origin(
                audience=source.audience,
                tags=tuple(source.tags),
                products=tuple(source.products),
                segments=tuple(source.segments),
                state=None,
                vouched_at=source.received_at,
                is_served=True,
            )
        case Conversation() as conversation:
            return Origin(
                audience=conversation.audience,
                tags=tuple(conversation.tags),
                products=(),
                segments=(),
                state=None,
                vouched_at=conversation.created_at,
                is_served=True,
            )
        case _:
            return None


def article_state(article: "Article") -> OriginState | None:
    """What searchers are told of an article's state; nothing of archived ones, which they do not find."""
    return None if article.state is ArticleState.ARCHIVED else OriginState(article.state.value)


def vouched_at(article: "Article") -> datetime:
    """When somebody last released or verified it; before that, when it was last changed."""
    moments = [at for at in (article.released_at, article.verified_at) if at is not None]
    return max(moments, default=article.updated_at)
