"""An article at the desk: where it stands, what may be done with it, its files, reviews and checks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Id
from api.language import language_of
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.check_report import check_report, named_in
from api.web.desk.content_standard import standard_of
from api.web.desk.layout import desk_page
from api.web.desk.offers import article_offers
from api.web.desk.problems import problem_words
from api.web.desk.unkept import unkept_of
from kb.article import (
    Article,
    ArticleRevision,
    ArticleView,
    article_reviews,
    article_translations,
    get_article,
    list_attachments,
    open_review,
)
from kb.article.composed import revision_text
from kb.article.release_check import newest_check
from kb.article.review import Review
from kb.article.verification import verification
from kb.clock import utc_now
from kb.credit import article_credits
from kb.errors import KbError
from kb.people import Colleague, colleagues, person_names
from kb.sight import visible
from kb.team import Team
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState, Role

router = APIRouter(prefix="/desk/articles", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the page reads of an article besides its words."""

    view: ArticleView
    values: dict[str, Any]


@router.get("/{article_id}")
def article_page(
    article_id: Id, request: Request, caller: Person, service: TheService, standard: bool = False
) -> Response:
    """The newest revision, and everything around it; `standard` asks for its findings."""
    return show_article(article_id, request, caller, service, with_standard=standard)


def show_article(
    article_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    problem: str | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    with_standard: bool = False,
) -> Response:
    """The page; with a problem and what was typed, where there is one.

    Args:
        with_standard: whether the content standard is looked into though nobody works on the article; that
            searches for its likes, and takes ten times as long as all else.
    """
    with service.database.reading() as session:
        reading = _read(session, article_id, caller, visibility_for(caller, service))
    article, revision = reading.view.article, reading.view.revision
    language = language_of(request)
    offers = article_offers(
        article, caller, review=reading.values["review"], reviewed=reading.values["reviewed"]
    )
    is_worked_on = article.working_revision_id is not None and article.state is not ArticleState.ARCHIVED
    standard = None
    if is_worked_on or with_standard:
        standard = standard_of(
            service, view=reading.view, caller=caller, language=language, typed=typed or {}
        )
    return desk_page(
        request,
        "desk/article.html",
        service=service,
        caller=caller,
        section="articles",
        status=status,
        article=article,
        revision=revision,
        translation=reading.view.translation,
        text=revision_text(revision, article.language),
        offered={one.verb for one in offers if one.refusal is None},
        refusals=[
            (one.verb, problem_words(one.refusal, language)) for one in offers if one.refusal is not None
        ],
        unkept=unkept_of(article, language),
        problem=problem,
        typed=typed or {},
        standard=standard,
        standard_asked=with_standard,
        **reading.values,
    )


def show_refusal(
    error: KbError,
    article_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page, saying why something was refused, with what was typed for it."""
    return show_article(
        article_id,
        request,
        caller,
        service,
        problem=problem_words(error, language_of(request)),
        typed=typed,
        status=status_of(error),
    )


def _read(session: Session, article_id: str, caller: Caller, sight: Visibility) -> _Reading:
    view = get_article(session, caller_visibility=sight, caller=caller, article_id=article_id)
    article = view.article
    review = open_review(session, article_id=article_id)
    reviews = [one for one, _ in article_reviews(session, article_id=article_id, limit=10)]
    working = article.working_revision_id
    check = newest_check(session, revision_id=working) if working else None
    titles = titles_of(session, named_in(check), sight) if check else {}
    released = (
        session.get(ArticleRevision, article.released_revision_id) if article.released_revision_id else None
    )
    team = session.get(Team, article.owner_team_id) if article.owner_team_id else None
    values = {
        "review": review,
        "reviewed": session.get(ArticleRevision, review.revision_id) if review else None,
        "reviews": [one for one in reviews if one.comment],
        "names": _names(session, article, view.revision, reviews),
        "team": team.name if team else None,
        "released": released,
        "report": check_report(check, titles) if check else None,
        "translations": article_translations(session, caller_visibility=sight, article=article),
        "attachments": list_attachments(
            session, caller_visibility=sight, caller=caller, article_id=article_id
        ),
        "credits": article_credits(session, view.revision, caller_visibility=sight, caller=caller),
        "reviewers": reviewers(session, caller),
        "standing": verification(
            verified_at=article.verified_at,
            due=article.verify_due_at,
            every_days=article.verify_every_days,
            now=utc_now(),
        ),
    }
    return _Reading(view, values)


def titles_of(session: Session, ids: Iterable[str], sight: Visibility) -> dict[str, str]:
    """The newest titles of those of these articles that may be seen."""
    newest = (Article.working_revision_id, Article.released_revision_id)
    statement = (
        select(Article.id, ArticleRevision.title)
        .join(ArticleRevision, ArticleRevision.id.in_(newest))
        .where(Article.id.in_(set(ids)), visible(session, Article, sight))
        .order_by(ArticleRevision.number)
    )
    return {row.id: row.title for row in session.execute(statement)}


def reviewers(session: Session, caller: Caller) -> list[Colleague]:
    """Who may review what `caller` wrote."""
    roles = list(Role)
    least = roles.index(Role.CONTRIBUTOR)
    return [one for one in colleagues(session) if one.id != caller.id and roles.index(one.role) >= least]


def _names(
    session: Session, article: Article, revision: ArticleRevision, reviews: Iterable[Review]
) -> dict[str, str]:
    ids = [article.owner_id, revision.author_id, article.scheduled_by]
    ids += [id for review in reviews for id in (review.requested_by, review.reviewer_id, review.decided_by)]
    return person_names(session, ids)
