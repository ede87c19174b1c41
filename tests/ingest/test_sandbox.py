"""The converter child: limits that hold, a service that goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ingest import sandbox
from ingest.convert import convert
from ingest.limits import MIB, Limits
from ingest.sandbox import convert_in_child, stop_children
from kb.conversion import (
    ConversionError,
    ConversionMemory,
    ConversionTimeout,
    EncryptedDocument,
    OutputTooLarge,
    conversion_error,
)
from kb.errors import FileTooLarge, KbError
from tests.ingest.office_files import docx_bytes
from tests.ingest.pdf_files import PdfFile

MARKDOWN = "# عنوان\n\nمتن با ZWNJ: می‌روم\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode()
SLOW = b"- *a* [b](c) `d`\n\n" * 400_000


@pytest.fixture(autouse=True)
def _no_children_left() -> Iterator[None]:
    stop_children()
    yield
    stop_children()


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if is_converting(child)]


def is_converting(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # or a zombie
        return "ingest.child" in process.cmdline()
    return False


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (MARKDOWN, "x.md"),
        (docx_bytes(["یک", "دو"]), "x.docx"),
        (PdfFile().page().latin("some words").page().picture().to_bytes(), "x.pdf"),
    ],
)
def test_the_child_answers_what_the_converter_answers(data: bytes, name: str) -> None:
    assert convert_in_child(data, filename=name) == convert(data, filename=name)


def test_one_warm_child_serves_many_files() -> None:
    for _ in range(5):
        convert_in_child(MARKDOWN, filename="x.md")
    assert len(children()) == 1


def test_errors_cross_with_their_code_and_data() -> None:
    with pytest.raises(ConversionError) as caught:
        convert_in_child(b"", filename="nothing.pdf")
    assert (caught.value.code, caught.value.data["filename"]) == ("empty_document", "nothing.pdf")
    assert len(children()) == 1


def test_every_error_can_be_built_again_from_what_is_kept_of_it() -> None:
    kept = EncryptedDocument(filename="x.pdf")
    again = conversion_error(kept.code, kept.data)
    assert (type(again), again.data, str(again)) == (type(kept), kept.data, str(kept))


def test_a_file_beyond_the_size_limit_is_refused_before_anything_starts() -> None:
    with pytest.raises(FileTooLarge) as caught:
        convert_in_child(bytes(200 * MIB), filename="big.pdf", limits=Limits(input_bytes=100 * MIB))
    assert caught.value.data["limit_mib"] == 100
    assert children() == []


def test_a_file_that_needs_too_much_memory_ends_its_child_and_no_other() -> None:
    limits = Limits(memory_bytes=300 * MIB, output_chars=10**9)
    with pytest.raises(ConversionMemory) as caught:
        convert_in_child(b"word " * (16 * MIB), filename="huge.csv", limits=limits)
    assert caught.value.data["limit_mib"] == 300
    assert convert_in_child(MARKDOWN, filename="x.md", limits=limits).title == "عنوان"


def test_a_file_that_needs_too_much_processor_time_is_stopped() -> None:
    with pytest.raises(ConversionTimeout) as caught:
        convert_in_child(SLOW, filename="slow.md", limits=Limits(cpu_seconds=1))
    assert "1 s" in str(caught.value)
    assert children() == []


def test_a_file_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(ConversionTimeout):
        convert_in_child(SLOW, filename="slow.md", limits=Limits(wall_seconds=1))
    assert children() == []


def test_more_text_than_allowed_is_refused() -> None:
    with pytest.raises(OutputTooLarge) as caught:
        convert_in_child(MARKDOWN * 100, filename="x.md", limits=Limits(output_chars=1000))
    assert caught.value.data["limit_chars"] == 1000


def test_a_child_that_died_idle_is_replaced() -> None:
    convert_in_child(MARKDOWN, filename="x.md")
    (child,) = children()
    child.kill()
    child.wait()
    assert convert_in_child(MARKDOWN, filename="x.md").title == "عنوان"


def test_threads_convert_side_by_side() -> None:
    with ThreadPoolExecutor(4) as pool:
        titles = list(pool.map(lambda n: convert_in_child(MARKDOWN, filename=f"{n}.md").title, range(12)))
    assert titles == ["عنوان"] * 12


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_sees_no_settings_and_no_files_of_its_parent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KB_SECRET", "do not tell")
    with (tmp_path / "open").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        convert_in_child(MARKDOWN, filename="x.md")
        (child,) = children()
        assert "KB_SECRET" not in child.environ()
        assert str(tmp_path / "open") not in [opened.path for opened in child.open_files()]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends it on Linux only")
def test_a_busy_child_dies_with_its_parent() -> None:
    program = (
        "import sys, threading, time, psutil\n"
        "from ingest.sandbox import convert_in_child\n"
        "data = b'- *a* [b](c) `d`\\n\\n' * 400_000\n"
        "def tell():\n"
        "    while not (found := psutil.Process().children()): time.sleep(0.01)\n"
        "    time.sleep(0.5); print(found[0].pid, flush=True)\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
        "convert_in_child(data, filename='slow.md')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 60
    with suppress(psutil.NoSuchProcess):
        child = psutil.Process(pid)
        while is_converting(child):
            assert time.monotonic() < deadline, "the child outlived its parent"
            time.sleep(0.05)


def test_a_crash_of_a_parser_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    convert_in_child(MARKDOWN, filename="x.md")
    idle = children()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(convert_in_child, SLOW, filename="slow.md")
        while not any(child.cpu_times().user > 0.5 for child in children() if child not in idle):
            time.sleep(0.05)
        for child in children():
            child.send_signal(signal.SIGSEGV)
        with pytest.raises(ConversionError) as caught:
            waiting.result()
    assert caught.value.code == "unreadable_document"
    assert convert_in_child(MARKDOWN, filename="x.md").title == "عنوان"


def test_conversion_errors_are_bad_input() -> None:
    error = conversion_error("archive_bomb", {"filename": "a", "unpacked_mib": 5, "limit_mib": 1})
    assert isinstance(error, KbError)
    assert sandbox.MOST_CONVERSIONS > 1
