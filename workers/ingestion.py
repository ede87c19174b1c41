"""The task that turns a received document into a staged edition."""

from typing import Any

from sqlalchemy.orm import Session

from ingest.document import Extracted
from ingest.limits import MIB, Limits
from ingest.sandbox import convert_in_child
from kb.conversion import EmptyDocument
from kb.edition import retire_staged
from kb.errors import InvalidInput
from kb.learnt_query import served_queries
from kb.outbox import Job
from kb.settings import Settings
from kb.source import Source, mark_source_failed, mark_source_indexed, mark_source_staged, source_bytes
from kb.vocabulary import Language, OriginKind
from workers.lease import Lease
from workers.passages import of_queries, of_source
from workers.resources import Resources
from workers.run import NOTHING_TO_DO, Outcome
from workers.staging import Material, Standing, compute, fingerprint_of, stage, standing_of


def ingest_source(resources: Resources, job: Job, lease: Lease) -> Outcome:
    """Convert, cut, embed and stage a source; what cannot be converted fails with its reason."""
    with resources.database.reading() as session:
        source = session.get(Source, job.subject_id)
        if source is None:
            return NOTHING_TO_DO
        queries = tuple(served_queries(session, origin_kind=OriginKind.SOURCE, origin_id=source.id))
        known = _known_standing(session, resources, source, queries)
        data = b"" if known is not Standing.NEW else source_bytes(session, sha256=source.sha256)
    if known is not Standing.NEW:
        return _keep(source, known)
    try:
        extracted = convert_in_child(
            data,
            filename=source.filename,
            declared_type=source.media_type,
            limits=limits_of(resources.settings),
        )
    except InvalidInput as error:
        return _failure(source, error)
    lease.check()
    return _ingest(resources, source, extracted, queries, lease)


def limits_of(settings: Settings) -> Limits:
    """The converter's bounds as the settings have them."""
    return Limits(
        input_bytes=settings.upload_limit_bytes,
        memory_bytes=settings.convert_memory_mib * MIB,
        cpu_seconds=settings.convert_cpu_seconds,
        wall_seconds=settings.convert_wall_seconds,
        output_chars=settings.convert_output_chars,
    )


def _ingest(
    resources: Resources, source: Source, extracted: Extracted, queries: tuple[str, ...], lease: Lease
) -> Outcome:
    own_title = source.title if source.title_given else extracted.title
    language = source.language or extracted.language
    material = _material(source, language, queries)
    fingerprint = fingerprint_of(resources, material)
    own = of_source(extracted, title=own_title)
    if not own:  # signs without a word
        return _failure(source, EmptyDocument(filename=source.filename))
    drafts = compute(resources, [*own, *of_queries(queries)], lease)
    warnings: list[dict[str, Any]] = [{**notice.data, "code": notice.code} for notice in extracted.notices]

    def store(session: Session) -> None:
        is_current = mark_source_staged(
            session,
            source_id=source.id,
            sha256=source.sha256,
            title=extracted.title or None,
            media_type=extracted.media_type.value,
            language=language,
            warnings=warnings,
        )
        if is_current:
            stage(session, resources, material, fingerprint, drafts, title=own_title or source.filename)

    return Outcome(store)


def _known_standing(
    session: Session, resources: Resources, source: Source, queries: tuple[str, ...]
) -> Standing:
    """Where these bytes stand already; they must be converted once before their language is known."""
    if source.language is None:
        return Standing.NEW
    material = _material(source, source.language, queries)
    return standing_of(session, material, fingerprint_of(resources, material))


def _keep(source: Source, standing: Standing) -> Outcome:
    """These bytes were ingested before: searchers see them, or the index is about to take them."""

    def store(session: Session) -> None:
        if standing is Standing.LIVE and mark_source_indexed(
            session, source_id=source.id, sha256=source.sha256
        ):
            retire_staged(session, origin_kind=OriginKind.SOURCE, origin_id=source.id)

    return Outcome(store)


def _failure(source: Source, error: InvalidInput) -> Outcome:
    def store(session: Session) -> None:
        mark_source_failed(session, source_id=source.id, sha256=source.sha256, error=error)

    return Outcome(store, error)


def _material(source: Source, language: Language, queries: tuple[str, ...]) -> Material:
    """The title is the document's own unless somebody gave another, so the bytes stand for it."""
    given = source.title if source.title_given else ""
    state = (source.sha256, source.filename)
    return Material(OriginKind.SOURCE, source.id, given, language, state, queries)
