"""Changing what belongs to an article as a whole, whatever revision of it is served."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from kb.article.editing import keep_editions_in_step, load_for_change, move, record, set_due, touch
from kb.article.model import Article
from kb.article.translation import translation_of
from kb.article.verification import MOST_DAYS
from kb.article.words import clean_group, joined_issue
from kb.clock import utc_now
from kb.errors import InvalidInput
from kb.lifecycle import STATE_VERBS, ArticleVerb
from kb.outbox import enqueue
from kb.rights import require, require_placing, require_serving
from kb.team import checked_team
from kb.text import clean_products, clean_segments, clean_tags
from kb.user import checked_person
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Audience, Governance, JobName, Role, Scope

_CHANGEABLE = (
    "audience",
    "governance",
    "tags",
    "products",
    "segments",
    "owner_id",
    "owner_team_id",
    "verify_every_days",
    "translation_group",
    "translates_id",
    "translates_number",
    "issue",
    "state",
)
_OWNERS = {"owner_id", "owner_team_id"}


class Unchanged(Enum):
    """Stands for "as it is" where None means "nobody" or "never"."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def change_article(
    session: Session,
    *,
    caller: Caller,
    article_id: str,
    expected_version: int | None,
    audience: Audience | None = None,
    tags: Sequence[str] | None = None,
    products: Sequence[str] | None = None,
    segments: Sequence[str] | None = None,
    owner_id: str | Unchanged | None = UNCHANGED,
    owner_team_id: str | Unchanged | None = UNCHANGED,
    verify_every_days: int | Unchanged | None = UNCHANGED,
    add_issue: Sequence[str] = (),
    state: ArticleState | None = None,
    governance: Governance | None = None,
    translation_group: str | None = None,
    translates_id: str | Unchanged | None = UNCHANGED,
    translates_number: int | None = None,
) -> Article:
    """Change what belongs to the article as a whole; searchers see new audience, state and facets at once.

    What is not given stays. Issue lines are only ever added. A new owner has not verified it yet.

    Args:
        verify_every_days: 1 to 3650; None: nobody has to.
        state: work_in_progress, not_validated or validated (which verifies it, too); archiving is
            `archive_article`.
        governance: whether only its owners may change it; a manager's to say.
        translates_id: the article that this one translates; puts both into one translation group.
        translates_number: the revision of that article which the newest one here follows; the released one
            unless given.
    Raises:
        NotFound, NotSignedIn, Forbidden, AudienceTooNarrow, StaleEdit, VersionMissing, ImpossibleMove.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    article = load_for_change(session, caller, article_id, expected_version)
    move(ArticleVerb.CHANGE, article, caller)
    require_placing(caller, audience or article.audience, segments=segments or (), products=products or ())
    given: dict[str, Any] = {
        "state": _checked_state(article, caller, state),
        "audience": _checked_audience(article, caller, audience),
        "governance": _checked_governance(article, caller, governance),
        "tags": None if tags is None else clean_tags(tags),
        "products": None if products is None else clean_products(products),
        "segments": None if segments is None else clean_segments(segments),
        "translation_group": clean_group(translation_group),
        "issue": joined_issue(article.issue, add_issue),
    }
    given = {field: value for field, value in given.items() if value is not None}
    if owner_id is not UNCHANGED:
        stays = owner_id == article.owner_id
        given["owner_id"] = checked_person(session, owner_id, field="owner_id", active=not stays)
    if owner_team_id is not UNCHANGED:
        given["owner_team_id"] = checked_team(session, owner_team_id)
    if verify_every_days is not UNCHANGED:
        given["verify_every_days"] = checked_days(verify_every_days)
    if translates_id is not UNCHANGED or translates_number is not None:
        wanted = article.translates_id if translates_id is UNCHANGED else translates_id
        given |= translation_of(session, caller, article, wanted, translates_number)
    # Only now is anything changed: whatever is refused above leaves the article as it was.
    for field, value in given.items():
        setattr(article, field, value)
    changed = _changed_fields(article)
    if not changed:
        return article
    _see_to_verification(article, set(changed))
    touch(session, article)
    keep_editions_in_step(session, article)
    if article.released_revision_id is not None:
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=article_id)
    data = {"changed": changed, "audience": article.audience, "state": article.state}
    record(session, caller, "change_article", article, data)
    return article


def checked_days(days: int | None) -> int | None:
    """`days` itself.

    Raises:
        InvalidInput: outside 1..3650.
    """
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidInput(field="verify_every_days", reason=f"it must be 1 to {MOST_DAYS}")
    return days


def _see_to_verification(article: Article, changed: set[str]) -> None:
    now = utc_now()
    if changed & _OWNERS:
        article.verified_at = None
    if "state" in changed and article.state is ArticleState.VALIDATED:
        article.verified_at = now
    if changed & (_OWNERS | {"state", "verify_every_days"}):
        set_due(article, since=now)


def _checked_state(article: Article, caller: Caller, state: ArticleState | None) -> ArticleState | None:
    if state is None or state is article.state:
        return None
    if state is ArticleState.ARCHIVED:
        raise InvalidInput(field="state", reason="archive the article instead")
    return move(STATE_VERBS[state], article, caller)


def _checked_audience(article: Article, caller: Caller, audience: Audience | None) -> Audience | None:
    if audience is None or audience is article.audience:
        return None
    if article.released_revision_id is not None:
        require_serving(caller, audience)
    return audience


def _checked_governance(article: Article, caller: Caller, governance: Governance | None) -> Governance | None:
    if governance not in (None, article.governance):
        require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    return governance


def _changed_fields(article: Article) -> list[str]:
    attributes = inspect(article).attrs
    return [name for name in _CHANGEABLE if attributes[name].history.has_changes()]
