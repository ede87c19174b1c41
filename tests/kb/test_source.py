import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from kb.database import Database
from kb.edition import live_edition
from kb.errors import (
    AlreadyExists,
    AudienceTooNarrow,
    EmptyText,
    Forbidden,
    NotFound,
    NotSignedIn,
    TextTooLong,
    Unavailable,
)
from kb.outbox import Job, claim_jobs, finish_job
from kb.source import (
    Source,
    SourceBlob,
    StoredSource,
    delete_source,
    get_source,
    list_sources,
    mark_source_failed,
    mark_source_indexed,
    mark_source_staged,
    source_bytes,
    store_source,
)
from kb.visibility import ANONYMOUS, OPERATOR, Caller, Visibility
from kb.vocabulary import Audience, JobName, JobState, Language, OriginKind, Role, Scope, SourceStatus
from tests.factories import make_key, make_source, publish

ALL = Visibility(frozenset(Audience))


def store(database: Database, data: bytes = b"1", locator: str = "upload:a", **given: Any) -> StoredSource:
    values: dict[str, Any] = {"caller": OPERATOR, "audience": Audience.INTERNAL, "filename": "راهنما.pdf"}
    with database.transaction() as session:
        return store_source(session, locator=locator, data=data, **(values | given))


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_new_document_is_kept_as_received_and_promised_to_a_worker(any_database: Database) -> None:
    stored = store(any_database, b"\x00\xff", tags=["مرجوعی"], language=Language.PERSIAN)
    assert stored.outcome == "created"
    with any_database.reading() as session:
        source = get_source(session, source_id=stored.source.id, caller_visibility=ALL)
        assert (source.status, source.title, source.size_bytes) == (SourceStatus.RECEIVED, "راهنما.pdf", 2)
        assert source_bytes(session, sha256=source.sha256) == b"\x00\xff"
        job = session.scalars(select(Job)).one()
        assert (job.name, job.subject_id, job.state) == (
            JobName.INGEST_SOURCE,
            source.id,
            JobState.PENDING,
        )


def test_the_same_bytes_are_not_stored_again_wherever_they_come_from(any_database: Database) -> None:
    first = store(any_database)
    same_place = store(any_database)
    other_place = store(any_database, locator="upload:b")
    assert (same_place.outcome, other_place.outcome) == ("unchanged", "unchanged")
    assert same_place.source.id == other_place.source.id == first.source.id
    for_others = store(any_database, locator="upload:b", audience=Audience.PARTNER)
    assert for_others.outcome == "created"
    assert (count(any_database, Source), count(any_database, SourceBlob)) == (2, 1)


def test_other_bytes_at_the_same_place_change_the_source(any_database: Database) -> None:
    first = store(any_database, b"1")
    with any_database.transaction() as session:
        (job,) = claim_jobs(session, worker="w", limit=9, lease_seconds=60)
        finish_job(session, job_id=job.id, worker="w")
    changed = store(any_database, b"2")
    assert (changed.outcome, changed.source.id) == ("changed", first.source.id)
    assert changed.source.status is SourceStatus.RECEIVED
    with any_database.reading() as session:
        assert session.scalars(select(SourceBlob.data)).all() == [b"2"], "bytes of nobody are dropped"
        assert len(session.scalars(select(Job).where(Job.state == JobState.PENDING)).all()) == 1


def test_a_narrower_audience_at_the_same_place_counts_at_once(any_database: Database) -> None:
    stored = store(any_database, audience=Audience.PUBLIC)
    with any_database.transaction() as session:
        publish(session, OriginKind.SOURCE, stored.source.id)
    again = store(any_database, audience=Audience.INTERNAL)
    assert again.outcome == "changed"
    with any_database.reading() as session:
        live = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=stored.source.id)
        assert live is not None
        assert live.audience is Audience.INTERNAL


def test_uploads_of_the_same_document_at_once_become_one_source(any_database: Database) -> None:
    outcomes: list[str] = []
    failures: list[BaseException] = []

    def upload(number: int) -> None:
        try:
            outcomes.append(store(any_database, b"same", locator=f"upload:{number % 2}").outcome)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(outcomes) == ["created"] + ["unchanged"] * 5
    assert (count(any_database, Source), count(any_database, Job)) == (1, 1)


def test_a_given_title_stays_and_a_found_one_replaces_the_file_name(database: Database) -> None:
    given = store(database, b"1", "a", title="عنوانِ داده‌شده").source
    found = store(database, b"2", "b").source
    with database.transaction() as session:
        for source in (given, found):
            assert mark_source_staged(
                session,
                source_id=source.id,
                sha256=source.sha256,
                title="  عنوانِ\nیافته‌شده \0",
                media_type="application/pdf",
                language=Language.PERSIAN,
                warnings=[{"code": "no_text_on_page", "page": 3}],
            )
        titles = [session.get_one(Source, source.id).title for source in (given, found)]
        assert titles == ["عنوانِ داده‌شده", "عنوانِ یافته‌شده"]
        assert session.get_one(Source, found.id).warnings == [{"code": "no_text_on_page", "page": 3}]


