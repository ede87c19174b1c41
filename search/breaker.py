"""Calls to parts outside that may be slow, broken or gone, so that a search never waits for them in vain."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from kb.errors import GenerationUnavailable, RerankerUnavailable

Answered = TypeVar("Answered")

#: failures in a row after which the part is left alone
FAILURES_TO_OPEN = 3
#: how long it is left alone before one call tries again
REST_SECONDS = 30.0


class Breaker:
    """A deadline, a bound on calls at once, and a rest after failures. Safe for several threads.

    After Nygard, "Release It!" (timeouts, bulkheads, circuit breaker).

    Args:
        timeout_seconds: a call has ended for its caller after this, whatever its thread still does.
        most_at_once: calls under way, also those that nobody waits for any more; further ones are refused.
        error: raised where the part did not answer.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float,
        most_at_once: int,
        error: type[RerankerUnavailable] | type[GenerationUnavailable],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._slots = threading.BoundedSemaphore(most_at_once)
        self._error = error
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until: float | None = None

    def call(self, work: Callable[[], Answered]) -> Answered:
        """What `work` returns.

        Raises:
            RerankerUnavailable, GenerationUnavailable: too late, too many at once, or resting after failures.
            Exception: whatever `work` raises; counts as a failure.
        """
        self._admit()
        if not self._slots.acquire(blocking=False):
            raise self._error(reason="too many calls are under way")
        future: Future[Answered] = Future()
        # A daemon: a call that hangs must not keep the process from ending.
        threading.Thread(target=self._run, args=(work, future), name="outside-call", daemon=True).start()
        try:
            answered = future.result(self._timeout_seconds)
        except TimeoutError:
            self._note_failure()
            raise self._error(reason=f"no answer within {self._timeout_seconds:g} s") from None
        except Exception:
            self._note_failure()
            raise
        with self._lock:
            self._failures, self._rests_until = 0, None
        return answered

    def _run(self, work: Callable[[], Answered], future: Future[Answered]) -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)  # raised again in the thread that waits
        finally:
            self._slots.release()

    def _admit(self) -> None:
        with self._lock:
            if self._rests_until is None:
                return
            now = self._clock()
            if now < self._rests_until:
                raise self._error(reason=f"left alone after {self._failures} failures in a row")
            self._rests_until = now + REST_SECONDS  # this call tries; the others go on without

    def _note_failure(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._rests_until = self._clock() + REST_SECONDS
