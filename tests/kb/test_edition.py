import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article import (
    archive_article,
    change_article,
    release_article,
    restore_article,
    revise_article,
    verify_article,
)
from kb.audit import AuditEntry
from kb.database import Database
from kb.edition import (
    LivePassage,
    confirmed_passages,
    count_live,
    drop_edition,
    edition_passages,
    iterate_live,
    live_edition,
    live_editions,
    live_passages,
    missing_vectors,
    passage_contents,
    placed_passages,
    prune_vectors,
    publish_edition,
    retired_editions,
    stage_edition,
    staged_edition,
    staged_editions,
    vectors_of,
)
from kb.errors import NotFound, VectorsMissing
from kb.note import reject_note
from kb.passage import Edition, Passage, Vector
from kb.source import delete_source, mark_source_staged, store_source
from kb.visibility import EVERYTHING, NOTHING, OPERATOR, Visibility
from kb.vocabulary import (
    ArticleState,
    Audience,
    EditionState,
    Language,
    OriginKind,
    OriginState,
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

ALL = Visibility(frozenset(Audience))
ARTICLE = OriginKind.ARTICLE
SOURCE = OriginKind.SOURCE


def texts_seen(database: Database, visibility: Visibility = ALL) -> set[str]:
    """What a searcher sees whose index names every passage there ever was."""
    with database.reading() as session:
        ids = session.scalars(select(Passage.id)).all()
        shown = live_passages(session, passage_ids=ids, visibility=visibility)
        assert seen_by_edition(session, ids, visibility) == shown
        return {p.text for p in shown.values()}


def seen_by_edition(session: Session, ids: Sequence[str], visibility: Visibility) -> dict[str, LivePassage]:
    """The same by way of the editions, as searches ask that remember passages."""
    contents = passage_contents(session, passage_ids=ids)
    places = placed_passages(session, passage_ids=ids)
    editions = {edition_id for edition_id, _ in places.values()}
    live = live_editions(session, edition_ids=editions, visibility=visibility)
    kept = {id: edition_id for id, (edition_id, _) in places.items() if edition_id in live}
    confirmed = confirmed_passages(session, passage_ids=ids, visibility=visibility)
    assert {id: live[edition_id].confirms(places[id][1]) for id, edition_id in kept.items()} == confirmed
    shown = {id: live[edition_id].shows(contents[id]) for id, edition_id in kept.items()}
    return {
        id: replace(one, tags=list(one.tags), products=list(one.products), segments=list(one.segments))
        for id, one in shown.items()
    }


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


@pytest.mark.parametrize("count", [1, 1200])
def test_passages_are_looked_up_in_batches_below_the_databases_limits(
    any_database: Database, count: int
) -> None:
    with any_database.transaction() as session:
        source_id = make_source(session).id
        publish(session, SOURCE, source_id, [f"بند {number}" for number in range(count)])
    assert len(texts_seen(any_database)) == count
    with any_database.reading() as session:
        hashes = set(session.scalars(select(Passage.text_hash)))
        assert len(vectors_of(session, model_id=EMBEDDER, hashes=hashes)) == count
        assert missing_vectors(session, model_id=EMBEDDER, hashes=hashes | {"x"}) == {"x"}
        rebuilt = [passage.id for rows in iterate_live(session, batch=500) for _, passage in rows]
        assert len(rebuilt) == len(set(rebuilt)) == count


def test_nothing_is_seen_without_an_allowed_audience(database: Database) -> None:
    with database.transaction() as session:
        publish(session, SOURCE, make_source(session).id)
    assert texts_seen(database, NOTHING) == set()
    assert texts_seen(database, Visibility(frozenset({Audience.PARTNER}))) == set()


def test_equal_texts_share_their_vectors_and_those_of_nobody_are_pruned(any_database: Database) -> None:
    with any_database.transaction() as session:
        first, second = make_source(session).id, make_source(session).id
        publish(session, SOURCE, first, ["مشترک", "تنها"])
        stage(session, SOURCE, second, ["مشترک"], vectors=False)
        assert session.scalar(select(func.count()).select_from(Vector)) == 4
        delete_source(session, caller=OPERATOR, source_id=first)
        assert prune_vectors(session) == 0, "its passages wait for the index to forget them"
        for edition in retired_editions(session, limit=9):
            drop_edition(session, edition_id=edition.id)
        assert prune_vectors(session) == 2
        staged = staged_edition(session, origin_kind=SOURCE, origin_id=second)
        assert staged is not None
        assert publish_edition(session, edition_id=staged.id)


def test_an_edition_whose_vectors_are_missing_is_refused(database: Database) -> None:
    with database.transaction() as session:
        source_id = make_source(session).id
        with pytest.raises(VectorsMissing) as refusal:
            stage(session, SOURCE, source_id, ["الف", "ب"], vectors=False)
        assert refusal.value.data["count"] == 2


def test_transactions_that_insert_the_same_vectors_at_once_do_not_collide(
    any_database: Database,
) -> None:
    texts = [f"متن {number}" for number in range(50)]
    with any_database.transaction() as session:
        sources = [make_source(session).id for _ in range(4)]
    failures: list[BaseException] = []

    def insert(source_id: str, order: Callable[[list[str]], list[str]]) -> None:
        try:
            with any_database.transaction() as session:
                stage(session, SOURCE, source_id, order(texts))
        except BaseException as error:
            failures.append(error)

    orders = [list, lambda items: items[::-1]] * 2
    threads = [threading.Thread(target=insert, args=pair) for pair in zip(sources, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Vector)) == 100


def test_publishing_is_audited(database: Database) -> None:
    with database.transaction() as session:
        source_id = make_source(session).id
        edition = publish(session, SOURCE, source_id)
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert entry is not None
        assert (entry.verb, entry.actor, entry.object_id) == ("publish_edition", "worker", source_id)
        assert entry.data == {"edition_id": edition.id, "passages": 1}


def facets_of(session: Session, article_id: str) -> tuple[list[str], OriginState | None]:
    edition = live_edition(session, origin_kind=ARTICLE, origin_id=article_id)
    assert edition is not None
    return edition.products, edition.origin_state


def test_an_edition_takes_its_origins_facets(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True, products=["اپ", "کیف پول", "اپ"])
        publish(session, ARTICLE, article.id)
        assert facets_of(session, article.id) == (["اپ", "کیف پول"], OriginState.VALIDATED)
        source = make_source(session, products=["اپ"])
        publish(session, SOURCE, source.id)
        edition = live_edition(session, origin_kind=SOURCE, origin_id=source.id)
        assert edition is not None
        assert (edition.products, edition.origin_state) == (["اپ"], None)
        assert edition.vouched_at == source.received_at
        note = make_note(session, accepted=True, products=["اپ"])
        publish(session, OriginKind.NOTE, note.id)
        edition = live_edition(session, origin_kind=OriginKind.NOTE, origin_id=note.id)
        assert edition is not None
        assert (edition.products, edition.origin_state) == (["اپ"], OriginState.ACCEPTED)


def test_products_and_state_are_changed_where_searchers_look_at_once(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True, products=["اپ"])
        edition_id = publish(session, ARTICLE, article.id).id
        change: dict[str, Any] = {"caller": OPERATOR, "article_id": article.id, "expected_version": None}
        change_article(session, products=["سایت"], **change)
        assert facets_of(session, article.id) == (["سایت"], OriginState.VALIDATED)
        change_article(session, state=ArticleState.NOT_VALIDATED, **change)
        assert facets_of(session, article.id) == (["سایت"], OriginState.NOT_VALIDATED)
        change_article(session, products=[], **change)
        revise_article(session, title="عنوان تازه", **change)
        assert facets_of(session, article.id) == ([], OriginState.NOT_VALIDATED)
        release_article(session, **change)
        assert facets_of(session, article.id) == ([], OriginState.VALIDATED)
        live = live_edition(session, origin_kind=ARTICLE, origin_id=article.id)
        assert live is not None
        assert (live.id, live.fingerprint) == (edition_id, "")


def test_verifying_is_seen_at_once_and_stages_nothing_anew(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True)
        edition = publish(session, ARTICLE, article.id)
        before = edition.vouched_at
        assert before == article.released_at
        verify_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
        session.refresh(edition)
        assert article.verified_at is not None
        assert edition.vouched_at == article.verified_at > before
        assert edition.fingerprint


def test_what_is_confirmed_carries_state_and_when_somebody_vouched_for_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True)
        edition = publish(session, ARTICLE, article.id)
        ids = [passage.id for passage in edition_passages(session, edition_id=edition.id)]
        found = confirmed_passages(session, passage_ids=ids, visibility=EVERYTHING)
        assert found[ids[0]].state is OriginState.VALIDATED
        assert found[ids[0]].vouched_at == article.released_at
