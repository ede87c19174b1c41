from datetime import UTC, datetime, timedelta

import pytest

from kb.errors import (
    EmbeddingUnavailable,
    EmptyText,
    IndexUnavailable,
    KbError,
    StorageFull,
    VectorsMissing,
)
from kb.retry import decide

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (1, 5),  # 5 * 2^0
        (2, 10),  # 5 * 2^1
        (3, 20),  # 5 * 2^2
        (7, 320),  # 5 * 2^6
        (8, 600),  # 5 * 2^7 = 640, capped
        (9, 600),
        (100_000, 600),
    ],
)
def test_delays_double_up_to_ten_minutes(attempts: int, seconds: int) -> None:
    assert decide("embedding_unavailable", attempts, NOW).retry_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "error",
    [
        IndexUnavailable(reason="x"),
        EmbeddingUnavailable(reason="x"),
        StorageFull(),
        VectorsMissing(count=1, model_id="m"),
    ],
    ids=lambda error: error.code,
)
def test_what_is_only_unavailable_is_tried_again(error: KbError) -> None:
    assert decide(error.code, 1, NOW).retry_at is not None


@pytest.mark.parametrize("code", [EmptyText.code, "not_found", "encrypted_pdf", "job_gave_up", "anything"])
def test_what_fails_the_same_way_again_is_not(code: str) -> None:
    assert decide(code, 1, NOW).retry_at is None
