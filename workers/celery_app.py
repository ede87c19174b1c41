"""The Celery app: one task per kind of job, over Redis or RabbitMQ; `celery -A workers.celery_app worker`.

Without a broker the embedded worker calls these same tasks in its own process. A message carries a job's
id and nothing else: the outbox is the truth about what is to be done, and a lost or doubled message
changes nothing.
"""

from typing import Any

from celery import Celery

from kb.settings import Settings
from kb.vocabulary import JobName
from workers.resources import resources
from workers.run import run_job
from workers.tasks import TASKS

#: Redis gives a message again after this time whether its worker lives or not: longer than any job
VISIBILITY_SECONDS = 2 * 3600
QUEUE = "kb"


def make_app(settings: Settings) -> Celery:
    """The app for `settings.broker_url`; without one it can only be called in-process."""
    app = Celery("nagofte", broker=settings.broker_url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(settings.broker_url),
        worker_redirect_stdouts=False,
        # Nothing here uses them; they cost messages between workers.
        worker_send_task_events=False,
        task_send_sent_event=False,
    )
    return app


def _transport_options(broker_url: str | None) -> dict[str, Any]:
    if broker_url is None or not broker_url.startswith("redis"):
        return {}
    return {
        "visibility_timeout": VISIBILITY_SECONDS,
        # kombu looks for lost messages every 100 s unless told to
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
    }


def make_tasks(app: Celery) -> dict[JobName, Any]:
    """Register the task of each kind of job; called as a function, a task runs in this process."""
    return {name: _make_task(app, name) for name in TASKS}


def _make_task(app: Celery, name: JobName) -> Any:
    @app.task(name=f"kb.{name.value}")  # type: ignore[untyped-decorator]
    def perform(job_id: str) -> bool:
        return run_job(resources(), TASKS, job_id=job_id)

    return perform


app = make_app(Settings())
CELERY_TASKS = make_tasks(app)
