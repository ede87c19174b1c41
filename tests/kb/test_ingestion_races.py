"""Uploaders, workers, the index's owner and somebody who deletes, all at once on the same sources."""

import random
import threading
from collections.abc import Callable

from sqlalchemy import func, select

from kb.audit import verify_audit
from kb.database import Database
from kb.edition import (
    drop_edition,
    edition_passages,
    live_edition,
    publish_edition,
    retired_editions,
    stage_edition,
    staged_editions,
)
from kb.errors import NotFound
from kb.outbox import Job, claim_jobs, finish_job
from kb.passage import Edition
from kb.source import (
    Source,
    SourceBlob,
    delete_source,
    mark_source_staged,
    source_bytes,
    store_source,
)
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, EditionState, JobState, Language, OriginKind, SourceStatus
from tests.factories import ANALYZER, EMBEDDER, make_drafts

PLACES = [f"upload:{number}" for number in range(4)]


def upload(database: Database, dice: random.Random) -> None:
    with database.transaction() as session:
        store_source(
            session,
            caller=OPERATOR,
            locator=dice.choice(PLACES),
            filename="f",
            data=str(dice.randrange(8)).encode(),
            audience=dice.choice([Audience.INTERNAL, Audience.PARTNER]),
        )


def delete(database: Database, dice: random.Random) -> None:
    with database.transaction() as session:
        ids = session.scalars(select(Source.id)).all()
        if ids and dice.random() < 0.3:
            try:
                delete_source(session, caller=OPERATOR, source_id=dice.choice(ids))
            except NotFound:
                return  # somebody else was faster


def work(database: Database, worker: str) -> bool:
    with database.transaction() as session:
        jobs = claim_jobs(session, worker=worker, limit=1, lease_seconds=600)
    for job in jobs:
        with database.reading() as session:
            source = session.get(Source, job.subject_id)
            data = source_bytes(session, sha256=source.sha256) if source is not None else b""
        with database.transaction() as session:
            assert finish_job(session, job_id=job.id, worker=worker)
            if source is None:
                continue
            converted = mark_source_staged(
                session,
                source_id=source.id,
                sha256=source.sha256,
                title=None,
                media_type="text/plain",
                language=Language.PERSIAN,
            )
            if converted:
                stage_edition(
                    session,
                    origin_kind=OriginKind.SOURCE,
                    origin_id=source.id,
                    fingerprint=source.sha256,
                    language=Language.PERSIAN,
                    title="f",
                    embedder_id=EMBEDDER,
                    analyzer_id=ANALYZER,
                    passages=make_drafts(data.decode()),
                )
    return bool(jobs)


def own_the_index(database: Database) -> bool:
    with database.transaction() as session:
        staged = [edition.id for edition in staged_editions(session, limit=3)]
        for edition_id in staged:
            publish_edition(session, edition_id=edition_id)
    with database.transaction() as session:
        for edition in retired_editions(session, limit=3):
            drop_edition(session, edition_id=edition.id)
    return bool(staged)


def in_threads(*parts: Callable[[random.Random], object]) -> None:
    failures: list[BaseException] = []

    def run(seed: int, part: Callable[[random.Random], object]) -> None:
        dice = random.Random(seed)
        try:
            for _ in range(20):
                part(dice)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(parts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_every_source_that_is_left_is_live_with_its_last_bytes_and_nothing_else_is(
    any_database: Database,
) -> None:
    in_threads(
        lambda dice: upload(any_database, dice),
        lambda dice: upload(any_database, dice),
        lambda _dice: work(any_database, "w1"),
        lambda _dice: work(any_database, "w2"),
        lambda _dice: own_the_index(any_database),
        lambda dice: delete(any_database, dice),
    )
    while work(any_database, "w3") or own_the_index(any_database):
        pass
    with any_database.reading() as session:
        assert verify_audit(session).problems == ()
        assert set(session.scalars(select(Job.state))) <= {JobState.DONE}
        sources = session.scalars(select(Source)).all()
        for source in sources:
            live = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=source.id)
            assert live is not None
            assert (source.status, live.audience) == (SourceStatus.INDEXED, source.audience)
            texts = [passage.text for passage in edition_passages(session, edition_id=live.id)]
            assert texts == [source_bytes(session, sha256=source.sha256).decode()]
        live_count = select(func.count()).where(Edition.state == EditionState.LIVE)
        assert session.scalar(live_count) == len(sources)
        assert set(session.scalars(select(SourceBlob.sha256))) == {source.sha256 for source in sources}
