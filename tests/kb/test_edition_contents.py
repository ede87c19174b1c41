"""What an edition holds: passages, vectors shared by equal texts, and the facets of its origin."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article import (
    change_article,
    release_article,
    revise_article,
    verify_article,
)
from kb.database import Database
from kb.edition import (
    Body,
    body_passages,
    confirmed_passages,
    drop_edition,
    edition_bodies,
    edition_passages,
    iterate_live,
    live_edition,
    missing_vectors,
    prune_vectors,
    publish_edition,
    retired_editions,
    staged_edition,
    vectors_of,
)
from kb.errors import VectorsMissing
from kb.passage import Passage, Vector
from kb.source import delete_source
from kb.visibility import EVERYTHING, NOTHING, OPERATOR, Visibility
from kb.vocabulary import (
    ArticleState,
    Audience,
    OriginKind,
    OriginState,
    PassageField,
)
from tests.factories import (
    EMBEDDER,
    make_article,
    make_note,
    make_source,
    publish,
    stage,
)
from tests.searchers import ARTICLE, SOURCE, texts_seen


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


def test_a_body_begins_with_its_first_passage_whatever_else_leads_to_it(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        long = publish(session, SOURCE, make_source(session).id, ["عنوان", "نخست", "دوم", "سوم", "پرسش"])
        bare = publish(session, ARTICLE, make_article(session, released=True).id, ["عنوان"])
        own = edition_passages(session, edition_id=long.id)
        own[0].field, own[-1].field = PassageField.TITLE, PassageField.QUERY
        edition_passages(session, edition_id=bare.id)[0].field = PassageField.TITLE
    with any_database.reading() as session:
        ids = [long.id, bare.id, "unknown"]
        assert edition_bodies(session, edition_ids=ids) == {long.id: Body(own[1].id, 3)}
        assert body_passages(session, edition_ids=ids) == {long.id: [one.id for one in own[1:4]]}
        assert edition_bodies(session, edition_ids=[]) == {}


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
