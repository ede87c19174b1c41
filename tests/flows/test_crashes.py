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
from tests.flows.conftest import Installation, interrupt, wait_until

DOCUMENTS = 300
KILLS = 20
SEED = 20261122


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_ingest_survives_twenty_kills(installation: Installation, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    folder = _write_documents(tmp_path / "many")
    installation.kb("init")
    database = Database(installation.settings().record_url)
    try:
        for _ in range(KILLS):
            _kill_in_the_middle(installation, database, folder, chance)
        serving = installation.serve()
        installation.kb("ingest", str(folder), "--no-wait")
        _wait_for_all(database)
        _check_record(database)
        _check_searches(installation, database)
        assert interrupt(serving) == 0
        _check_index(installation, database)
    finally:
        database.close()


def _kill_in_the_middle(
    installation: Installation, database: Database, folder: Path, chance: random.Random
) -> None:
    """Serve and ingest until something has come of it, and a moment more; then kill -9 one process."""
    before = _progress(database)
    serving = installation.serve()
    ingesting = installation.start("ingest", str(folder), "--no-wait")
    worker = installation.worker_of(serving)
    wait_until(lambda: _progress(database) != before, what="the ingest to go on")
    time.sleep(chance.uniform(0.0, 0.8))
    assert _progress(database)[SourceStatus.INDEXED] < DOCUMENTS, "nothing was left to be interrupted"
    victim = chance.choice([serving.pid, worker.pid])
    psutil.Process(victim).kill()
    if chance.random() < 0.5:
        ingesting.kill()
    serving.wait(30)
    ingesting.kill()
    ingesting.wait()


def _progress(database: Database) -> Counter[SourceStatus]:
    with database.reading() as session:
        return Counter(session.scalars(select(Source.status)))


def _write_documents(folder: Path) -> Path:
    folder.mkdir()
    for number in range(DOCUMENTS):
        text = f"# سند شمارهٔ {number}\n\nنشانهٔ این سند {_word(number)} است.\n"
        (folder / f"{number:03}.md").write_text(text, "utf-8")
    return folder


def _word(number: int) -> str:
    """A word that only one document has."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}") + "zwq"


def _wait_for_all(database: Database) -> None:
    wait_until(
        lambda: _progress(database) == {SourceStatus.INDEXED: DOCUMENTS},
        what="all documents to be indexed",
        seconds=180,
    )


def _check_record(database: Database) -> None:
    with database.reading() as session:
        assert verify_audit(session).problems == ()
        counts = count_jobs(session)
        assert counts[JobState.FAILED] == counts[JobState.PENDING] == counts[JobState.RUNNING] == 0
        live = Counter(session.scalars(select(Edition.origin_id).where(Edition.state == EditionState.LIVE)))
        assert len(live) == DOCUMENTS
        assert set(live.values()) == {1}


def _check_searches(installation: Installation, database: Database) -> None:
    service = installation.service()
    assert service is not None
    with database.reading() as session:
        ids = {source.filename: source.id for source in session.scalars(select(Source))}
    headers = {"Authorization": f"Bearer {service.operator_token}"}
    with httpx.Client(base_url=service.url, headers=headers, trust_env=False, timeout=30) as client:
        for number in range(DOCUMENTS):
            answer = client.post("/v1/search", json={"query": _word(number), "limit": 10})
            hits = [hit["origin"]["id"] for hit in answer.json()["hits"]]
            assert hits[0] == ids[f"{number:03}.md"]
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
