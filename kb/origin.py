"""What an edition was made from: looked up and locked, whatever kind it is."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.vocabulary import ArticleState, Audience, NoteState, OriginKind


@dataclass(frozen=True, slots=True)
class Origin:
    """An article, source, note or conversation as editions see it."""

    audience: Audience
    tags: tuple[str, ...]
    #: whether searchers may find it at all
    is_served: bool


def lock_origin(session: Session, *, origin_kind: OriginKind, origin_id: str) -> Origin | None:
    """The origin, its row locked until the transaction ends: its editions change one at a time.

    Returns:
        None when it was deleted.
    """
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
    statement = select(model).where(model.id == origin_id).with_for_update()
    match session.scalar(statement.execution_options(populate_existing=True)):
        case Article() as article:
            released = article.released_revision_id is not None
            served = released and article.state is not ArticleState.ARCHIVED
            return Origin(article.audience, tuple(article.tags), served)
        case Note() as note:
            return Origin(note.audience, tuple(note.tags), note.state is NoteState.ACCEPTED)
        case Source() | Conversation() as other:
            return Origin(other.audience, tuple(other.tags), is_served=True)
        case _:
            return None
