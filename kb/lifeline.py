"""Ending together: a child process that does not outlive its parent, whatever kills the parent."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def follow_parent(parent_pid: int, lifeline: int, gone: Callable[[], None]) -> None:
    """Call `gone` from another thread as soon as the parent is no more; ask the kernel to kill us then, too.

    The pipe works where the kernel does not help.

    Args:
        parent_pid: who started this process; when it is no longer our parent, `gone` is called at once.
        lifeline: descriptor of a pipe's reading end; only the parent holds the other end, and writes nothing.
    """
    if not end_with_parent(parent_pid):
        gone()
        return
    threading.Thread(target=_watch, args=(lifeline, gone), name="lifeline", daemon=True).start()


def end_with_parent(parent_pid: int) -> bool:
    """Ask the kernel (Linux) to kill this process with the thread that started it; False when that is gone.

    It also works while every thread of this process is stuck in native code.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent_pid  # it may have gone before the kernel was asked


def _watch(lifeline: int, gone: Callable[[], None]) -> None:
    # Not through a buffered file: the interpreter could not end while this thread holds its lock.
    while os.read(lifeline, 1):
        pass
    gone()
