"""What waits for a person on the desk, counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.article.review import Review
from kb.article.unkept import answers_for, is_unkept
from kb.article.verification import SOON
from kb.finding import both_visible
from kb.flag import FlagQueue, count_flags
from kb.note import Note
from kb.sight import visible
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState, FindingState, NoteState, ReviewState, Role


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things of each kind wait; what somebody's role cannot decide on counts as none.

    Attributes:
        unkept: articles that the person answers for whose set times were not kept, or will not be.
        drafts: notes that the person began and has not handed over.
        notes: told notes that nobody has accepted or rejected.
        reviews: articles under review, less what the person wrote: that is for others.
        due: articles that the person, or a team of theirs, should verify soon or should have verified.
        flags: what readers flagged and nobody has closed; agents decide on what is their own only.
        findings: duplicates and contradictions that nobody has decided on.
    """

    unkept: int = 0
    drafts: int = 0
    notes: int = 0
    reviews: int = 0
    due: int = 0
    flags: int = 0
    findings: int = 0


def waiting_for(session: Session, *, caller: Caller, caller_visibility: Visibility, now: datetime) -> Waiting:
    """What waits for `caller`, of what they may see."""
    return Waiting(
        unkept=_count(
            session, is_unkept(), answers_for(caller), visible(session, Article, caller_visibility)
        ),
        drafts=_count(session, Note.state == NoteState.DRAFT, Note.author_id == caller.person_id),
        due=_due(session, caller, caller_visibility, now),
        flags=_flags(session, caller, caller_visibility),
        **_decisions(session, caller, caller_visibility),
    )


def _decisions(session: Session, caller: Caller, visibility: Visibility) -> dict[str, int]:
    """What a contributor decides on."""
    if not caller.has_role(Role.CONTRIBUTOR):
        return {}
    findings = both_visible(session, visibility).subquery()
    return {
        "notes": _count(session, Note.state == NoteState.CAPTURED, visible(session, Note, visibility)),
        "reviews": session.scalar(
            select(func.count())
            .select_from(Review)
            .join(Article, Article.id == Review.article_id)
            .where(
                Review.state == ReviewState.REQUESTED,
                visible(session, Article, visibility),
                or_(Review.requested_by.is_(None), Review.requested_by != caller.person_id),
            )
        )
        or 0,
        "findings": session.scalar(
            select(func.count()).select_from(findings).where(findings.c.state == FindingState.OPEN)
        )
        or 0,
    }


def _due(session: Session, caller: Caller, visibility: Visibility, now: datetime) -> int:
    owned: ColumnElement[bool] = or_(
        Article.owner_id == caller.person_id, Article.owner_team_id.in_(caller.team_ids)
    )
    return _count(
        session,
        owned,
        Article.verify_due_at <= now + SOON,
        Article.state != ArticleState.ARCHIVED,
        visible(session, Article, visibility),
    )


def _flags(session: Session, caller: Caller, visibility: Visibility) -> int:
    wanted = FlagQueue(owner=None if caller.has_role(Role.CONTRIBUTOR) else caller)
    return count_flags(session, caller_visibility=visibility, wanted=wanted)


def _count(session: Session, *conditions: ColumnElement[bool] | Any) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0
