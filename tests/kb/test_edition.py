"""Editions are staged, published whole, and replaced at once."""

import threading

import pytest
from sqlalchemy import func, select

from kb.article import (
    archive_article,
    change_article,
    restore_article,
)
from kb.audit import AuditEntry
from kb.database import Database
from kb.edition import (
    count_live,
    drop_edition,
    edition_passages,
    live_edition,
    publish_edition,
    retired_editions,
    stage_edition,
    staged_editions,
)
from kb.errors import NotFound
from kb.note import reject_note
from kb.passage import Edition, Passage
from kb.source import delete_source, mark_source_staged, store_source
from kb.visibility import OPERATOR, Visibility
from kb.vocabulary import (
    Audience,
    EditionState,
    Language,
    OriginKind,
    SourceStatus,
)
from tests.factories import (
    ANALYZER,
    EMBEDDER,
    PERSIAN,
    make_article,
    make_drafts,
    make_note,
    make_source,
    publish,
    stage,
)
from tests.searchers import ARTICLE, SOURCE, texts_seen


def test_an_edition_is_seen_only_once_it_is_published(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_article(session, released=True).id
        staged = stage(session, ARTICLE, article_id, ["الف", "ب"])
    assert texts_seen(any_database) == set()
    with any_database.transaction() as session:
        assert [edition.id for edition in staged_editions(session, limit=9)] == [staged.id]
        assert publish_edition(session, edition_id=staged.id)
        assert not publish_edition(session, edition_id=staged.id), "only once"
        assert not publish_edition(session, edition_id="none")
    assert texts_seen(any_database) == {"الف", "ب"}
    with any_database.reading() as session:
        live = live_edition(session, origin_kind=ARTICLE, origin_id=article_id)
        assert live is not None
        assert (live.id, live.passage_count, count_live(session)) == (staged.id, 2, 2)
        passages = edition_passages(session, edition_id=staged.id)
        assert [(p.text, p.start, p.end, p.heading_path) for p in passages] == [
            ("الف", 0, 3, ["راهنما"]),
            ("ب", 3, 4, ["راهنما"]),
        ]


def test_a_new_edition_replaces_the_old_one_whole(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_article(session, released=True).id
        old = publish(session, ARTICLE, article_id, ["کهنه یک", "کهنه دو"])
        new = stage(session, ARTICLE, article_id, ["نو"])
    assert texts_seen(any_database) == {"کهنه یک", "کهنه دو"}
    with any_database.transaction() as session:
        publish_edition(session, edition_id=new.id)
    assert texts_seen(any_database) == {"نو"}
    with any_database.transaction() as session:
        assert [edition.id for edition in retired_editions(session, limit=9)] == [old.id]
        assert drop_edition(session, edition_id=old.id)
        assert not drop_edition(session, edition_id=new.id), "a live edition is never dropped"
        assert session.scalar(select(func.count()).select_from(Passage)) == 1


def test_readers_see_one_edition_or_the_next_and_never_a_mixture(any_database: Database) -> None:
    """Each edition's passages carry its number; a reader must never meet two numbers or too few."""
    with any_database.transaction() as session:
        article_id = make_article(session, released=True).id
        publish(session, ARTICLE, article_id, [f"0-{part}" for part in range(5)])
    over = threading.Event()
    mixtures: list[set[str]] = []
    seen: set[str] = set()

    def read() -> None:
        while not over.is_set():
            texts = texts_seen(any_database)
            numbers = {text.split("-")[0] for text in texts}
            seen.update(numbers)
            if len(numbers) != 1 or len(texts) != 5:
                mixtures.append(texts)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 21):
        with any_database.transaction() as session:
            edition_id = stage(session, ARTICLE, article_id, [f"{number}-{part}" for part in range(5)]).id
        with any_database.transaction() as session:
            assert publish_edition(session, edition_id=edition_id)
    over.set()
    for reader in readers:
        reader.join()
    assert mixtures == []
    assert len(seen) > 1


def test_a_superseded_staged_edition_never_becomes_live(any_database: Database) -> None:
    with any_database.transaction() as session:
        article_id = make_article(session, released=True).id
        older = stage(session, ARTICLE, article_id, ["کهنه"])
        newer = stage(session, ARTICLE, article_id, ["نو"])
        assert not publish_edition(session, edition_id=older.id)
        assert publish_edition(session, edition_id=newer.id)
        assert not publish_edition(session, edition_id=older.id)
    assert texts_seen(any_database) == {"نو"}


def test_stagings_and_publications_at_once_leave_one_live_and_at_most_one_staged(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        article_id = make_article(session, released=True).id
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(8):
                with any_database.transaction() as session:
                    edition_id = stage(session, ARTICLE, article_id, [f"{number}-{turn}"]).id
                with any_database.transaction() as session:
                    publish_edition(session, edition_id=edition_id)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with any_database.reading() as session:
        states = list(session.scalars(select(Edition.state)))
    assert len(states) == 32
    assert states.count(EditionState.LIVE) == 1
    assert states.count(EditionState.STAGED) == 0


def test_the_edition_of_a_deleted_source_is_never_published(any_database: Database) -> None:
    with any_database.transaction() as session:
        source_id = make_source(session).id
        publish(session, SOURCE, source_id, ["زنده"])
        staged = stage(session, SOURCE, source_id, ["آماده"])
    with any_database.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=source_id)
        assert not publish_edition(session, edition_id=staged.id)
        with pytest.raises(NotFound):
            stage(session, SOURCE, source_id, ["دیر"])
        assert len(retired_editions(session, limit=9)) == 2
    assert texts_seen(any_database) == set()


def test_archived_articles_and_rejected_notes_disappear_at_once_and_stay_away(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True)
        note = make_note(session, accepted=True)
        publish(session, ARTICLE, article.id, ["مقاله"])
        publish(session, OriginKind.NOTE, note.id, ["یادداشت"])
        waiting = stage(session, ARTICLE, article.id, ["مقالهٔ نو"])
    with any_database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=article.id, expected_version=2)
        reject_note(session, caller=OPERATOR, note_id=note.id)
    assert texts_seen(any_database) == set()
    with any_database.transaction() as session:
        assert not publish_edition(session, edition_id=waiting.id)
        with pytest.raises(NotFound):
            stage(session, ARTICLE, article.id)
        restore_article(session, caller=OPERATOR, article_id=article.id, expected_version=3)
        assert not publish_edition(session, edition_id=waiting.id), "restoring indexes anew"
        publish(session, ARTICLE, article.id, ["مقاله"])
    assert texts_seen(any_database) == {"مقاله"}


