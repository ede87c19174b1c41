"""Reading articles: what a caller may see of them, lists, history."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from kb.article.model import Article, ArticleRevision
from kb.article.narrowing import Narrowing, conditions
from kb.article.translation import TranslationStanding, group_of, translation_standings
from kb.clock import utc_now
from kb.errors import Forbidden, NotFound
from kb.paging import Page, checked_limit, cut, older_than
from kb.sight import holds_any, visible
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState, Language


class _Sight(Enum):
    #: working revisions, drafts and archived articles, too
    EVERYTHING = "everything"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with the revision of it that a caller sees."""

    article: Article
    revision: ArticleRevision
    #: where it translates something that is served, and that the caller may see
    translation: TranslationStanding | None = None

    @property
    def is_released(self) -> bool:
        """Whether this revision is the one that is served."""
        return self.revision.id == self.article.released_revision_id


def get_article(
    session: Session,
    *,
    caller_visibility: Visibility,
    caller: Caller,
    article_id: str,
    revision_number: int | None = None,
) -> ArticleView:
    """An article with its newest revision that the caller may see, or the one asked for.

    People, the operator and keys that may write see working revisions, older revisions and archived
    articles; all others the released revision only.

    Raises:
        NotFound: absent, or not visible to this caller.
    """
    article = session.get(Article, article_id)
    if article is None or not caller_visibility.allows(article):
        raise NotFound(what="article", id=article_id)
    sight = _sight_of(caller)
    revision_id = article.released_revision_id
    if sight is _Sight.EVERYTHING:
        revision_id = article.working_revision_id or revision_id
    elif article.state is ArticleState.ARCHIVED or revision_id is None:
        # Not even that it lacks this revision: readers do not learn of drafts.
        raise NotFound(what="article", id=article_id)
    statement = select(ArticleRevision).where(ArticleRevision.article_id == article_id)
    if revision_number is not None:
        statement = statement.where(ArticleRevision.number == revision_number)
    if revision_number is None or sight is _Sight.RELEASED:
        statement = statement.where(ArticleRevision.id == revision_id)
    revision = session.scalar(statement)
    if revision is None:
        what = "article" if revision_number is None else f"revision {revision_number} of article"
        raise NotFound(what=what, id=article_id)
    (view,) = views_of(session, [(article, revision)], caller_visibility=caller_visibility)
    return view


def list_articles(
    session: Session,
    *,
    caller_visibility: Visibility,
    caller: Caller,
    state: ArticleState | None = None,
    language: Language | None = None,
    tag: str | None = None,
    product: str | None = None,
    text: str | None = None,
    narrowing: Narrowing | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ArticleView]:
    """Visible articles, those changed last first, each with the revision the caller sees.

    Args:
        text: part of the title, in any letter case.
        narrowing: what only those who see drafts may ask.
    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
        Forbidden: `narrowing` asks for what the caller is not shown.
    """
    sight = _sight_of(caller)
    narrowing = narrowing or Narrowing()
    if narrowing and sight is not _Sight.EVERYTHING:
        raise Forbidden(needs="to work on articles: sign in, or scope write")
    statement = _visible(session, sight, caller_visibility)
    if state is not None:
        statement = statement.where(Article.state == state)
    if language is not None:
        statement = statement.where(Article.language == language)
    if tag is not None:
        statement = statement.where(holds_any(session, Article.tags, [tag]))
    if product is not None:
        statement = statement.where(holds_any(session, Article.products, [product]))
    statement = statement.where(*conditions(session, narrowing, now=utc_now()))
    if text is not None:
        statement = statement.where(ArticleRevision.title.icontains(text, autoescape=True))
    if cursor is not None:
        statement = statement.where(older_than(cursor, Article.updated_at, Article.id))
    statement = statement.order_by(Article.updated_at.desc(), Article.id.desc()).limit(
        checked_limit(limit) + 1
    )
    rows = views_of(session, session.execute(statement), caller_visibility=caller_visibility)
    return cut(rows, limit, lambda view: (view.article.updated_at, view.article.id))


def article_history(
    session: Session, *, caller_visibility: Visibility, caller: Caller, article_id: str
) -> list[ArticleRevision]:
    """The revisions that the caller may see, newest first.

    Raises:
        NotFound: absent, or not visible to this caller.
    """
    view = get_article(session, caller_visibility=caller_visibility, caller=caller, article_id=article_id)
    if _sight_of(caller) is _Sight.RELEASED:
        return [view.revision]
    statement = select(ArticleRevision).where(ArticleRevision.article_id == article_id)
    return list(session.scalars(statement.order_by(ArticleRevision.number.desc())))


def article_translations(
    session: Session, *, caller_visibility: Visibility, article: Article
) -> list[ArticleView]:
    """Served articles of the same translation group that the caller may see, by language; at most ten."""
    group = group_of(article)
    statement = (
        _visible(session, _Sight.RELEASED, caller_visibility)
        .where(or_(Article.translation_group == group, Article.id == group), Article.id != article.id)
        .order_by(Article.language, Article.id)
        .limit(10)
    )
    return views_of(session, session.execute(statement), caller_visibility=caller_visibility)


def views_of(
    session: Session, rows: Iterable[tuple[Article, ArticleRevision]], *, caller_visibility: Visibility
) -> list[ArticleView]:
    """The rows, in their order, with how far each translation follows its original."""
    rows = list(rows)
    articles = [article for article, _ in rows]
    standings = translation_standings(session, articles, caller_visibility=caller_visibility)
    return [ArticleView(article, revision, standings.get(article.id)) for article, revision in rows]


def _sight_of(caller: Caller) -> _Sight:
    return _Sight.EVERYTHING if caller.sees_drafts else _Sight.RELEASED


def _visible(session: Session, sight: _Sight, visibility: Visibility) -> Select[Article, ArticleRevision]:
    statement = select(Article, ArticleRevision).where(visible(session, Article, visibility))
    if sight is _Sight.EVERYTHING:
        newest = func.coalesce(Article.working_revision_id, Article.released_revision_id)
        return statement.join(ArticleRevision, ArticleRevision.id == newest)
    return statement.join(ArticleRevision, ArticleRevision.id == Article.released_revision_id).where(
        Article.state != ArticleState.ARCHIVED
    )
