"""Receiving, reading and deleting sources."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import insert_new, serialise
from kb.edition import keep_in_step, retire_editions, retire_staged
from kb.errors import AlreadyExists, NotFound
from kb.learnt_query import forget_queries
from kb.outbox import enqueue
from kb.paging import Page, checked_limit, cut, older_than
from kb.rights import require, require_placing, require_serving, require_sight
from kb.sight import visible
from kb.source.model import Source, SourceBlob, locked_source, set_status
from kb.text import TITLE_LIMIT_CHARS, clean_line, clean_products, clean_segments, clean_tags, clean_text
from kb.visibility import Caller, Visibility, visibility_of
from kb.vocabulary import Audience, JobName, Language, OriginKind, Role, Scope, SourceStatus

#: PostgreSQL indexes at most 2704 bytes of a value, and a letter takes up to four
LOCATOR_LIMIT_CHARS = 600


@dataclass(frozen=True, slots=True)
class StoredSource:
    """What `store_source` did: `unchanged` also when the same bytes are there under another locator."""

    source: Source
    outcome: Literal["created", "changed", "unchanged"]


def store_source(
    session: Session,
    *,
    caller: Caller,
    locator: str,
    filename: str,
    data: bytes,
    media_type: str = "application/octet-stream",
    audience: Audience,
    language: Language | None = None,
    tags: Sequence[str] = (),
    products: Sequence[str] = (),
    segments: Sequence[str] = (),
    title: str | None = None,
) -> StoredSource:
    """Keep a document as received and promise to ingest it, unless it is there already.

    Args:
        locator: where it came from; the same locator with other bytes or metadata changes that source.
        media_type: as declared by whoever sent it.
        language, tags, products, segments, title: what is not given stays as it was, or is found out by
            the converter.
    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow, InvalidInput.
        AlreadyExists: the locator is of a source that the caller may not see.
    """
    require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    require_serving(caller, audience)
    require_placing(caller, audience, segments=segments, products=products)
    received = _Received(
        locator=clean_text("locator", locator, LOCATOR_LIMIT_CHARS),
        filename=clean_line("filename", filename),
        title=None if title is None else clean_line("title", title, TITLE_LIMIT_CHARS),
        media_type=clean_line("media_type", media_type, 255),
        language=language,
        audience=audience,
        tags=clean_tags(tags),
        products=clean_products(products),
        segments=clean_segments(segments),
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
    )
    # One at a time: otherwise the same bytes sent twice at once would become two sources.
    serialise(session, "store sources")
    source = session.scalar(locked_source(Source.locator == received.locator))
    if source is None:
        twins = select(Source).where(Source.sha256 == received.sha256, Source.audience == audience)
        for twin in session.scalars(twins):
            if twin.segments == received.segments and visibility_of(caller, portal_public=False).allows(twin):
                return StoredSource(twin, "unchanged")
    elif not visibility_of(caller, portal_public=False).allows(source):
        raise AlreadyExists(what="source", name=received.filename)
    elif received.is_in(source):
        return StoredSource(source, "unchanged")
    insert_new(session, SourceBlob, [{"sha256": received.sha256, "data": data}])
    if source is None:
        source = _create(session, caller, received)
        outcome: Literal["created", "changed"] = "created"
    else:
        _change(session, source, received)
        outcome = "changed"
    enqueue(session, name=JobName.INGEST_SOURCE, subject_id=source.id)
    record_audit(
        session,
        caller=caller,
        verb="store_source",
        object_kind="source",
        object_id=source.id,
        data={"outcome": outcome, "sha256": source.sha256, "audience": source.audience},
    )
    return StoredSource(source, outcome)


def delete_source(session: Session, *, caller: Caller, source_id: str) -> None:
    """Remove a source, its bytes where nothing else has them, and what searchers see of it, at once.

    Raises:
        NotFound, NotSignedIn, Forbidden.
    """
    require(caller, role=Role.CONTRIBUTOR, scope=Scope.WRITE)
    serialise(session, "store sources")
    source = session.scalar(locked_source(Source.id == source_id))
    if source is None:
        raise NotFound(what="source", id=source_id)
    require_sight(caller, source, what="source", id=source_id)
    require_serving(caller, source.audience)
    retire_editions(session, origin_kind=OriginKind.SOURCE, origin_id=source_id)
    forget_queries(session, origin_kind=OriginKind.SOURCE, origin_id=source_id)
    session.delete(source)
    session.flush()
    _drop_unused_blob(session, source.sha256)
    record_audit(
        session,
        caller=caller,
        verb="delete_source",
        object_kind="source",
        object_id=source_id,
        data={"locator": source.locator, "sha256": source.sha256},
    )


def get_source(session: Session, *, source_id: str, caller_visibility: Visibility) -> Source:
    """One source.

    Raises:
        NotFound: absent or not visible.
    """
    source = session.get(Source, source_id)
    if source is None or not caller_visibility.allows(source):
        raise NotFound(what="source", id=source_id)
    return source


def list_sources(
    session: Session,
    *,
    caller_visibility: Visibility,
    status: SourceStatus | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Source]:
    """Visible sources, newest first.

    Raises:
        InvalidInput: broken cursor, or a limit outside 1..200.
    """
    statement = select(Source).where(visible(session, Source, caller_visibility))
    if status is not None:
        statement = statement.where(Source.status == status)
    if cursor is not None:
        statement = statement.where(older_than(cursor, Source.created_at, Source.id))
    statement = statement.order_by(Source.created_at.desc(), Source.id.desc()).limit(checked_limit(limit) + 1)
    return cut(session.scalars(statement).all(), limit, lambda source: (source.created_at, source.id))


def source_bytes(session: Session, *, sha256: str) -> bytes:
    """The bytes as received.

    Raises:
        NotFound: no source has them (any more).
    """
    data = session.scalar(select(SourceBlob.data).where(SourceBlob.sha256 == sha256))
    if data is None:
        raise NotFound(what="blob", id=sha256)
    return data


@dataclass(frozen=True, slots=True)
class _Received:
    locator: str
    filename: str
    title: str | None
    media_type: str
    language: Language | None
    audience: Audience
    tags: list[str]
    products: list[str]
    segments: list[str]
    sha256: str
    size_bytes: int

    def is_in(self, source: Source) -> bool:
        """Whether `source` holds all of this already."""
        return (
            self.sha256 == source.sha256
            and self.audience is source.audience
            and self.language in (None, source.language)
            and self.title in (None, source.title)
            and self.tags in ([], source.tags)
            and self.products in ([], source.products)
            and self.segments in ([], source.segments)
        )


def _create(session: Session, caller: Caller, received: _Received) -> Source:
    now = utc_now()
    source = Source(
        id=new_id(),
        locator=received.locator,
        filename=received.filename,
        title=received.title or received.filename,
        title_given=received.title is not None,
        media_type=received.media_type,
        language=received.language,
        audience=received.audience,
        tags=received.tags,
        products=received.products,
        segments=received.segments,
        sha256=received.sha256,
        size_bytes=received.size_bytes,
        status=SourceStatus.RECEIVED,
        error_code=None,
        error_data=None,
        warnings=[],
        received_at=now,
        uploaded_by=caller.person_id,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(source)
    session.flush()
    return source


def _change(session: Session, source: Source, received: _Received) -> None:
    old_sha256 = source.sha256
    source.filename, source.media_type = received.filename, received.media_type
    source.title = received.title or source.title
    source.title_given = received.title is not None or source.title_given
    source.language = received.language or source.language
    source.audience, source.tags = received.audience, received.tags or source.tags
    source.products = received.products or source.products
    source.segments = received.segments or source.segments
    if source.sha256 != received.sha256:
        source.received_at = utc_now()
    source.sha256, source.size_bytes = received.sha256, received.size_bytes
    source.warnings = []
    set_status(source, SourceStatus.RECEIVED)
    session.flush()
    retire_staged(session, origin_kind=OriginKind.SOURCE, origin_id=source.id)
    keep_in_step(
        session,
        origin_kind=OriginKind.SOURCE,
        origin_id=source.id,
        audience=source.audience,
        tags=source.tags,
        products=source.products,
        segments=source.segments,
    )
    if old_sha256 != source.sha256:
        _drop_unused_blob(session, old_sha256)


def _drop_unused_blob(session: Session, sha256: str) -> None:
    in_use = exists().where(Source.sha256 == SourceBlob.sha256)
    session.execute(
        delete(SourceBlob)
        .where(SourceBlob.sha256 == sha256, ~in_use)
        .execution_options(synchronize_session=False)
    )
