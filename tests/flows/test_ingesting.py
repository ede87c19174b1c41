"""`kb ingest` and `kb search`, beside the running service and without it."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from kb.database import Database
from kb.passage import Vector
from tests.flows.conftest import Installation, interrupt, wait_until


def _by_name(answer: dict[str, Any]) -> dict[str, Any]:
    return {Path(file["path"]).name: file for file in answer["files"]}


def _vectors(installation: Installation) -> int:
    database = Database(installation.settings().record_url)
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Vector))
    database.close()
    assert count is not None
    return count


def test_without_a_service_everything_happens_in_the_command(
    installation: Installation, documents: Path
) -> None:
    answer = installation.kb_json("ingest", str(documents), "--audience", "public", exit_code=1)
    files = _by_name(answer)
    assert {name: file["status"] for name, file in files.items()} == {
        "empty.txt": "failed",
        "refund.txt": "indexed",
        "returns.md": "indexed",
    }
    assert files["empty.txt"]["error_code"] == "empty_document"
    assert "has no text in it" in files["empty.txt"]["error"]
    found = installation.kb_json("search", "چند روز برای پس دادن کالا وقت دارم", "--audience", "public")
    assert found["hits"][0]["title"] == "بازگشت کالا"
    assert "هفت روز" in found["answer"]["text"]


def test_beside_a_service_the_service_does_the_work(installation: Installation, documents: Path) -> None:
    serving = installation.serve()
    answer = installation.kb_json("ingest", str(documents), exit_code=1)
    assert answer["summary"] == {"failed": 1, "indexed": 2}
    found = installation.kb_json("search", "how long does a refund take")
    assert found["hits"][0]["origin"]["id"] == _by_name(answer)["refund.txt"]["source_id"]
    hidden = installation.kb_json("search", "how long does a refund take", "--audience", "public")
    assert hidden["hits"] == []
    assert "indexed" in installation.kb("sources", "list")
    assert interrupt(serving) == 0


def test_a_question_is_answered_alike_beside_a_service_and_without_one(
    installation: Installation, documents: Path
) -> None:
    installation.kb("ingest", str(documents), exit_code=1)
    question = ("search", "چند روز برای پس دادن کالا وقت دارم")
    alone = installation.kb_json(*question)
    refused = installation.kb("search", " ", exit_code=1)
    serving = installation.serve()
    beside = installation.kb_json(*question)
    assert (
        installation.kb("search", " ", exit_code=1) == refused == "query is empty. Write at least one word.\n"
    )
    service = installation.service()
    assert service is not None
    host = service.url
    for hit in (*beside["hits"], beside["answer"]):
        assert hit["url"].startswith(host)
        hit["url"] = hit["url"].removeprefix(host)
    assert {**alone, "took_ms": 0} == {**beside, "took_ms": 0}
    assert interrupt(serving) == 0


def test_bytes_that_are_no_text_are_taken_from_a_shell(installation: Installation, documents: Path) -> None:
    folder = os.fsencode(documents)
    for name in (b"\xff.txt", b"\xfe.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_text(f"Opening hours of desk {name!r}.\n", "utf-8")
    installation.variables["PYTHONIOENCODING"] = "utf-8:strict"  # as a terminal has it
    answer = installation.kb_json("ingest", str(documents), exit_code=1)
    assert answer["summary"] == {"failed": 1, "indexed": 4}
    assert {r"\xff.txt", r"\xfe.txt"} < set(_by_name(answer))
    assert installation.kb_json("ingest", str(documents), exit_code=1)["summary"] == {
        "failed": 1,
        "unchanged": 4,
    }
    asked = os.fsdecode(b"opening hours \xff")
    assert len(installation.kb_json("search", asked)["hits"]) == 4
    serving = installation.serve()
    assert len(installation.kb_json("search", asked)["hits"]) == 4
    installation.kb("search", asked)
    assert interrupt(serving) == 0


def test_an_unchanged_file_is_not_embedded_again_and_a_changed_one_replaces_itself(
    installation: Installation, documents: Path
) -> None:
    (documents / "empty.txt").unlink()
    installation.kb("ingest", str(documents))
    vectors = _vectors(installation)
    assert installation.kb_json("ingest", str(documents))["summary"] == {"unchanged": 2}
    assert _vectors(installation) == vectors
    (documents / "refund.txt").write_text("Vouchers are paid out within one hour.\n", "utf-8")
    assert installation.kb_json("ingest", str(documents))["summary"] == {"indexed": 1, "unchanged": 1}
    titles = [hit["snippet"] for hit in installation.kb_json("search", "three working days")["hits"]]
    assert not any("three working days" in title for title in titles)
    assert "one hour" in installation.kb("search", "when are vouchers paid out")


def test_knowledge_outlives_the_service(installation: Installation, documents: Path) -> None:
    serving = installation.serve()
    installation.kb("ingest", str(documents / "returns.md"))
    assert interrupt(serving) == 0
    serving = installation.serve()
    assert "هفت روز" in installation.kb("search", "مهلت پس دادن کالا")
    assert interrupt(serving) == 0


def test_a_path_that_is_not_there_is_wrong_usage(installation: Installation, tmp_path: Path) -> None:
    assert "no such file" in installation.kb("ingest", str(tmp_path / "nowhere"), exit_code=2)


def test_reindexing_through_the_service_and_alone(installation: Installation, documents: Path) -> None:
    installation.kb("ingest", str(documents / "returns.md"))
    assert "The index holds 2 passages." in installation.kb("reindex")
    serving = installation.serve()
    assert "The index holds 2 passages." in installation.kb("reindex")
    assert interrupt(serving) == 0


def test_a_failed_document_can_be_tried_again(installation: Installation, documents: Path) -> None:
    serving = installation.serve()
    installation.kb("ingest", str(documents / "empty.txt"), exit_code=1)
    failed = installation.kb_json("jobs", "list", "--state", "failed")["jobs"]
    assert [job["error_code"] for job in failed] == ["empty_document"]
    installation.kb("jobs", "retry", "--all")
    assert "0 done, 1 failed." in installation.kb("jobs", "wait", failed[0]["id"], exit_code=1)
    assert interrupt(serving) == 0


def test_the_doctor_finds_a_healthy_installation_well(installation: Installation, documents: Path) -> None:
    installation.kb("ingest", str(documents / "returns.md"))
    assert "All is well." in installation.kb("doctor")
    serving = installation.serve()
    service = installation.service()
    assert service is not None
    ready = f"{service.url}/health/ready"
    wait_until(lambda: httpx.get(ready, trust_env=False).is_success, what="the model to be loaded")
    assert "All is well." in installation.kb("doctor")
    assert interrupt(serving) == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_is_loaded_once_and_found(installation: Installation) -> None:
    serving = installation.serve("--demo")
    wait_until(
        lambda: "The demo is searchable." in installation.output(serving), what="the demo", seconds=400
    )
    assert "0 items added" in installation.kb("demo")
    found = installation.kb_json("search", "سفارشمو چطور کنسل کنم", "--audience", "public")
    assert any("لغو سفارش" in hit["title"] for hit in found["hits"][:3])
    assert interrupt(serving) == 0
    serving = installation.serve("--demo")
    assert interrupt(serving) == 0
    assert "Loading" not in installation.output(serving)
