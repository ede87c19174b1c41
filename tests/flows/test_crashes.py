"""`kill -9` at random moments of an ingest: nothing accepted is lost, doubled or stuck."""

import random
import time
from collections import Counter
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select

from kb.audit import verify_audit
from kb.database import Database
from kb.edition import count_live
from kb.outbox import count_jobs
from kb.passage import Edition
from kb.source import Source
from kb.vocabulary import EditionState, JobState, SourceStatus
from search.edge import EdgeIndex
from tests.flows.conftest import PATIENCE_SECONDS, Installation, interrupt, wait_until

#: as many as a fast machine needs so that something is left to be interrupted, but at least these
DOCUMENTS = 300
BACKLOG = 60
KILLS = 20
SEED = 20261122


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_ingest_survives_twenty_kills(installation: Installation, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    documents = _Documents(tmp_path / "many")
    installation.kb("init")
    database = Database(installation.settings().record_url)
    try:
        for _ in range(KILLS):
            _kill_in_the_middle(installation, database, documents, chance)
        serving = installation.serve()
        installation.kb("ingest", str(documents.folder), "--no-wait")
        wait_until(
            lambda: _progress(database) == {SourceStatus.INDEXED: documents.count},
            what="all documents to be indexed",
            seconds=900,
        )
        _check_record(database, documents.count)
        _check_searches(installation, database, documents.count)
        assert interrupt(serving) == 0
        _check_index(installation, database)
    finally:
        database.close()


class _Documents:
    """A folder with ever more documents, each with a word that no other has."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        folder.mkdir()
        self.grow_to(DOCUMENTS)

    def grow_to(self, count: int) -> None:
        for number in range(self.count, count):
            text = f"# سند شمارهٔ {number}\n\nنشانهٔ این سند {_word(number)} است.\n"
            (self.folder / f"{number:04}.md").write_text(text, "utf-8")
        self.count = max(self.count, count)


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}") + "zwq"


def _kill_in_the_middle(
    installation: Installation, database: Database, documents: _Documents, chance: random.Random
) -> None:
    """Serve and ingest until something has come of it, and a moment more; then kill -9 one process."""
    before, backlog = _progress(database), BACKLOG
    serving = installation.serve()
    worker = installation.worker_of(serving)
    while True:
        documents.grow_to(before[SourceStatus.INDEXED] + backlog)
        ingesting = installation.start("ingest", str(documents.folder), "--no-wait")
        wait_until(lambda: _progress(database) != before, what="the ingest to go on")  # noqa: B023
        time.sleep(chance.uniform(0.0, 0.8))
        if _progress(database)[SourceStatus.INDEXED] < documents.count:
            break
        ingesting.wait(PATIENCE_SECONDS)
        before, backlog = _progress(database), backlog * 2
    victim = chance.choice([serving.pid, worker.pid])
    psutil.Process(victim).kill()
    if chance.random() < 0.5:
        ingesting.kill()
    serving.wait(PATIENCE_SECONDS)
    ingesting.kill()
    ingesting.wait()


def _progress(database: Database) -> Counter[SourceStatus]:
    with database.reading() as session:
        return Counter(session.scalars(select(Source.status)))


def _check_record(database: Database, documents: int) -> None:
    with database.reading() as session:
        assert verify_audit(session).problems == ()
        counts = count_jobs(session)
        assert counts[JobState.FAILED] == counts[JobState.PENDING] == counts[JobState.RUNNING] == 0
        live = Counter(session.scalars(select(Edition.origin_id).where(Edition.state == EditionState.LIVE)))
        assert len(live) == documents
        assert set(live.values()) == {1}


def _check_searches(installation: Installation, database: Database, documents: int) -> None:
    service = installation.service()
    assert service is not None
    with database.reading() as session:
        ids = {source.filename: source.id for source in session.scalars(select(Source))}
    headers = {"Authorization": f"Bearer {service.operator_token}"}
    with httpx.Client(base_url=service.url, headers=headers, trust_env=False, timeout=30) as client:
        for number in range(documents):
            answer = client.post("/v1/search", json={"query": _word(number), "limit": 10})
            hits = [hit["origin"]["id"] for hit in answer.json()["hits"]]
            assert hits[0] == ids[f"{number:04}.md"]
            assert hits.count(hits[0]) == 1


def _check_index(installation: Installation, database: Database) -> None:
    """Every live passage has exactly one point, and there are no others."""
    index = EdgeIndex(installation.data_dir / "index")
    try:
        with database.reading() as session:
            live = session.scalars(select(Edition).where(Edition.state == EditionState.LIVE)).all()
            assert index.count() == count_live(session)
        assert index.edition_ids() == {edition.id for edition in live}
        assert all(index.count(edition_id=edition.id) == edition.passage_count for edition in live)
    finally:
        index.close()
