"""What `--wait` waits for."""

from datetime import timedelta

from cli.waiting import backlog_of
from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmbeddingUnavailable
from kb.outbox import claim_jobs, enqueue, fail_job
from kb.vocabulary import JobName


def open_count(database: Database) -> int:
    with database.reading() as session:
        return backlog_of(session, ["a"]).open_count


def test_what_is_set_for_later_is_not_waited_for(database: Database) -> None:
    with database.transaction() as session:
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id="a", due_at=utc_now() + timedelta(days=3))
    assert open_count(database) == 0
    with database.transaction() as session:
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id="a")
    assert open_count(database) == 1


def test_what_is_tried_again_in_a_while_is_waited_for(database: Database) -> None:
    with database.transaction() as session:
        job = enqueue(session, name=JobName.INDEX_ARTICLE, subject_id="a")
        claim_jobs(session, worker="w", limit=1, lease_seconds=60)
        again = utc_now() + timedelta(minutes=10)
        fail_job(session, job_id=job.id, worker="w", error=EmbeddingUnavailable(reason="x"), retry_at=again)
    assert open_count(database) == 1
