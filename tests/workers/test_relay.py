"""The relay: one message for every due job, again when it got lost, never more than there is room for."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from sqlalchemy import select, update

from kb.clock import utc_now
from kb.database import Database
from kb.outbox import Job, enqueue, take_job
from kb.settings import Settings
from kb.vocabulary import JobName
from workers.celery_app import QUEUE, make_app, make_tasks
from workers.relay import WAITING_LIMIT, Relay
from workers.schedule import RECURRENCES

Delivered = Callable[[], list[str]]


@pytest.fixture
def broker(settings: Settings) -> Celery:
    """kombu's own broker inside this process, with an empty queue."""
    app = make_app(settings.model_copy(update={"broker_url": "memory://"}))
    with app.connection() as connection:
        connection.SimpleQueue(QUEUE).clear()
    return app


@pytest.fixture
def delivered(broker: Celery) -> Delivered:
    def read() -> list[str]:
        """Job ids of the messages that are there, oldest first; they are taken."""
        found: list[str] = []
        with broker.connection() as connection:
            queue = connection.SimpleQueue(QUEUE)
            while queue.qsize():
                message = queue.get(block=False)
                found.append(message.payload[0][0])
                message.ack()
        return found

    return read


def _relay(settings: Settings, database: Database, broker: Celery, **options: Any) -> Relay:
    return Relay(settings, database, tasks=make_tasks(broker), **options)


def _enqueue(database: Database, count: int, **options: Any) -> list[str]:
    with database.transaction() as session:
        return [
            enqueue(session, name=JobName.INDEX_NOTE, subject_id=f"{n}", **options).id for n in range(count)
        ]


def test_every_due_job_is_sent_once(
    settings: Settings, any_database: Database, broker: Celery, delivered: Delivered
) -> None:
    ids = _enqueue(any_database, 3)
    first, second = (_relay(settings, any_database, broker) for _ in range(2))
    assert (first.relay_once(), second.relay_once(), first.relay_once()) == (3, 0, 0)
    assert sorted(delivered()) == sorted(ids)


def test_relays_side_by_side_send_nothing_twice(
    settings: Settings, any_database: Database, broker: Celery, delivered: Delivered
) -> None:
    ids = _enqueue(any_database, 40)
    relays = [_relay(settings, any_database, broker) for _ in range(4)]
    threads = [threading.Thread(target=relay.relay_once) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(delivered()) == sorted(ids)


def test_a_message_that_nobody_took_is_sent_again(
    settings: Settings, database: Database, broker: Celery, delivered: Delivered
) -> None:
    (job_id,) = _enqueue(database, 1)
    relay = _relay(settings, database, broker, hold_seconds=0.05)
    relay.relay_once()
    time.sleep(0.1)
    relay.relay_once()
    assert delivered() == [job_id, job_id]


def test_the_job_of_a_lost_worker_is_sent_again_once(
    settings: Settings, database: Database, broker: Celery, delivered: Delivered
) -> None:
    (job_id,) = _enqueue(database, 1)
    with database.transaction() as session:
        take_job(session, job_id=job_id, worker="dead", lease_seconds=60)
        session.execute(update(Job).values(lease_until=utc_now() - timedelta(seconds=1)))
    relay = _relay(settings, database, broker)
    assert (relay.relay_once(), relay.relay_once()) == (1, 0)
    assert delivered() == [job_id]
    with database.reading() as session:
        assert session.scalars(select(Job.losses)).one() == 1


def test_the_broker_holds_no_more_than_a_few_messages(
    settings: Settings, database: Database, broker: Celery, delivered: Delivered
) -> None:
    _enqueue(database, WAITING_LIMIT + 10)
    relay = _relay(settings, database, broker)
    assert (relay.relay_once(), relay.relay_once()) == (WAITING_LIMIT, 0)
    for job_id in delivered()[:5]:
        with database.transaction() as session:
            assert take_job(session, job_id=job_id, worker="w", lease_seconds=60)
    assert relay.relay_once() == 5


def test_what_is_not_due_and_what_the_owner_does_is_not_sent(
    settings: Settings, database: Database, broker: Celery, delivered: Delivered
) -> None:
    _enqueue(database, 1, due_at=utc_now() + timedelta(hours=1))
    with database.transaction() as session:
        enqueue(session, name=JobName.REINDEX, subject_id="")
    assert _relay(settings, database, broker).relay_once() == 0
    assert delivered() == []


def test_running_relays_keep_one_schedule_and_send_what_is_due_of_it(
    settings: Settings, any_database: Database, broker: Celery, delivered: Delivered
) -> None:
    with any_database.transaction() as session:
        job_id = enqueue(session, name=JobName.PURGE, subject_id="").id
    stopping = threading.Event()
    threads = [
        threading.Thread(target=_relay(settings, any_database, broker).run, args=(stopping,))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    sent: list[str] = []
    while not sent:
        threads[0].join(0.05)
        sent = delivered()
    stopping.set()
    for thread in threads:
        thread.join(60)
    assert sent + delivered() == [job_id]
    with any_database.reading() as session:
        names = list(session.scalars(select(Job.name)))
    assert sorted(names) == sorted(recurrence.name for recurrence in RECURRENCES)


def test_a_broker_that_is_away_is_waited_for_and_nothing_is_held(
    settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    _enqueue(database, 1)
    away = make_app(settings.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"}))
    relay = _relay(settings, database, away)
    stopping = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stopping,))
    thread.start()
    while "jobs cannot be handed over" not in caplog.text:
        thread.join(0.05)
        assert thread.is_alive()
    stopping.set()
    thread.join(60)
    assert not thread.is_alive()
    with database.reading() as session:
        assert set(session.scalars(select(Job.leased_by))) == {None}
