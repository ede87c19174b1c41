"""`kb doctor`: one line for each thing, what is wrong, and what to do."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from kb.clock import utc_now
from kb.database import Database
from kb.installation import DataDirectory
from kb.outbox import Job, enqueue
from kb.settings import Settings
from kb.vocabulary import JobName
from tests.cli.conftest import Kb
from tests.endpoints import json_answer, serve
from tests.oidc_provider import serve_provider


@pytest.fixture(autouse=True)
def _shared_model(monkeypatch: pytest.MonkeyPatch, models_dir: Path) -> None:
    """The model is unpacked once for all of these tests."""
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))


def _findings(kb: Kb, *, exit_code: int) -> dict[str, dict[str, Any]]:
    ran = kb("doctor", "--json")
    assert ran.exit_code == exit_code, ran.out
    return {check["name"]: check for check in ran.json}


def test_a_fresh_installation_is_well(kb: Kb) -> None:
    kb("init")
    findings = _findings(kb, exit_code=0)
    assert {check["level"] for check in findings.values()} == {"ok"}
    assert findings["index"]["finding"].startswith("not built yet")
    assert findings["embedder"]["finding"].startswith("multilingual-e5-small")


def test_without_a_data_directory_nothing_is_created(kb: Kb, data_dir: Path) -> None:
    findings = _findings(kb, exit_code=1)
    assert findings["data directory"]["level"] == "fail"
    assert "kb init" in findings["data directory"]["advice"]
    assert not data_dir.exists()


def test_readable_for_others_is_a_warning(kb: Kb, data_dir: Path) -> None:
    kb("init")
    data_dir.chmod(0o755)
    assert _findings(kb, exit_code=0)["permissions"]["level"] == "warn"


def test_a_record_without_a_schema_is_broken(kb: Kb, data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    findings = _findings(kb, exit_code=1)
    assert "kb init" in findings["record"]["advice"]


def test_jobs_that_nobody_takes_are_found(kb: Kb, data_dir: Path) -> None:
    kb("init")
    database = Database(Settings(data_dir=data_dir, _env_file=None).record_url)
    with database.transaction() as session:
        enqueue(session, name=JobName.INDEX_NOTE, subject_id="x")
        session.execute(update(Job).values(due_at=utc_now().replace(year=2020)))
    database.close()
    findings = _findings(kb, exit_code=0)
    assert "1 wait for a worker" in findings["jobs"]["finding"]


def test_an_owner_that_is_no_service_is_named(kb: Kb, data_dir: Path) -> None:
    kb("init")
    owner = DataDirectory(data_dir)
    owner.lock()
    try:
        findings = _findings(kb, exit_code=0)
    finally:
        owner.unlock()
    assert findings["service"]["level"] == "warn"


def test_a_service_that_does_not_answer_is_found(kb: Kb, data_dir: Path) -> None:
    kb("init")
    owner = DataDirectory(data_dir)
    owner.lock()
    owner.announce(url="http://127.0.0.1:1", operator_token="t")
    try:
        findings = _findings(kb, exit_code=1)
    finally:
        owner.withdraw()
        owner.unlock()
    assert "does not answer" in findings["service"]["finding"]


def test_a_broker_that_is_away_is_found(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    monkeypatch.setenv("KB_INDEX", "client")
    monkeypatch.setenv("KB_BROKER_URL", "redis://127.0.0.1:1/0")
    assert _findings(kb, exit_code=1)["broker"]["level"] == "fail"


def test_an_index_server_that_is_away_is_found(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    monkeypatch.setenv("KB_INDEX", "client")
    monkeypatch.setenv("KB_QDRANT_URL", "http://127.0.0.1:1")
    assert _findings(kb, exit_code=1)["index"]["level"] == "fail"


def test_a_record_that_is_away_is_found(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    monkeypatch.setenv("KB_DATABASE_URL", "postgresql://x:y@127.0.0.1:1/x")
    findings = _findings(kb, exit_code=1)
    assert "cannot be reached" in findings["record"]["finding"]


def test_an_embedder_that_is_away_is_found(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    monkeypatch.setenv("KB_EMBEDDER", "openai")
    monkeypatch.setenv("KB_EMBEDDER_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("KB_EMBEDDER_MODEL", "some-model")
    assert _findings(kb, exit_code=1)["embedder"]["level"] == "fail"


def test_a_second_stage_that_answers_is_well_and_one_that_does_not_is_found(
    kb: Kb, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb("init")
    rerank = json_answer([{"index": 0, "score": 0.9}, {"index": 1, "score": 0.1}])
    message = {"role": "assistant", "content": "سلام"}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    written = json_answer(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    )
    with (
        serve("/rerank", lambda _: rerank) as reranker,
        serve("/chat/completions", lambda _: written, base="/v1") as chat,
    ):
        monkeypatch.setenv("KB_RERANKER", "http")
        monkeypatch.setenv("KB_RERANKER_URL", f"{reranker.url}/rerank")
        monkeypatch.setenv("KB_LLM_URL", chat.url)
        monkeypatch.setenv("KB_LLM_MODEL", "some-model")
        findings = _findings(kb, exit_code=0)
        assert (findings["reranker"]["level"], findings["generation"]["level"]) == ("ok", "ok")
        reranker.answer = chat.answer = lambda _: json_answer({}, status=401)
        findings = _findings(kb, exit_code=1)
    assert "KB_RERANKER_API_KEY" in findings["reranker"]["finding"]
    assert "KB_LLM_API_KEY" in findings["generation"]["finding"]


def _with_provider(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("KB_OIDC_ISSUER", issuer)
    monkeypatch.setenv("KB_OIDC_CLIENT_ID", "nagofte")


def test_an_identity_provider_is_asked_what_it_announces(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    kb("init")
    with serve_provider() as idp:
        _with_provider(monkeypatch, idp.url)
        idp.metadata = {"code_challenge_methods_supported": ["plain"]}
        findings = _findings(kb, exit_code=0)
        assert findings["identity provider"]["finding"] == f"{idp.url}, 1 keys, signs ES256, RS256"
        assert findings["identity provider: PKCE"]["level"] == "warn"
        assert "KB_PUBLIC_URL" in findings["identity provider: address"]["advice"]
        assert "identity provider: clock" not in findings
        monkeypatch.setenv("KB_PUBLIC_URL", "https://kb.example/")
        address = _findings(kb, exit_code=0)["identity provider: address"]
        assert address["finding"].startswith("https://kb.example/sign-in/provider/back ")


def test_an_identity_provider_that_is_another_or_down_is_a_failure(
    kb: Kb, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb("init")
    with serve_provider() as idp:
        _with_provider(monkeypatch, idp.url)
        idp.metadata = {"issuer": "https://other.example"}
        assert "https://other.example" in _findings(kb, exit_code=1)["identity provider"]["finding"]
    finding = _findings(kb, exit_code=1)["identity provider"]
    assert idp.url in finding["finding"]
    assert "KB_OIDC_ISSUER" in finding["advice"]
