"""The index follows the record, and whatever is killed in between, it catches up."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from kb.clock import utc_now
from kb.edition import publish_edition
from kb.errors import StorageFull
from kb.outbox import enqueue, list_jobs
from kb.passage import Edition, Passage, Vector
from kb.source import delete_source, get_source
from kb.visibility import OPERATOR, Visibility
from kb.vocabulary import Audience, EditionState, JobName, SourceStatus
from search.edge import EdgeIndex
from search.index import Leg, LegQuery, Selection
from search.projection import GATHERING_SECONDS, IDLE_SECONDS, ROUND_EDITIONS
from search.vocabulary import Vocabulary
from tests.search.conftest import Shelf

EVERYONE = Selection(frozenset(audience.value for audience in Audience))
ALL = Visibility(frozenset(Audience))


def found(shelf: Shelf, text: str) -> list[str]:
    """Edition ids that hold a word of `text`, in the index alone."""
    query = LegQuery(Leg.TERMS, shelf.counter.query(text).terms, 50)
    ids = [candidate.passage_id for candidate in shelf.index.query([query], EVERYONE)[0]]
    with shelf.record.reading() as session:
        return [session.get_one(Passage, passage_id).edition_id for passage_id in ids]


def states(shelf: Shelf) -> dict[str, str]:
    with shelf.record.reading() as session:
        return {edition.id: edition.state.value for edition in session.scalars(select(Edition))}


def test_a_staged_edition_becomes_searchable_and_its_source_indexed(shelf: Shelf) -> None:
    edition = shelf.stage("refunds", "بازگشت وجه تا هفت روز کاری", "کیف پول همان روز")
    assert found(shelf, "وجه") == []
    assert shelf.projector.apply() == 1
    assert found(shelf, "وجه") == [edition.id]
    assert states(shelf) == {edition.id: "live"}
    with shelf.record.reading() as session:
        source = get_source(session, source_id=edition.origin_id, caller_visibility=ALL)
        assert source.status == SourceStatus.INDEXED


def test_a_newer_edition_takes_the_place_of_the_live_one_and_the_old_points_go(shelf: Shelf) -> None:
    shelf.stage("refunds", "مهلت بازگشت هفت روز")
    shelf.projector.apply()
    newer = shelf.stage("refunds", "مهلت بازگشت ده روز")
    while shelf.projector.apply():
        pass
    assert found(shelf, "مهلت بازگشت") == [newer.id]
    assert states(shelf) == {newer.id: "live"}
    assert shelf.index.count() == 1


def test_a_deleted_source_leaves_the_index(shelf: Shelf) -> None:
    edition = shelf.stage("gone", "متن پاک‌شده")
    shelf.projector.apply()
    with shelf.record.transaction() as session:
        delete_source(session, caller=OPERATOR, source_id=edition.origin_id)
    while shelf.projector.apply():
        pass
    assert shelf.index.count() == 0
    assert states(shelf) == {}


def test_points_put_by_a_round_that_was_killed_before_publishing_are_not_doubled(shelf: Shelf) -> None:
    edition = shelf.stage("half", "نیمه کاره ماند", "دو تکه دارد")

    class Killed(BaseException):
        pass

    def killed() -> None:
        raise Killed

    flush = shelf.index.flush
    shelf.index.flush = killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        shelf.projector.apply()
    shelf.index.flush = flush  # type: ignore[method-assign]
    assert states(shelf) == {edition.id: "staged"}
    again = shelf.owner()
    again.prepare()
    again.apply()
    assert shelf.index.count() == 2
    assert states(shelf) == {edition.id: "live"}


def test_an_edition_superseded_between_put_and_publish_never_becomes_live(shelf: Shelf) -> None:
    first = shelf.stage("race", "نسخهٔ یک")
    put = shelf.index.put

    def put_then_superseded(points: object) -> None:
        put(points)  # type: ignore[arg-type]
        shelf.index.put = put  # type: ignore[method-assign]
        shelf.stage("race", "نسخهٔ دو")

    shelf.index.put = put_then_superseded  # type: ignore[method-assign]
    while shelf.projector.apply():
        pass
    assert found(shelf, "نسخه") != []
    assert first.id not in states(shelf)
    assert first.id not in found(shelf, "نسخه")


def test_points_the_record_does_not_know_are_swept_at_the_start(shelf: Shelf) -> None:
    edition = shelf.stage("known", "شناخته")
    shelf.projector.apply()
    with shelf.record.transaction() as session:
        session.delete(session.get_one(Edition, edition.id))
    shelf.owner().prepare()
    assert shelf.index.count() == 0


def test_an_index_that_lost_points_is_rebuilt_from_the_record_at_the_start(shelf: Shelf) -> None:
    edition = shelf.stage("lost", "گم شد و پیدا شد")
    shelf.projector.apply()
    shelf.index.remove_editions([edition.id])
    shelf.owner().prepare()
    assert found(shelf, "پیدا") == [edition.id]


def test_a_rebuild_reports_progress_and_loses_nothing(shelf: Shelf) -> None:
    editions = {shelf.stage(f"s{n}", f"متن شمارهٔ {n}", "و یک تکهٔ دیگر").id for n in range(5)}
    while shelf.projector.apply():
        pass
    seen: list[tuple[int, int]] = []
    assert shelf.projector.rebuild(lambda done, total: seen.append((done, total))) == 10
    assert seen[-1] == (10, 10)
    assert set(found(shelf, "متن")) == editions


def test_another_model_rebuilds_by_words_and_queues_what_must_be_embedded_again(shelf: Shelf) -> None:
    edition = shelf.stage("old-model", "سفارش من کجاست")
    shelf.projector.apply()
    shelf.owner(model="made-up/2").prepare()
    assert found(shelf, "سفارش") == [edition.id]
    state = shelf.index.state()
    assert state is not None
    assert state.embedder_id == "made-up/2"
    with shelf.record.reading() as session:
        jobs = list_jobs(session, limit=10).items
    assert (JobName.INGEST_SOURCE, edition.origin_id) in {(job.name, job.subject_id) for job in jobs}


def test_a_full_disk_publishes_nothing_and_the_next_round_goes_on(shelf: Shelf) -> None:
    edition = shelf.stage("full", "جا نیست")
    put = shelf.index.put

    def full(_points: object) -> None:
        raise StorageFull

    shelf.index.put = full  # type: ignore[method-assign]
    with pytest.raises(StorageFull):
        shelf.projector.apply()
    assert states(shelf) == {edition.id: "staged"}
    shelf.index.put = put  # type: ignore[method-assign]
    shelf.projector.apply()
    assert states(shelf) == {edition.id: "live"}


def test_a_record_that_grew_beyond_its_index_is_rebuilt_with_new_averages(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.projection.DRIFT_MINIMUM", 2)
    before = shelf.index.state()
    for number in range(8):
        shelf.stage(f"s{number}", f"یک متن کوتاه {number}")
        shelf.projector.apply()
    after = shelf.index.state()
    assert before is not None
    assert after is not None
    assert after.average_terms != before.average_terms
    assert shelf.index.count() == 8


def test_the_thread_applies_until_it_is_stopped(shelf: Shelf) -> None:
    shelf.projector.start()
    edition = shelf.stage("threaded", "در پس‌زمینه")
    while states(shelf) != {edition.id: EditionState.LIVE}:
        assert shelf.projector.is_running
        time.sleep(0.05)
    shelf.projector.stop()
    assert states(shelf) == {edition.id: "live"}


def test_the_thread_keeps_a_large_index_quick(shelf: Shelf, tmp_path: Path) -> None:
    shelf.index = EdgeIndex(tmp_path / "large", graph_above=2)
    projector = shelf.owner()
    projector.rebuild()
    shelf.stage("many", "یک", "دو", "سه", "چهار")
    projector.start()
    for _ in range(600):
        if shelf.index.count() and not shelf.index.unoptimized():
            break
        time.sleep(0.05)
    projector.stop()
    shelf.index.close()
    assert projector.last_error is None
    assert shelf.index.unoptimized() == 0


def test_a_round_gathers_only_where_more_is_on_its_way(shelf: Shelf) -> None:
    projector = shelf.projector
    assert projector.pause_after(0) == IDLE_SECONDS
    assert projector.pause_after(1) == 0.0
    with shelf.record.transaction() as session:
        later = utc_now() + timedelta(hours=1)
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id="tomorrow", due_at=later)
        enqueue(session, name=JobName.CHECK_HYPERLINKS, subject_id="")
    assert projector.pause_after(1) == 0.0
    with shelf.record.transaction() as session:
        enqueue(session, name=JobName.INDEX_NOTE, subject_id="now")
    assert projector.pause_after(1) == GATHERING_SECONDS
    assert projector.pause_after(ROUND_EDITIONS) == 0.0


def test_publishing_twice_does_nothing_the_second_time(shelf: Shelf) -> None:
    edition = shelf.stage("twice", "یک بار بس است")
    shelf.projector.apply()
    with shelf.record.transaction() as session:
        assert publish_edition(session, edition_id=edition.id) is False
    with shelf.record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_what_another_analyzer_counted_is_counted_again_and_kept(shelf: Shelf) -> None:
    """An installation that is updated fills what a newer version needs by itself, when it starts."""
    shelf.stage("refunds", "بازگشت وجه تا هفت روز کاری")
    shelf.projector.apply()
    with shelf.record.transaction() as session:
        session.execute(
            update(Vector).where(Vector.model_id == shelf.counter.version).values(model_id="old/1")
        )
    shelf.projector.rebuild()
    assert found(shelf, "وجه")
    vocabulary = Vocabulary(shelf.record, analyzer_id=shelf.counter.version)
    vocabulary.refresh()
    assert "بازگشت" in vocabulary.snapshot.visible_to(("public",)).words
