"""The passages of a working revision, computed before it is served, so that its release can be checked."""

from sqlalchemy.orm import Session

from kb.article import Article, ArticleRevision
from kb.article.release_check import ReleaseCheck, waiting_check
from kb.edition import propose_edition
from kb.learnt_query import served_queries
from kb.origin import lock_origin
from kb.outbox import Job
from kb.vocabulary import OriginKind
from workers.lease import Lease
from workers.passages import of_article, of_queries
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome
from workers.staging import compute


def propose_article(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Propose the edition that a release would stage; the service replays queries over it."""
    article_id = job.subject_id
    with resources.database.reading() as session:
        article = session.get(Article, article_id)
        check = waiting_check(session, article_id=article_id)
        revision = _proposed(session, check)
        queries = served_queries(session, origin_kind=OriginKind.ARTICLE, origin_id=article_id)
    if article is None or check is None or revision is None:
        return NOTHING_TO_DO
    drafts = compute(resources, [*of_article(article, revision), *of_queries(queries)], lease)

    def store(session: Session) -> None:
        lock_origin(session, origin_kind=OriginKind.ARTICLE, origin_id=article_id)
        current = waiting_check(session, article_id=article_id)
        if current is None or current.id != check.id:
            return
        propose_edition(
            session,
            article_id=article_id,
            language=article.language,
            title=revision.title,
            embedder_id=resources.embedder.model_id,
            analyzer_id=resources.counter.version,
            passages=drafts,
        )

    return Outcome(store)


def _proposed(session: Session, check: ReleaseCheck | None) -> ArticleRevision | None:
    return None if check is None else session.get(ArticleRevision, check.revision_id)
