import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kb.errors import DataDirectoryInUse, InvalidInput
from kb.installation import DataDirectory, ServiceInfo, running_service

#: owns the directory until it is killed; says so when it does
OWNER = """
import sys, time
from pathlib import Path
from kb.installation import DataDirectory
directory = DataDirectory(Path(sys.argv[1]))
directory.create()
directory.lock()
if len(sys.argv) > 2:
    directory.announce(url=sys.argv[2], operator_token="t" * 20)
print("ready", flush=True)
time.sleep(1000)
"""


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    made = DataDirectory(tmp_path / "deep" / "data")
    made.create()
    return made


def start_owner(directory: DataDirectory, *url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(directory.path), *url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_the_directory_is_its_owners_alone(directory: DataDirectory) -> None:
    assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700
    directory.create()


def test_a_place_that_cannot_be_a_directory_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(InvalidInput) as refusal:
            DataDirectory(place).create()
        assert refusal.value.data["field"] == "KB_DATA_DIR"
        assert str(place) in refusal.value.message("en")


def test_one_process_owns_it_and_the_second_is_told_which(directory: DataDirectory) -> None:
    owner = start_owner(directory, "http://127.0.0.1:8000")
    try:
        with pytest.raises(DataDirectoryInUse) as refusal:
            DataDirectory(directory.path).lock()
        assert refusal.value.data["pid"] == owner.pid
        assert "http://127.0.0.1:8000" in refusal.value.message("fa")
        assert running_service(directory.path) == ServiceInfo(owner.pid, "http://127.0.0.1:8000", "t" * 20)
    finally:
        kill(owner)


def test_a_killed_owner_leaves_it_free_and_its_file_means_nothing(directory: DataDirectory) -> None:
    owner = start_owner(directory, "http://127.0.0.1:8000")
    kill(owner)
    assert directory.service_path.exists()
    assert running_service(directory.path) is None
    directory.lock()
    assert running_service(directory.path) is None, "the lock is held, but not by who wrote the file"
    directory.announce(url="http://127.0.0.1:1", operator_token="x")
    found = running_service(directory.path)
    assert found is not None
    assert (found.pid, found.url) == (os.getpid(), "http://127.0.0.1:1")
    directory.withdraw()
    directory.withdraw()
    assert running_service(directory.path) is None
    directory.unlock()
    directory.unlock()
    directory.lock()
    directory.unlock()


def test_an_owner_that_is_no_service_is_named_without_an_address(directory: DataDirectory) -> None:
    owner = start_owner(directory)
    try:
        with pytest.raises(DataDirectoryInUse) as refusal:
            DataDirectory(directory.path).lock()
        assert refusal.value.data["address"] == ""
        assert running_service(directory.path) is None
    finally:
        kill(owner)


def test_a_glance_at_the_lock_does_not_stop_a_service_from_starting(directory: DataDirectory) -> None:
    directory.lock_path.touch()
    fd = os.open(directory.lock_path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH)
    glance = threading.Timer(1, os.close, args=[fd])  # by a process that was put to sleep meanwhile
    glance.start()
    directory.lock()
    directory.unlock()
    glance.join()


def test_the_token_is_for_the_owner_only_and_not_printed(directory: DataDirectory) -> None:
    directory.lock()
    directory.announce(url="http://127.0.0.1:1", operator_token="very secret")
    assert stat.S_IMODE(directory.service_path.stat().st_mode) == 0o600
    assert "very secret" not in repr(running_service(directory.path))
    directory.unlock()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', "\0\0"])
def test_a_broken_service_file_is_no_service(directory: DataDirectory, content: str) -> None:
    directory.service_path.write_text(content)
    directory.lock()
    assert running_service(directory.path) is None
    directory.unlock()
    assert running_service(directory.path / "nowhere") is None
