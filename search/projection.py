"""Keeps the index a projection of the record: its owner puts staged editions in, publishes, drops old ones.

Every step can be repeated: a process killed anywhere leaves staged editions (put again), retired ones
(removed again), or points of editions the record does not know (swept at the start).
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kb import edition as editions
from kb.database import Database
from kb.errors import IndexUnavailable, KbError
from kb.outbox import enqueue, is_any_due
from kb.passage import Edition, Passage
from kb.vocabulary import INDEX_JOBS, EditionState, OriginKind
from search.analysis.sparse import SparseVector
from search.index import SCHEMA_VERSION, IndexPoint, IndexState, PassageIndex
from search.terms import TermCounter, TermCounts, pack_counts, unpack_counts
from search.weighting import Averages, bm25_weights

log = logging.getLogger(__name__)

#: editions handled in one round: bounds how long new knowledge waits behind a bulk ingest
ROUND_EDITIONS = 32
IDLE_SECONDS = 0.2
#: how long a round waits for more to publish where more is on its way: making the index durable holds up
#: searches for a moment, once a round, however many editions it has
GATHERING_SECONDS = 1.0
RETRY_SECONDS = 2.0
#: an index is rebuilt when this many times its size has been put since it was built: storage and
#: BM25's averages have then drifted
DRIFT_FACTOR = 3
DRIFT_MINIMUM = 500


class Projector:
    """The one writer of the index. Not for use by two threads at once, except `start` and `stop`.

    Args:
        embedder_id, dimension: of the vectors searches will compare with.
        on_change: called after searchers can see something new or no longer see something.
    """

    def __init__(
        self,
        database: Database,
        index: PassageIndex,
        *,
        counter: TermCounter,
        embedder_id: str,
        dimension: int,
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        self._database = database
        self._index = index
        self._counter = counter
        self._embedder_id = embedder_id
        self._dimension = dimension
        self._on_change = on_change
        self._put_since_build = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_paused = False
        self.last_error: Exception | None = None

    def prepare(self) -> None:
        """Make the index fit the record: build it where it is missing, outdated or at odds with it."""
        state = self._index.state()
        if state is None or not state.is_for(
            embedder_id=self._embedder_id, analyzer_id=self._counter.version
        ):
            self.rebuild()
            return
        with self._database.reading() as session:
            known = set(session.scalars(select(Edition.id)))
            live = editions.count_live(session)
            staged_or_retired = session.scalars(
                select(Edition.id).where(Edition.state != EditionState.LIVE)
            ).all()
        self._index.remove_editions(self._index.edition_ids() - known)
        extra = sum(self._index.count(edition_id=edition_id) for edition_id in staged_or_retired)
        if self._index.count() - extra != live:
            log.warning("the index has %d points, the record %d passages", self._index.count() - extra, live)
            self.rebuild()
        self._on_change()

    def apply(self) -> int:
        """One round: put and publish staged editions, take retired ones out; how many were handled."""
        with self._database.reading() as session:
            staged = editions.staged_editions(session, limit=ROUND_EDITIONS)
            retired = editions.retired_editions(session, limit=ROUND_EDITIONS)
        if staged:
            self._publish(staged)
        if retired:
            self._drop(retired)
        if staged or retired:
            self._on_change()
            self._rebuild_on_drift()
        return len(staged) + len(retired)

    def pause_after(self, handled: int) -> float:
        """Seconds from a round that handled so many editions to the next."""
        if not handled:
            return IDLE_SECONDS
        if handled >= ROUND_EDITIONS:
            return 0.0
        with self._database.reading() as session:
            return GATHERING_SECONDS if is_any_due(session, names=INDEX_JOBS.values()) else 0.0

    def rebuild(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
        """Fill a fresh index from the record, verify its count, and swap it in; how many passages it holds.

        Searches are answered by the old one meanwhile. Passages that the current embedder has not seen are
        put without a dense vector and their origins queued for the workers.
        """
        with self._database.reading() as session:
            total = editions.count_live(session)
            averages = self._averages(session)
        rebuild = self._index.begin_rebuild(self._new_state(averages))
        try:
            put, outdated = 0, set[tuple[OriginKind, str]]()
            with self._database.reading() as session:
                for batch in editions.iterate_live(session, batch=256):
                    points = self._points(session, batch, averages)
                    rebuild.put(points)
                    put += len(points)
                    outdated |= {
                        (edition.origin_kind, edition.origin_id)
                        for (edition, _), point in zip(batch, points, strict=True)
                        if point.dense is None
                    }
                    progress(put, total)
            if rebuild.count() != put:
                raise RuntimeError(f"{put} passages were put, {rebuild.count()} arrived")
        except BaseException:
            rebuild.abandon()
            raise
        rebuild.commit()
        self._put_since_build = 0
        self._queue_again(outdated)
        self._on_change()
        return put

    def start(self) -> None:
        """Apply rounds in a thread until `stop`."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="projector", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round at hand and end the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The caller's thread is the one writer until the end of the block; then rounds go on."""
        self._is_paused = True
        self.stop()
        try:
            yield
        finally:
            self.start()
            self._is_paused = False

    @property
    def is_running(self) -> bool:
        """Whether the thread is alive, or will go on after the pause it is in."""
        return self._is_paused or (self._thread is not None and self._thread.is_alive())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self.pause_after(self.apply())
                self._index.optimize()
                self.last_error = None
            except (KbError, DBAPIError) as error:
                # The disk is full, a server away or restarting: say so and try again; the record keeps all.
                self.last_error = error
                log.error("the index could not follow the record: %s", error)
                self._stopping.wait(RETRY_SECONDS)
                continue
            self._stopping.wait(pause)

    def _publish(self, staged: Sequence[Edition]) -> None:
        averages = self._current_averages()
        outdated: set[tuple[OriginKind, str]] = set()
        for edition in staged:
            with self._database.reading() as session:
                passages = editions.edition_passages(session, edition_id=edition.id)
                points = self._points(session, [(edition, passage) for passage in passages], averages)
            # A round that was cut short may have left some of them already.
            self._index.put(points)
            self._put_since_build += len(points)
            if edition.embedder_id != self._embedder_id:
                outdated.add((edition.origin_kind, edition.origin_id))
        self._index.flush()
        with self._database.transaction() as session:
            published = {e.id: editions.publish_edition(session, edition_id=e.id) for e in staged}
        superseded = [edition_id for edition_id, done in published.items() if not done]
        self._index.remove_editions(superseded)
        self._queue_again(outdated)

    def _drop(self, retired: Sequence[Edition]) -> None:
        self._index.remove_editions([edition.id for edition in retired])
        self._index.flush()
        with self._database.transaction() as session:
            for edition in retired:
                editions.drop_edition(session, edition_id=edition.id)

    def _queue_again(self, origins: set[tuple[OriginKind, str]]) -> None:
        if not origins:
            return
        with self._database.transaction() as session:
            for kind, origin_id in sorted(origins):
                enqueue(session, name=INDEX_JOBS[OriginKind(kind)], subject_id=origin_id)

    def points_of(self, session: Session, edition: Edition) -> list[IndexPoint]:
        """The points that `edition` has, or would have, in the index; writes nothing there.

        Raises:
            IndexUnavailable: there is no index yet.
        """
        state = self._index.state()
        if state is None:
            raise IndexUnavailable(reason="it was never built")
        passages = editions.edition_passages(session, edition_id=edition.id)
        averages = Averages(state.average_terms, state.average_grams)
        return self._points(session, [(edition, passage) for passage in passages], averages)

    def _points(
        self, session: Session, batch: Sequence[tuple[Edition, Passage]], averages: Averages
    ) -> list[IndexPoint]:
        hashes = {passage.text_hash for _, passage in batch}
        dense = editions.vectors_of(session, model_id=self._embedder_id, hashes=hashes)
        counts = self._counts(session, {passage.text_hash: passage.indexed_text for _, passage in batch})
        points = []
        for edition, passage in batch:
            counted = unpack_counts(counts[passage.text_hash])
            points.append(_point(edition, passage, dense.get(passage.text_hash), counted, averages))
        return points

    def _counts(self, session: Session, texts: dict[str, str]) -> dict[str, bytes]:
        """Packed counts by text hash; what another analyzer counted is counted anew and kept in the record.

        So a new analyzer or packing needs nobody's help: the rebuild that it causes fills what it needs.
        """
        counts = editions.vectors_of(session, model_id=self._counter.version, hashes=texts)
        fresh = {
            text_hash: pack_counts(self._counter.count(text))
            for text_hash, text in texts.items()
            if text_hash not in counts
        }
        if fresh:
            with self._database.transaction() as writing:
                version = self._counter.version
                editions.add_vectors(writing, {(version, key): data for key, data in fresh.items()})
        return counts | fresh

    def _averages(self, session: Session) -> Averages:
        """Mean lengths over the live passages, from what the analyzer counted."""
        terms = grams = passages = 0.0
        for batch in editions.iterate_live(session, batch=500):
            hashes = {passage.text_hash for _, passage in batch}
            packed = editions.vectors_of(session, model_id=self._counter.version, hashes=hashes)
            for data in packed.values():
                counted = unpack_counts(data)
                terms += float(counted.terms.values.sum())
                grams += float(counted.grams.values.sum())
                passages += 1
        return Averages.of(terms, grams, passages)

    def _current_averages(self) -> Averages:
        state = self._index.state()
        if state is None:
            self.rebuild()
            state = self._index.state()
        assert state is not None
        return Averages(state.average_terms, state.average_grams)

    def _new_state(self, averages: Averages) -> IndexState:
        return IndexState(
            schema_version=SCHEMA_VERSION,
            embedder_id=self._embedder_id,
            analyzer_id=self._counter.version,
            dimension=self._dimension,
            average_terms=averages.terms,
            average_grams=averages.grams,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _rebuild_on_drift(self) -> None:
        built = max(DRIFT_MINIMUM, self._index.count() - self._put_since_build)
        if self._put_since_build > DRIFT_FACTOR * built:
            self.rebuild()


def _point(
    edition: Edition, passage: Passage, dense: bytes | None, counted: TermCounts, averages: Averages
) -> IndexPoint:
    vector: NDArray[np.float32] | None = np.frombuffer(dense, dtype="<f4") if dense else None
    return IndexPoint(
        passage_id=passage.id,
        edition_id=edition.id,
        origin_kind=edition.origin_kind.value,
        origin_id=edition.origin_id,
        field=passage.field.value,
        audience=edition.audience.value,
        language=edition.language.value,
        tags=tuple(edition.tags),
        products=tuple(edition.products),
        segments=tuple(edition.segments),
        state=edition.origin_state.value if edition.origin_state else None,
        dense=vector,
        terms=SparseVector(counted.terms.indices, bm25_weights(counted.terms.values, averages.terms)),
        grams=SparseVector(counted.grams.indices, bm25_weights(counted.grams.values, averages.grams)),
    )
