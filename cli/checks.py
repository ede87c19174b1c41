"""What `kb doctor` looks at; nothing here changes anything."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb import migrate
from kb.audit import verify_audit
from kb.clock import utc_now
from kb.database import Database
from kb.edition import count_live
from kb.errors import KbError
from kb.installation import DataDirectory, ServiceInfo
from kb.outbox import Job, count_jobs
from kb.passage import Edition
from kb.settings import Settings
from kb.vocabulary import EditionState, JobState

_MIB = 1024 * 1024
_LOW_SPACE = 1024 * _MIB
#: below this the index is not written any more (`search.shard`)
_NO_SPACE = 192 * _MIB
#: a due job or a staged edition that is older than this has nobody who works on it
_STUCK_AFTER = timedelta(minutes=10)
_TIMEOUT_SECONDS = 5.0


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    name: str
    level: Level
    finding: str
    advice: str = ""


def check_machine() -> Check:
    """Which interpreter on which machine; one that is too old could not have installed this."""
    found = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Check("machine", Level.OK, found)


def check_directory(settings: Settings) -> Iterator[Check]:
    """Is it there, ours to write, and is there room."""
    path = settings.data_dir.resolve()
    if not path.is_dir():
        yield Check("data directory", Level.FAIL, f"{path} does not exist", "Run `kb init` or `kb serve`.")
        return
    if not os.access(path, os.W_OK | os.X_OK):
        yield Check("data directory", Level.FAIL, f"{path} cannot be written", f"chown or chmod {path}.")
        return
    yield Check("data directory", Level.OK, str(path))
    if path.stat().st_mode & 0o077:
        yield Check("permissions", Level.WARN, f"others may read {path}", f"chmod 700 {path}")
    free = shutil.disk_usage(path).free
    level = Level.FAIL if free < _NO_SPACE else Level.WARN if free < _LOW_SPACE else Level.OK
    advice = "" if level is Level.OK else "Free some space: nothing can be accepted on a full disk."
    yield Check("disk space", level, f"{free // _MIB} MiB free", advice)


def check_service(settings: Settings, service: ServiceInfo | None) -> Iterator[Check]:
    """Does the running service answer, and is it ready."""
    import httpx

    if service is None:
        if DataDirectory(settings.data_dir).is_locked():
            holder = "another `kb` command, or a service that is starting"
            yield Check("service", Level.WARN, f"none, but {holder} uses the data", "Wait for its end.")
        else:
            yield Check("service", Level.OK, "not running")
        return
    try:
        answer = httpx.get(f"{service.url}/health/ready", timeout=_TIMEOUT_SECONDS, trust_env=False)
        parts: dict[str, str] = answer.json()["parts"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        yield Check(
            "service",
            Level.FAIL,
            f"process {service.pid} at {service.url} does not answer ({error or type(error).__name__})",
            "Look at its log; stop it and start it again.",
        )
        return
    yield Check("service", Level.OK, f"process {service.pid} at {service.url}")
    for part, state in parts.items():
        if state != "ready":
            yield Check(f"service: {part}", Level.FAIL, state, "Look at the service's log.")


def check_record(database: Database) -> Iterator[Check]:
    """Schema, audit chain, jobs and editions that nobody works on."""
    shown = database.url.render_as_string(hide_password=True)
    current, head = migrate.current(database), migrate.head()
    if current != head:
        finding = f"{shown} is at revision {current}, this program needs {head}"
        yield Check("record", Level.FAIL, finding, "Run `kb init`, or start `kb serve`.")
        return
    yield Check("record", Level.OK, f"{shown}, revision {head}")
    with database.reading() as session:
        report = verify_audit(session)
        if report.problems:
            more = f" and {len(report.problems) - 1} more" if len(report.problems) > 1 else ""
            finding = f"{report.problems[0]}{more}"
            yield Check("audit log", Level.FAIL, finding, "`kb audit verify` lists all; restore a backup.")
        else:
            yield Check("audit log", Level.OK, f"{report.count} entries, chain unbroken")
        yield _check_jobs(session)
        yield _check_staged(session)


def _check_jobs(session: Session) -> Check:
    counts = count_jobs(session)
    finding = ", ".join(f"{count} {state.value}" for state, count in counts.items())
    overdue = select(func.count()).where(Job.state == JobState.PENDING, Job.due_at < utc_now() - _STUCK_AFTER)
    silent = select(func.count()).where(
        Job.state == JobState.RUNNING, Job.lease_until < utc_now() - _STUCK_AFTER
    )
    stuck = (session.scalar(overdue) or 0) + (session.scalar(silent) or 0)
    if stuck:
        return Check("jobs", Level.WARN, f"{finding}; {stuck} wait for a worker", "Is a worker running?")
    if counts[JobState.FAILED]:
        return Check("jobs", Level.WARN, finding, "`kb jobs list --state failed` says why.")
    return Check("jobs", Level.OK, finding)


def _check_staged(session: Session) -> Check:
    old = select(func.count()).where(
        Edition.state == EditionState.STAGED, Edition.staged_at < utc_now() - _STUCK_AFTER
    )
    waiting = session.scalar(old) or 0
    if waiting:
        return Check("staged editions", Level.WARN, f"{waiting} wait for the index", "Is its owner running?")
    return Check("staged editions", Level.OK, "none is kept waiting")


def check_embedder(settings: Settings) -> Check:
    """Weights as they should be, and a word can be embedded."""
    from search.embedding import EmbedderConfig, make_embedder

    try:
        faults = _model_faults(settings)
        if faults:
            return Check("embedder", Level.FAIL, " ".join(faults), "Reinstall, then run `kb doctor` again.")
        embedder = make_embedder(EmbedderConfig.from_settings(settings))
        length = len(embedder.embed_query("سلام"))
    except KbError as error:
        return Check("embedder", Level.FAIL, error.message(), "Check KB_EMBEDDER and what belongs to it.")
    return Check("embedder", Level.OK, f"{embedder.model_id}, {length} numbers a vector")


def check_reranker(settings: Settings) -> Check:
    """Two texts can be put in order."""
    from search.rerank import make_reranker

    try:
        reranker = make_reranker(settings)
        assert reranker is not None
        scores = reranker.scores("سلام", ["سلام", "hello"])
    except KbError as error:
        return Check("reranker", Level.FAIL, error.message(), "Until then the order of retrieval stays.")
    finding = f"{settings.reranker_model or settings.reranker_url}, {len(scores)} texts scored"
    return Check("reranker", Level.OK, finding)


def check_generation(settings: Settings) -> Check:
    """The endpoint writes a word."""
    from search.generate import make_generator
    from search.generate.prompt import Prompt

    try:
        generator = make_generator(settings)
        assert generator is not None
        written = generator.generate(Prompt("Reply with one word.", "سلام"))
    except KbError as error:
        return Check("generation", Level.FAIL, error.message(), "Until then extracted answers stand alone.")
    if not written.strip():
        return Check("generation", Level.WARN, "the endpoint wrote nothing", "Check KB_LLM_PARAMETERS.")
    return Check("generation", Level.OK, f"{settings.llm_model} at {settings.llm_url}")


def _model_faults(settings: Settings) -> list[str]:
    from kb.errors import EmbeddingUnavailable
    from search.embedding.e5 import MODEL_ID
    from search.embedding.e5_files import check_model
    from search.embedding.e5_weights import find_weights

    if settings.embedder not in ("auto", "e5"):
        return []
    try:
        weights = find_weights()
    except EmbeddingUnavailable:
        if settings.embedder == "e5":
            raise
        return []  # auto takes another embedder then
    return check_model(settings.models_path, MODEL_ID, weights)


def check_index(settings: Settings, database: Database, *, alone: bool) -> Check:
    """Does the index hold what the record has; one that is no server has one owner, and it may not be us."""
    from search.open import open_search

    is_server = settings.index == "client" and settings.qdrant_url is not None
    if not is_server and not alone:
        return Check("index", Level.OK, "open in the process that owns it, and asked there")
    if settings.index == "edge" and not (settings.data_dir / "index").exists():
        return Check("index", Level.OK, "not built yet; the service builds it when it starts")
    try:
        search = open_search(settings, database)
    except KbError as error:
        return Check("index", Level.FAIL, error.message(), "Run `kb reindex`.")
    try:
        return _compare(search, database)
    except KbError as error:
        return Check("index", Level.FAIL, error.message(), "Run `kb reindex`.")
    finally:
        search.close()


def _compare(search: Any, database: Database) -> Check:
    state = search.index.state()
    if state is None:
        return Check("index", Level.WARN, "not built yet", "Start the service, or run `kb reindex`.")
    if not state.is_for(embedder_id=search.embedder.model_id, analyzer_id=search.counter.version):
        finding = f"made by {state.embedder_id} and {state.analyzer_id}, which are not today's"
        return Check("index", Level.WARN, finding, "Starting the service rebuilds it.")
    with database.reading() as session:
        live = count_live(session)
        other = session.scalars(select(Edition.id).where(Edition.state != EditionState.LIVE)).all()
    points = search.index.count() - sum(search.index.count(edition_id=edition) for edition in other)
    if points != live:
        finding = f"{points} points for {live} live passages"
        return Check("index", Level.FAIL, finding, "Run `kb reindex`.")
    return Check("index", Level.OK, f"{points} passages, version {state.version()}")


def check_broker(settings: Settings) -> Check:
    """Can the broker be reached."""
    from kombu.connection import Connection
    from kombu.exceptions import OperationalError

    assert settings.broker_url is not None
    try:
        with Connection(settings.broker_url, connect_timeout=_TIMEOUT_SECONDS) as connection:  # type: ignore[no-untyped-call]
            connection.ensure_connection(max_retries=1, timeout=_TIMEOUT_SECONDS)
            shown = connection.as_uri()
    except (OperationalError, OSError) as error:
        return Check("broker", Level.FAIL, f"cannot be reached: {error}", "Check KB_BROKER_URL.")
    return Check("broker", Level.OK, shown)
