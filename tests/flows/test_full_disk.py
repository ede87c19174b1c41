"""A full disk: what cannot be written is refused, nothing is half-written, and work goes on later."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from search.shard import LEAST_FREE_BYTES
from tests.flows.conftest import Installation, interrupt, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit(2)")


@contextmanager
def _nothing_fits(*pids: int) -> Iterator[None]:
    """These processes can write no file, as on a full disk."""
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.bin.txt").write_text(f"{number} {os.urandom(30_000).hex()}\n")
    return folder


def test_a_record_that_is_full_refuses_and_keeps_what_it_has(
    installation: Installation, tmp_path: Path
) -> None:
    installation.kb("init")
    folder = _many(tmp_path / "many", 40)
    limit = 1_500_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    full = installation.run("ingest", str(folder), "--no-wait", preexec_fn=limited)
    assert full.returncode == 1
    assert "The disk is full" in full.stderr
    assert "Traceback" not in full.stderr
    kept = len(installation.kb_json("sources", "list"))
    assert 0 < kept < 40
    assert "chain unbroken" in installation.kb("audit", "verify")
    installation.kb("ingest", str(folder), "--no-wait")
    assert len(installation.kb_json("sources", "list")) == 40


def test_a_worker_that_cannot_write_waits_and_loses_nothing(
    installation: Installation, documents: Path
) -> None:
    serving = installation.serve()
    worker = installation.worker_of(serving)
    with _nothing_fits(worker.pid):
        installation.kb("ingest", str(documents), "--no-wait")
        time.sleep(5)  # its log is a file, too: there is nothing to wait for
        assert worker.is_running()
        assert installation.kb_json("jobs", "list")["counts"]["pending"] == 3

    def all_ended() -> bool:
        counts = installation.kb_json("jobs", "list")["counts"]
        return bool(counts["done"] == 2 and counts["failed"] == 1)

    # `kb jobs wait` counts only what is still open when it starts: the first may have ended by then
    wait_until(all_ended, what="the three jobs")
    installation.kb("jobs", "wait")  # until the index has what they made
    assert "هفت روز" in installation.kb("search", "مهلت پس دادن کالا")
    assert interrupt(serving) == 0


def test_a_service_that_cannot_write_still_answers(installation: Installation, documents: Path) -> None:
    serving = installation.serve()
    installation.kb("ingest", str(documents / "returns.md"))
    service = installation.service()
    assert service is not None
    headers = {"Authorization": f"Bearer {service.operator_token}"}
    with (
        httpx.Client(base_url=service.url, headers=headers, trust_env=False, timeout=30) as client,
        _nothing_fits(serving.pid),
    ):
        data = {"audience": "internal"}
        refused = client.post("/v1/sources", files={"file": ("a.txt", b"Some words.")}, data=data)
        assert refused.json()["code"] == "storage_full"
        found = client.post("/v1/search", json={"query": "مهلت پس دادن کالا"})
        assert "هفت روز" in found.json()["answer"]["text"]
        assert client.get("/health/live").status_code == 200
    installation.kb("ingest", str(documents / "refund.txt"))
    assert "three working days" in installation.kb("search", "refund to a bank card")
    assert "chain unbroken" in installation.kb("audit", "verify")
    assert interrupt(serving) == 0


@pytest.fixture
def small_disk(installation: Installation) -> Iterator[Path]:
    """The index on a file system of its own."""
    index = installation.data_dir / "index"
    index.mkdir(parents=True)
    size = LEAST_FREE_BYTES * 2
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(index)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("file systems cannot be mounted here")
    yield index
    installation.end()
    subprocess.run(["umount", str(index)], check=True)


def test_an_index_without_room_catches_up_later(
    small_disk: Path, installation: Installation, documents: Path
) -> None:
    serving = installation.serve()
    installation.kb("ingest", str(documents / "returns.md"))
    filler = small_disk / "filler"
    filler.write_bytes(bytes(LEAST_FREE_BYTES))
    installation.kb("ingest", str(documents / "refund.txt"), "--no-wait")
    service = installation.service()
    assert service is not None
    wait_until(lambda: "disk is full" in httpx.get(f"{service.url}/health/ready").text, what="a complaint")
    assert "هفت روز" in installation.kb("search", "مهلت پس دادن کالا")
    assert serving.poll() is None
    filler.unlink()
    assert "0 failed" in installation.kb("jobs", "wait")
    installation.kb("ingest", str(documents / "refund.txt"))
    assert "three working days" in installation.kb("search", "refund to a bank card")
    assert interrupt(serving) == 0