def test_an_unreleased_article_cannot_be_staged(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session)
        with pytest.raises(NotFound):
            stage(session, ARTICLE, article.id)


def test_a_worker_that_read_an_old_audience_cannot_widen_it(any_database: Database) -> None:
    """The worker believes the article internal; by now it is partner, then internal again."""
    with any_database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC, tags=["الف"])
        change_article(
            session,
            caller=OPERATOR,
            article_id=article.id,
            expected_version=None,
            audience=Audience.INTERNAL,
            tags=["ب"],
        )
        edition = stage_edition(
            session,
            origin_kind=ARTICLE,
            origin_id=article.id,
            fingerprint="f",
            language=Language.PERSIAN,
            title="عنوان",
            embedder_id=EMBEDDER,
            analyzer_id=ANALYZER,
            passages=make_drafts(PERSIAN),
        )
        publish_edition(session, edition_id=edition.id)
    assert texts_seen(any_database, Visibility(frozenset({Audience.PUBLIC}))) == set()
    with any_database.reading() as session:
        live = live_edition(session, origin_kind=ARTICLE, origin_id=article.id)
        assert live is not None
        assert (live.audience, live.tags) == (Audience.INTERNAL, ["ب"])


def test_a_changed_audience_counts_at_once_and_makes_the_next_indexing_stage_anew(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC)
        publish(session, ARTICLE, article.id)
    public = Visibility(frozenset({Audience.PUBLIC}))
    assert texts_seen(any_database, public) == {PERSIAN}
    with any_database.transaction() as session:
        change_article(
            session,
            caller=OPERATOR,
            article_id=article.id,
            expected_version=None,
            audience=Audience.PARTNER,
        )
    assert texts_seen(any_database, public) == set()
    with any_database.reading() as session:
        live = live_edition(session, origin_kind=ARTICLE, origin_id=article.id)
        assert live is not None
        assert live.fingerprint == ""


def test_publishing_makes_a_source_indexed_unless_other_bytes_came_meanwhile(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        source = make_source(session, data=b"1", locator="upload:a")

        def convert(sha256: str) -> bool:
            return mark_source_staged(
                session,
                source_id=source.id,
                sha256=sha256,
                title="عنوان",
                media_type="text/plain",
                language=Language.PERSIAN,
                warnings=[],
            )

        first = source.sha256
        assert convert(first)
        staged = stage(session, SOURCE, source.id, ["یک"])
        assert source.status is SourceStatus.STAGED
        assert publish_edition(session, edition_id=staged.id)
        session.refresh(source)
        assert source.status is SourceStatus.INDEXED
        store_source(
            session,
            caller=OPERATOR,
            locator="upload:a",
            filename="a",
            data=b"2",
            audience=Audience.INTERNAL,
        )
        assert not convert(first), "these bytes are no longer the source's"
        assert convert(source.sha256)
        waiting = stage(session, SOURCE, source.id, ["دو"])
        store_source(
            session,
            caller=OPERATOR,
            locator="upload:a",
            filename="a",
            data=b"3",
            audience=Audience.INTERNAL,
        )
        assert not publish_edition(session, edition_id=waiting.id)
        session.refresh(source)
        assert source.status is SourceStatus.RECEIVED
    assert texts_seen(any_database) == {"یک"}


def test_publishing_is_audited(database: Database) -> None:
    with database.transaction() as session:
        source_id = make_source(session).id
        edition = publish(session, SOURCE, source_id)
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert entry is not None
        assert (entry.verb, entry.actor, entry.object_id) == ("publish_edition", "worker", source_id)
        assert entry.data == {"edition_id": edition.id, "passages": 1}
