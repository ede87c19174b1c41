"""Calls outside: given up in time, few at once, and left alone after failures."""

import threading
from collections.abc import Callable, Iterator

import pytest

from kb.errors import RerankerUnavailable
from search.breaker import FAILURES_TO_OPEN, REST_SECONDS, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hang() -> Iterator[Callable[[], int]]:
    """Work that does not end before the test does."""
    ended = threading.Event()

    def work() -> int:
        ended.wait(30)
        return 1

    yield work
    ended.set()


def breaker(clock: Clock, *, timeout: float = 30.0, most_at_once: int = 2) -> Breaker:
    return Breaker(timeout_seconds=timeout, most_at_once=most_at_once, error=RerankerUnavailable, clock=clock)


def fail() -> int:
    raise RerankerUnavailable(reason="down")


def open_it(made: Breaker) -> None:
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(RerankerUnavailable, match="down"):
            made.call(fail)


def test_the_work_is_done_and_its_error_raised_as_it_is(clock: Clock) -> None:
    made = breaker(clock)
    assert made.call(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        made.call(lambda: 1 // 0)


def test_work_that_takes_too_long_is_given_up(clock: Clock, hang: Callable[[], int]) -> None:
    with pytest.raises(RerankerUnavailable, match="no answer within"):
        breaker(clock, timeout=0.02).call(hang)


def test_work_that_nobody_waits_for_any_more_still_takes_its_place(
    clock: Clock, hang: Callable[[], int]
) -> None:
    made = breaker(clock, timeout=0.02, most_at_once=1)
    with pytest.raises(RerankerUnavailable, match="no answer"):
        made.call(hang)
    with pytest.raises(RerankerUnavailable, match="too many"):
        made.call(lambda: 1)


def test_after_failures_in_a_row_nothing_is_called_until_the_rest_is_over(clock: Clock) -> None:
    made = breaker(clock)
    open_it(made)
    called: list[int] = []
    clock.now = REST_SECONDS - 0.1
    with pytest.raises(RerankerUnavailable, match="left alone after 3 failures"):
        made.call(lambda: called.append(1))
    assert called == []
    clock.now = REST_SECONDS
    made.call(lambda: called.append(1))
    assert called == [1]


def test_one_call_tries_after_the_rest_and_the_others_go_on_without(clock: Clock) -> None:
    made = breaker(clock)
    open_it(made)
    clock.now = REST_SECONDS

    def another_meanwhile() -> str:
        with pytest.raises(RerankerUnavailable, match="left alone"):
            made.call(lambda: 1)
        return "tried"

    assert made.call(another_meanwhile) == "tried"
    assert made.call(lambda: 1) == 1


def test_a_try_that_fails_begins_another_rest(clock: Clock) -> None:
    made = breaker(clock)
    open_it(made)
    clock.now = REST_SECONDS
    with pytest.raises(RerankerUnavailable, match="down"):
        made.call(fail)
    with pytest.raises(RerankerUnavailable, match="left alone"):
        made.call(lambda: 1)


def test_a_success_between_failures_keeps_it_in_use(clock: Clock) -> None:
    made = breaker(clock)
    for _ in range(2 * FAILURES_TO_OPEN):
        with pytest.raises(RerankerUnavailable, match="down"):
            made.call(fail)
        assert made.call(lambda: 1) == 1
