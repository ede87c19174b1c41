"""Passages as values, and a real chat endpoint."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kb.clock import utc_now
from kb.edition import LivePassage
from kb.vocabulary import Audience, Language, OriginKind, PassageField
from tests.endpoints import Answer, EndpointServer, json_answer, serve


@pytest.fixture
def passage() -> Callable[..., LivePassage]:
    """`passage("text")`: a public passage; each has its own ids."""
    made: list[LivePassage] = []

    def make(text: str, *, title: str = "عنوان", heading_path: tuple[str, ...] = ()) -> LivePassage:
        number = len(made) + 1
        one = LivePassage(
            id=f"p{number}",
            edition_id=f"e{number}",
            origin_kind=OriginKind.ARTICLE,
            origin_id=f"o{number}",
            field=PassageField.BODY,
            start=10 * number,
            end=10 * number + len(text),
            heading_path=heading_path,
            text=text,
            places=None,
            analyzer_id="",
            title=title,
            audience=Audience.PUBLIC,
            language=Language.PERSIAN,
            tags=(),
            products=(),
            state=None,
            vouched_at=utc_now(),
        )
        made.append(one)
        return one

    return make


def completion(text: object, *, ended: str = "stop") -> Answer:
    """What a chat endpoint answers when its model writes `text`."""
    choice = {"index": 0, "finish_reason": ended, "message": {"role": "assistant", "content": text}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return json_answer(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
    )


def first_passage(_request: dict[str, Any]) -> Answer:
    return completion("پاسخ این است [1].")


@pytest.fixture
def chat() -> Iterator[EndpointServer]:
    """An OpenAI-compatible `/v1/chat/completions`."""
    with serve("/chat/completions", first_passage, base="/v1") as running:
        yield running
