"""Real installations in temporary directories, driven through the `kb` command as processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from kb.installation import ServiceInfo, running_service
from kb.settings import Settings
from search.embedding import EmbedderConfig, make_embedder

PATIENCE_SECONDS = 120.0


def wait_until(condition: Callable[[], Any], *, what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """What `condition` gives as soon as that is true."""
    give_up_at = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < give_up_at, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)


@dataclass
class Installation:
    """One data directory and the processes that a test starts on it."""

    data_dir: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
        return {**kept, "KB_DATA_DIR": str(self.data_dir), "KB_EMBEDDER_THREADS": "1", **self.variables}

    def run(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run a `kb` command to its end, whatever that is."""
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            env=self.environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            **options,
        )

    def kb(self, *arguments: str, exit_code: int = 0) -> str:
        """What a command printed that ends with `exit_code`; with its errors where that is not 0."""
        done = self.run(*arguments)
        assert done.returncode == exit_code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if exit_code == 0 else done.stdout + done.stderr

    def kb_json(self, *arguments: str, exit_code: int = 0) -> Any:
        """What a command printed as JSON."""
        done = self.run(*arguments, "--json")
        assert done.returncode == exit_code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def start(self, *arguments: str, module: bool = False) -> "subprocess.Popen[str]":
        """Start a `kb` command, or a Python module, that goes on; it is killed at the end of the test."""
        log = (self.home / f"{arguments[0]}-{len(self.started)}.log").open("w+")
        process = subprocess.Popen(
            [sys.executable, "-m", *(arguments if module else ("cli", *arguments))],
            env=self.environment(),
            cwd=self.home,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        process.log = log  # type: ignore[attr-defined]
        self.started.append(process)
        return process

    def output(self, process: "subprocess.Popen[str]") -> str:
        """What a started process has printed so far."""
        log = process.log  # type: ignore[attr-defined]
        log.seek(0)
        return str(log.read())

    def serve(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the service on a free port and wait until it listens."""
        process = self.start("serve", "--port", "0", *arguments)

        def listens() -> ServiceInfo | None:
            assert process.poll() is None, self.output(process)
            service = self.service()
            return service if service is not None and service.pid == process.pid else None

        wait_until(listens, what="the service")
        return process

    def service(self) -> ServiceInfo | None:
        return running_service(self.data_dir)

    def worker_of(self, process: "subprocess.Popen[str]") -> psutil.Process:
        """The worker child of a service."""
        return wait_until(lambda: _worker(process.pid), what="the worker")  # type: ignore[no-any-return]

    def settings(self) -> Settings:
        """The settings as the processes see them."""
        values: Mapping[str, Any] = {
            name.removeprefix("KB_").lower(): value
            for name, value in self.environment().items()
            if name.startswith("KB_")
        }
        return Settings(**values, _env_file=None)

    def end(self) -> None:
        for process in self.started:
            if process.poll() is not None:
                continue  # its number may be another's by now
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()


def _worker(pid: int) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children():
            if child.cmdline()[1:] == ["-m", "workers"]:
                return child
    return None


def is_gone(process: psutil.Process) -> bool:
    """Whether it has ended, reaped or not."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def interrupt(process: "subprocess.Popen[str]") -> int:
    """Ctrl-C, and the exit code it leads to."""
    process.send_signal(signal.SIGINT)
    return process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def unpacked_model(models_dir: Path) -> Path:
    """Where the default model is, unpacked before several processes want it."""
    make_embedder(EmbedderConfig(models_directory=models_dir)).warm_up()
    return models_dir


@pytest.fixture
def installation(tmp_path: Path, unpacked_model: Path) -> Iterator[Installation]:
    data_dir = tmp_path / "data"
    found = Installation(data_dir, tmp_path, {"KB_MODELS_DIR": str(unpacked_model)})
    yield found
    found.end()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with two short documents and one that cannot be read."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "returns.md").write_text("# بازگشت کالا\n\nکالا را تا هفت روز می‌توانید پس بدهید.\n", "utf-8")
    (folder / "refund.txt").write_text("Refunds to a bank card take three working days.\n", "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    return folder
