"""What things are called, whatever kind they are: for lists that name them."""

from collections.abc import Collection

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from kb.article.model import Article, ArticleRevision
from kb.database import batches
from kb.passage import Edition
from kb.vocabulary import EditionState, OriginKind

Origin = tuple[OriginKind, str]


def find_titles(session: Session, origins: Collection[Origin]) -> dict[Origin, str]:
    """The title of each as readers see it, else an article's newest; what has none is left out."""
    titles: dict[Origin, str] = {}
    for some in batches(sorted(set(origins)), 200):
        shown = select(Edition.origin_kind, Edition.origin_id, Edition.title).where(
            Edition.state == EditionState.LIVE, tuple_(Edition.origin_kind, Edition.origin_id).in_(some)
        )
        titles |= {(kind, origin_id): title for kind, origin_id, title in session.execute(shown)}
        others = [id for kind, id in some if kind is OriginKind.ARTICLE and (kind, id) not in titles]
        newest = (
            select(Article.id, ArticleRevision.title)
            .join(
                ArticleRevision,
                ArticleRevision.id
                == func.coalesce(Article.working_revision_id, Article.released_revision_id),
            )
            .where(Article.id.in_(others))
        )
        titles |= {(OriginKind.ARTICLE, id): title for id, title in session.execute(newest)}
    return titles
