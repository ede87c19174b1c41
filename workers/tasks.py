"""What each kind of job does: load, compute with no transaction open, and hand back how to store it.

Every task may run twice, or beside another for the same origin: it stores nothing when the origin has
moved on meanwhile (a later job sees to that), and embeds nothing that the record already has a vector for.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article import Article, ArticleRevision, move_when_due
from kb.clock import utc_now
from kb.conversation import Conversation, Turn
from kb.edition import retire_editions, retire_staged
from kb.learnt_query import served_queries
from kb.note import Note, note_answers, note_text
from kb.origin import lock_origin
from kb.outbox import Job
from kb.purge import purge
from kb.vocabulary import ArticleState, JobName, NoteState, OriginKind
from workers.conflicts import find_conflicts
from workers.hyperlinks import check_hyperlinks
from workers.ingestion import ingest_source
from workers.lease import Lease
from workers.passages import conversation_title, note_title, of_article, of_conversation, of_note, of_queries
from workers.proposal import propose_article
from workers.reminding import remind
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome, Task
from workers.staging import Material, PassageText, Standing, compute, fingerprint_of, stage, standing_of
from workers.transfers import apply_uploaded, export_knowledge, plan_uploaded


def index_article(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Index the released revision, or take the article away from searchers."""
    with resources.database.reading() as session:
        article = session.get(Article, job.subject_id)
        revision = _released(session, article)
        if article is None or revision is None:
            return _retirement(OriginKind.ARTICLE, job.subject_id)
        material = _article_material(session, article, revision)

    def is_current(session: Session) -> bool:
        now = session.get(Article, article.id)
        released = _released(session, now)
        return (
            now is not None and released is not None and _article_material(session, now, released) == material
        )

    return _index(resources, lease, material, lambda: of_article(article, revision), is_current)


def index_note(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Index an accepted note, or take it away from searchers."""
    with resources.database.reading() as session:
        note = session.get(Note, job.subject_id)
        if note is None or note.state is not NoteState.ACCEPTED:
            return _retirement(OriginKind.NOTE, job.subject_id)
        material, text = _note_material(session, note)

    def is_current(session: Session) -> bool:
        now = session.get(Note, note.id)
        return now is not None and _note_material(session, now)[0] == material

    return _index(resources, lease, material, lambda: of_note(text, note.language), is_current)


def index_conversation(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Index a transcript."""
    with resources.database.reading() as session:
        conversation = session.get(Conversation, job.subject_id)
        turns = _turns(session, job.subject_id)
        if conversation is None:
            return _retirement(OriginKind.CONVERSATION, job.subject_id)
        material = _conversation_material(session, conversation, turns)

    def is_current(session: Session) -> bool:
        now = session.get(Conversation, conversation.id)
        return now is not None and _conversation_material(session, now, _turns(session, now.id)) == material

    return _index(resources, lease, material, lambda: of_conversation(turns), is_current)


def move_article(resources: Resources, job: Job, _lease: Lease) -> Outcome:
    """Release or archive what is due; running twice does it once, for the times are gone by then."""
    with resources.database.transaction() as session:
        move_when_due(session, article_id=job.subject_id, now=utc_now())
    return NOTHING_TO_DO


def forget_expired(_resources: Resources, _job: Job, _lease: Lease) -> Outcome:
    """Forget what nobody can use any more."""
    return Outcome(lambda session: purge(session, now=utc_now()))


#: every kind of job but `reindex`, which is the index's owner's (`workers.rebuild`)
TASKS: Mapping[JobName, Task] = {
    JobName.INGEST_SOURCE: ingest_source,
    JobName.INDEX_ARTICLE: index_article,
    JobName.INDEX_NOTE: index_note,
    JobName.INDEX_CONVERSATION: index_conversation,
    JobName.FIND_CONFLICTS: find_conflicts,
    JobName.MOVE_ARTICLE: move_article,
    JobName.PROPOSE_ARTICLE: propose_article,
    JobName.CHECK_HYPERLINKS: check_hyperlinks,
    JobName.REMIND: remind,
    JobName.PURGE: forget_expired,
    JobName.EXPORT_KNOWLEDGE: export_knowledge,
    JobName.PLAN_IMPORT: plan_uploaded,
    JobName.APPLY_IMPORT: apply_uploaded,
}


def _index(
    resources: Resources,
    lease: Lease,
    material: Material,
    passages: Callable[[], Sequence[PassageText]],
    is_current: Callable[[Session], bool],
) -> Outcome:
    """Compute what the record lacks and stage it, if the origin still is as it was read."""
    fingerprint = fingerprint_of(resources, material)
    with resources.database.reading() as session:
        standing = standing_of(session, material, fingerprint)
    if standing is Standing.STAGED:
        return NOTHING_TO_DO
    drafts = []
    if standing is Standing.NEW:
        drafts = compute(resources, [*passages(), *of_queries(material.queries)], lease)

    def store(session: Session) -> None:
        lock_origin(session, origin_kind=material.kind, origin_id=material.id)
        if not is_current(session):
            return
        if standing is Standing.LIVE:
            retire_staged(session, origin_kind=material.kind, origin_id=material.id)
        else:
            stage(session, resources, material, fingerprint, drafts)

    return Outcome(store)


def _retirement(kind: OriginKind, origin_id: str) -> Outcome:
    """Take away from searchers what is not to be found (any more)."""

    def store(session: Session) -> None:
        origin = lock_origin(session, origin_kind=kind, origin_id=origin_id)
        if origin is None or not origin.is_served:
            retire_editions(session, origin_kind=kind, origin_id=origin_id)

    return Outcome(store)


def _released(session: Session, article: Article | None) -> ArticleRevision | None:
    if article is None or article.state is ArticleState.ARCHIVED or article.released_revision_id is None:
        return None
    return session.get(ArticleRevision, article.released_revision_id)


def _turns(session: Session, conversation_id: str) -> list[Turn]:
    statement = select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.number)
    return list(session.scalars(statement))


def _article_material(session: Session, article: Article, revision: ArticleRevision) -> Material:
    state = (revision.content_hash, *article.issue)
    queries = _queries(session, OriginKind.ARTICLE, article.id)
    return Material(OriginKind.ARTICLE, article.id, revision.title, article.language, state, queries)


def _note_material(session: Session, note: Note) -> tuple[Material, str]:
    """What its passages depend on, and the text they are cut from."""
    text = note_text(note, note_answers(session, note_id=note.id))
    queries = _queries(session, OriginKind.NOTE, note.id)
    return Material(OriginKind.NOTE, note.id, note_title(note.text), note.language, (text,), queries), text


def _conversation_material(session: Session, conversation: Conversation, turns: Sequence[Turn]) -> Material:
    title = conversation_title(conversation.outcome, turns)
    state = tuple((turn.speaker.value, turn.text) for turn in turns)
    queries = _queries(session, OriginKind.CONVERSATION, conversation.id)
    return Material(OriginKind.CONVERSATION, conversation.id, title, conversation.language, state, queries)


def _queries(session: Session, kind: OriginKind, origin_id: str) -> tuple[str, ...]:
    return tuple(served_queries(session, origin_kind=kind, origin_id=origin_id))
