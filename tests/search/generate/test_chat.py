"""The chat endpoint for real: what is sent, and what each failure says."""

from dataclasses import replace

import pytest

from kb.errors import GenerationUnavailable
from search.generate.chat import ChatEndpoint, ChatGenerator
from search.generate.prompt import Prompt
from tests.endpoints import Answer, EndpointServer, json_answer
from tests.search.generate.conftest import completion

KEY = "key-that-nobody-may-see"
PROMPT = Prompt("قاعده‌ها", "محرمانه 😀")


@pytest.fixture
def place(chat: EndpointServer) -> ChatEndpoint:
    parameters = {"max_tokens": 9, "temperature": 0}
    return ChatEndpoint(
        url=chat.url, model="some/model", api_key=KEY, timeout_seconds=30, parameters=parameters
    )


def failure_of(place: ChatEndpoint, caplog: pytest.LogCaptureFixture) -> str:
    """What a prompt that fails says; never the key or what was sent, nor does the log."""
    with pytest.raises(GenerationUnavailable) as caught:
        ChatGenerator(place).generate(PROMPT)
    message = str(caught.value)
    for text in (message, caplog.text):
        assert KEY not in text
        assert "محرمانه" not in text
    return message


def test_rules_and_data_go_as_messages_of_their_own_with_model_key_and_parameters(
    place: ChatEndpoint, chat: EndpointServer
) -> None:
    chat.answer = lambda _: completion("سلام 👋 [1]")
    assert ChatGenerator(place).generate(PROMPT) == "سلام 👋 [1]"
    sent = chat.requests[0]
    assert [(message["role"], message["content"]) for message in sent["messages"]] == [
        ("system", PROMPT.system),
        ("user", PROMPT.user),
    ]
    assert (sent["model"], sent["max_tokens"], sent["temperature"]) == ("some/model", 9, 0)
    assert not sent.get("stream")
    assert chat.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Check KB_LLM_API_KEY"),
        (404, "Check KB_LLM_URL and KB_LLM_MODEL"),
        (400, "a text too long for the model"),
        (429, "too many requests"),
        (500, "answered 500"),
    ],
)
def test_a_refusal_says_its_status_and_what_to_check_and_is_not_repeated(
    place: ChatEndpoint,
    chat: EndpointServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
    advice: str,
) -> None:
    chat.answer = lambda request: json_answer({"error": {"message": str(request) + KEY}}, status=status)
    message = failure_of(place, caplog)
    assert str(status) in message
    assert advice in message
    assert len(chat.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>hello</html>", content_type="text/html"),
        Answer(b"not json"),
        Answer(b"{}"),
        Answer(b"[" * 100_000),
        json_answer({"choices": []}),
        json_answer({"choices": [{}]}),
        json_answer({"choices": [{"message": "hello"}]}),
        json_answer([1]),
    ],
)
def test_an_answer_that_is_no_completion_is_named(
    place: ChatEndpoint, chat: EndpointServer, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    chat.answer = lambda _: answer
    assert "did not answer with a chat completion" in failure_of(place, caplog)


@pytest.mark.parametrize("written", ["", None])
def test_nothing_written_is_an_empty_text(place: ChatEndpoint, chat: EndpointServer, written: object) -> None:
    chat.answer = lambda _: completion(written)
    assert ChatGenerator(place).generate(PROMPT) == ""


def test_an_answer_that_was_cut_off_names_the_setting(
    place: ChatEndpoint, chat: EndpointServer, caplog: pytest.LogCaptureFixture
) -> None:
    chat.answer = lambda _: completion("ناتم", ended="length")
    assert "KB_LLM_PARAMETERS" in failure_of(place, caplog)


def test_an_endpoint_that_is_away_or_hangs_is_named(
    place: ChatEndpoint, chat: EndpointServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert "cannot be reached" in failure_of(replace(place, url="http://127.0.0.1:1/v1"), caplog)
    chat.answer = chat.hang
    assert "did not answer within 0.1 s" in failure_of(replace(place, timeout_seconds=0.1), caplog)


def test_the_key_is_not_shown_with_the_endpoint(place: ChatEndpoint) -> None:
    assert KEY not in repr(place)
