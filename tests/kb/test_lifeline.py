"""A child that does not outlive its parent."""

import os
import subprocess
import sys

PROGRAM = """
import os, sys, time
from kb.lifeline import follow_parent
follow_parent(int(sys.argv[1]), sys.stdin.fileno(), gone=lambda: os._exit(7))
print("follows", flush=True)
time.sleep(300)
"""


def _start(parent: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(parent)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_a_child_goes_when_the_pipe_closes() -> None:
    child = _start(os.getpid())
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == b"follows\n"
    child.stdin.close()
    assert child.wait(60) == 7


def test_a_child_whose_parent_is_gone_already_goes_at_once() -> None:
    child = _start(1)
    assert child.wait(60) == 7
