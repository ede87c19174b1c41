"""Flags: "this is wrong, unclear, stale", raised from any surface, until somebody sees to it.

Whoever calls masks personal data in what readers write.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, Text, and_, func, literal, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base
from kb.errors import FlaggedEnough, Forbidden, ImpossibleMove, InvalidInput, NotFound, NotSignedIn
from kb.origin import find_origin
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require
from kb.sight import visible
from kb.text import LINE_LIMIT_CHARS, clean_line, clean_text
from kb.visibility import Caller, CallerKind, Visibility
from kb.vocabulary import FlagReason, FlagState, OriginKind, Role, Scope

#: so many open flags of visitors on one thing tell all there is to tell
VISITORS_LIMIT = 20


class Flag(Base):
    __tablename__ = "flag"
    __table_args__ = (
        Index("ix_flag_state_raised_at", "state", "raised_at", "id"),
        Index("ix_flag_origin", "origin_kind", "origin_id", "state"),
        Index("ix_flag_person_id", "person_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    origin_kind: Mapped[OriginKind] = mapped_column()
    origin_id: Mapped[str] = mapped_column()
    #: of an article: what was read
    revision_id: Mapped[str | None] = mapped_column(ForeignKey("article_revision.id"))
    reason: Mapped[FlagReason] = mapped_column()
    #: in the reader's words, personal data already masked; may be empty
    text: Mapped[str] = mapped_column(Text)
    #: what the reader had asked; may be empty
    query: Mapped[str] = mapped_column(Text)
    state: Mapped[FlagState] = mapped_column()
    #: how the audit log names who raised it
    raised_by: Mapped[str] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    raised_at: Mapped[datetime] = mapped_column()
    #: who sees to it
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime | None] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column()
    #: what came of it, for who raised it
    outcome: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class FlagQueue:
    """Which flags are wanted; all of what is given must hold.

    Attributes:
        is_closed: whatever came of them; give no `state` then.
        raised_by: the person who raised them.
        owner: a person with their teams, who own what is flagged.
    """

    state: FlagState | None = FlagState.OPEN
    is_closed: bool = False
    reason: FlagReason | None = None
    origin_id: str | None = None
    raised_by: str | None = None
    owner: Caller | None = None


def raise_flag(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    origin_kind: OriginKind,
    origin_id: str,
    reason: FlagReason,
    text: str = "",
    query: str = "",
) -> Flag:
    """Say that something is not right; visitors may, too, of what they see.

    Somebody's own open flag for the same reason takes the new words.

    Args:
        text: what is not right; needed where the reason is `other`.
        query: what the reader had asked.
    Raises:
        NotFound: absent, not visible, or not served (unless the caller works on articles).
        EmptyText, TextTooLong.
        FlaggedEnough: visitors have flagged it 20 times, and nobody has seen to it yet.
    """
    text = clean_text("text", text, LINE_LIMIT_CHARS, required=reason is FlagReason.OTHER).strip()
    query = clean_line("query", query, required=False)
    revision_id = _sighted_revision(session, caller, caller_visibility, origin_kind, origin_id)
    flag = _own_open(session, caller, origin_kind, origin_id, reason)
    if flag is None:
        flag = Flag(
            id=new_id(),
            origin_kind=origin_kind,
            origin_id=origin_id,
            reason=reason,
            state=FlagState.OPEN,
            raised_by=caller.actor,
            person_id=caller.person_id,
            raised_at=utc_now(),
            text="",
            query="",
            outcome="",
        )
        session.add(flag)
    elif text in ("", flag.text):
        return flag
    flag.text, flag.query, flag.revision_id = text, query or flag.query, revision_id
    session.flush()
    _record(session, caller, "raise_flag", flag)
    return flag


def take_flag(session: Session, *, caller: Caller, caller_visibility: Visibility, flag_id: str) -> Flag:
    """Say that the caller sees to it; whoever had said so before does not any more.

    Raises:
        NotFound, NotSignedIn, Forbidden: only people can.
        ImpossibleMove: it is closed.
    """
    flag = _locked(session, caller, caller_visibility, flag_id)
    if caller.person_id is None:
        raise Forbidden(needs="a signed-in person")
    if flag.state is not FlagState.OPEN:
        raise ImpossibleMove(what="flag", state=flag.state.value, verb="take")
    if flag.taken_by == caller.person_id:
        return flag
    flag.taken_by, flag.taken_at = caller.person_id, utc_now()
    session.flush()
    _record(session, caller, "take_flag", flag)
    return flag


def close_flag(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    flag_id: str,
    state: FlagState,
    outcome: str = "",
) -> Flag:
    """Say what came of it; who raised it is told.

    Args:
        state: `fixed`, or `dismissed`, which needs an outcome.
    Raises:
        NotFound, NotSignedIn, Forbidden, TextTooLong, EmptyText.
        InvalidInput: another state.
        ImpossibleMove: it is closed already.
    """
    if state is FlagState.OPEN:
        raise InvalidInput(field="state", reason="it must be fixed or dismissed")
    flag = _locked(session, caller, caller_visibility, flag_id)
    if flag.state is not FlagState.OPEN:
        raise ImpossibleMove(what="flag", state=flag.state.value, verb="close")
    needed = state is FlagState.DISMISSED
    flag.outcome = clean_text("outcome", outcome, LINE_LIMIT_CHARS, required=needed).strip()
    flag.state, flag.closed_by, flag.closed_at = state, caller.person_id, utc_now()
    session.flush()
    _record(session, caller, "close_flag", flag)
    return flag


def reopen_flag(session: Session, *, caller: Caller, caller_visibility: Visibility, flag_id: str) -> Flag:
    """Take the closing back.

    Raises:
        NotFound, NotSignedIn, Forbidden.
        ImpossibleMove: it is open.
    """
    flag = _locked(session, caller, caller_visibility, flag_id)
    if flag.state is FlagState.OPEN:
        raise ImpossibleMove(what="flag", state=flag.state.value, verb="reopen")
    flag.state, flag.closed_by, flag.closed_at, flag.outcome = FlagState.OPEN, None, None, ""
    session.flush()
    _record(session, caller, "reopen_flag", flag)
    return flag


def get_flag(session: Session, *, caller: Caller, caller_visibility: Visibility, flag_id: str) -> Flag:
    """One flag on something that the caller may see.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    flag = session.scalar(select(Flag).where(Flag.id == flag_id, _is_visible(session, caller_visibility)))
    if flag is None:
        raise NotFound(what="flag", id=flag_id)
    return flag