def test_a_failure_is_kept_with_its_reason_and_only_for_these_bytes(any_database: Database) -> None:
    source = store(any_database).source
    error = Unavailable(what="converter", reason="no text on page 3")
    with any_database.transaction() as session:
        assert not mark_source_failed(session, source_id=source.id, sha256="other", error=error)
        assert not mark_source_indexed(session, source_id=source.id, sha256="other")
        assert mark_source_failed(session, source_id=source.id, sha256=source.sha256, error=error)
        failed = session.get_one(Source, source.id)
        assert (failed.status, failed.error_code) == (SourceStatus.FAILED, "unavailable")
        assert failed.error_data == {"what": "converter", "reason": "no text on page 3"}
        assert mark_source_indexed(session, source_id=source.id, sha256=source.sha256)
        assert (failed.status, failed.error_code, failed.error_data) == (SourceStatus.INDEXED, None, None)


def test_a_deleted_source_takes_its_bytes_along_unless_another_has_them(any_database: Database) -> None:
    first = store(any_database, locator="a").source
    second = store(any_database, locator="b", audience=Audience.PARTNER).source
    with any_database.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=first.id)
    assert count(any_database, SourceBlob) == 1
    with any_database.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=second.id)
        with pytest.raises(NotFound):
            delete_source(session, caller=OPERATOR, source_id=second.id)
        with pytest.raises(NotFound):
            source_bytes(session, sha256=second.sha256)
    assert count(any_database, SourceBlob) == 0
    assert store(any_database, locator="a").outcome == "created"


def test_rights_are_checked_before_anything_is_stored(
    database: Database, caller: Callable[..., Caller]
) -> None:
    refusals = [
        (ANONYMOUS, Audience.PUBLIC, NotSignedIn),
        (caller(role=Role.AGENT), Audience.INTERNAL, Forbidden),
        (caller(role=Role.CONTRIBUTOR), Audience.PUBLIC, Forbidden),
        (make_key(Scope.READ), Audience.PUBLIC, Forbidden),
        (make_key(Scope.WRITE), Audience.PUBLIC, Forbidden),
        (make_key(Scope.WRITE, Scope.RELEASE), Audience.INTERNAL, AudienceTooNarrow),
        (make_key(Scope.WRITE, Scope.RELEASE, ceiling=None), Audience.PUBLIC, AudienceTooNarrow),
    ]
    for who, audience, refusal in refusals:
        with pytest.raises(refusal):
            store(database, caller=who, audience=audience)
    assert count(database, Source) == 0
    contributor = caller(role=Role.CONTRIBUTOR)
    assert store(database, caller=contributor).source.uploaded_by == contributor.id
    key = make_key(Scope.WRITE, ceiling=Audience.INTERNAL)
    assert store(database, b"2", "b", caller=key).source.uploaded_by is None


def test_a_key_can_neither_change_nor_see_nor_delete_what_is_above_it(database: Database) -> None:
    source = store(database, locator="a").source
    key = make_key(Scope.WRITE, Scope.RELEASE)
    public = Visibility(frozenset({Audience.PUBLIC}))
    with pytest.raises(AlreadyExists):
        store(database, b"2", "a", caller=key, audience=Audience.PUBLIC)
    with database.transaction() as session:
        with pytest.raises(NotFound):
            delete_source(session, caller=key, source_id=source.id)
        with pytest.raises(NotFound):
            get_source(session, source_id=source.id, caller_visibility=public)
        assert list_sources(session, caller_visibility=public).items == ()


def test_sources_are_listed_newest_first_in_pages(any_database: Database) -> None:
    with any_database.transaction() as session:
        ids = [make_source(session).id for _ in range(5)]
    with any_database.reading() as session:
        seen: list[str] = []
        cursor = None
        while True:
            page = list_sources(session, caller_visibility=ALL, cursor=cursor, limit=2)
            seen += [source.id for source in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == 5
        assert set(seen) == set(ids)
        created = [session.get_one(Source, source_id).created_at for source_id in seen]
        assert created == sorted(created, reverse=True)
        assert list_sources(session, caller_visibility=ALL, status=SourceStatus.FAILED).items == ()


def test_names_that_cannot_be_kept_are_refused_or_cleaned(database: Database) -> None:
    with pytest.raises(EmptyText):
        store(database, filename=" \0 ")
    with pytest.raises(TextTooLong):
        store(database, locator="پ" * 601)
    assert store(database, filename="a\ud800\0b.txt").source.filename == "a�b.txt"


@pytest.mark.postgres
def test_the_longest_locator_fits_the_index(postgres_database: Database) -> None:
    assert (
        store(postgres_database, locator="".join(chr(0x1F300 + n) for n in range(600))).outcome == "created"
    )