def list_flags(
    session: Session,
    *,
    caller: Caller,
    caller_visibility: Visibility,
    wanted: FlagQueue,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Flag]:
    """Flags on what the caller may see, raised last first.

    Raises:
        NotSignedIn, Forbidden.
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    require(caller, role=Role.AGENT, scope=Scope.WRITE)
    statement = select(Flag).where(_is_visible(session, caller_visibility), *_narrowed(wanted))
    if cursor is not None:
        statement = statement.where(older_than(cursor, Flag.raised_at, Flag.id))
    statement = statement.order_by(Flag.raised_at.desc(), Flag.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda flag: (flag.raised_at, flag.id))


def count_flags(session: Session, *, caller_visibility: Visibility, wanted: FlagQueue) -> int:
    """How many there are."""
    conditions = _is_visible(session, caller_visibility), *_narrowed(wanted)
    return session.scalar(select(func.count()).select_from(Flag).where(*conditions)) or 0


def _narrowed(wanted: FlagQueue) -> list[ColumnElement[bool]]:
    # Imported here: articles count their flags, and only this looks the other way.
    from kb.article.model import Article

    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (Flag.state, wanted.state),
        (Flag.reason, wanted.reason),
        (Flag.origin_id, wanted.origin_id),
        (Flag.person_id, wanted.raised_by),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.is_closed:
        conditions.append(Flag.state != FlagState.OPEN)
    if wanted.owner is not None:
        owner = wanted.owner
        theirs = or_(Article.owner_id == owner.person_id, Article.owner_team_id.in_(owner.team_ids))
        conditions += [
            Flag.origin_kind == OriginKind.ARTICLE,
            Flag.origin_id.in_(select(Article.id).where(theirs)),
        ]
    return conditions


def _is_visible(session: Session, visibility: Visibility) -> ColumnElement[bool]:
    """What is flagged is still there, and may be seen."""
    from kb.article.model import Article
    from kb.conversation import Conversation
    from kb.note import Note
    from kb.source import Source

    if visibility.is_whole:
        return literal(True)
    seen: list[tuple[OriginKind, Select[str]]] = [
        (OriginKind.ARTICLE, select(Article.id).where(visible(session, Article, visibility))),
        (OriginKind.NOTE, select(Note.id).where(visible(session, Note, visibility))),
        (OriginKind.SOURCE, select(Source.id).where(visible(session, Source, visibility))),
        (
            OriginKind.CONVERSATION,
            select(Conversation.id).where(Conversation.audience.in_(visibility.audiences)),
        ),
    ]
    return or_(*(and_(Flag.origin_kind == kind, Flag.origin_id.in_(ids)) for kind, ids in seen))


def _sighted_revision(
    session: Session, caller: Caller, visibility: Visibility, kind: OriginKind, origin_id: str
) -> str | None:
    """Which revision of an article the caller reads; None of anything else.

    Raises:
        NotFound: nothing is there for this caller.
    """
    from kb.article.model import Article

    origin = find_origin(session, origin_kind=kind, origin_id=origin_id)
    is_working_on_it = kind is OriginKind.ARTICLE and caller.sees_drafts
    if origin is None or not visibility.allows(origin) or not (origin.is_served or is_working_on_it):
        if caller.kind is CallerKind.ANONYMOUS and visibility.is_empty:
            raise NotSignedIn
        raise NotFound(what=kind.value, id=origin_id)
    if kind is not OriginKind.ARTICLE:
        return None
    article = session.get_one(Article, origin_id)
    return article.released_revision_id if origin.is_served else article.working_revision_id


def _own_open(
    session: Session, caller: Caller, kind: OriginKind, origin_id: str, reason: FlagReason
) -> Flag | None:
    """The open flag that the caller raised for the same reason; visitors are nobody in particular."""
    same = select(Flag).where(
        Flag.origin_kind == kind,
        Flag.origin_id == origin_id,
        Flag.state == FlagState.OPEN,
        Flag.raised_by == caller.actor,
    )
    if caller.kind is not CallerKind.ANONYMOUS:
        found = same.where(Flag.reason == reason).with_for_update().order_by(Flag.id)
        return session.scalars(found).first()
    count = session.scalar(select(func.count()).select_from(same.subquery())) or 0
    if count >= VISITORS_LIMIT:
        raise FlaggedEnough(count=count)
    return None


def _locked(session: Session, caller: Caller, visibility: Visibility, flag_id: str) -> Flag:
    """The flag, for contributors, and for whoever owns what is flagged."""
    from kb.article.editing import is_owned
    from kb.article.model import Article

    flag = get_flag(session, caller=caller, caller_visibility=visibility, flag_id=flag_id)
    article = session.get(Article, flag.origin_id) if flag.origin_kind is OriginKind.ARTICLE else None
    if article is None or not is_owned(article, caller):
        require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    return session.get_one(Flag, flag_id, with_for_update=True, populate_existing=True)


def _record(session: Session, caller: Caller, verb: str, flag: Flag) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="flag",
        object_id=flag.id,
        data={"origin_kind": flag.origin_kind, "origin_id": flag.origin_id, "state": flag.state},
    )
