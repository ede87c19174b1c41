"""Any OpenAI-compatible chat endpoint, through Haystack's OpenAI generator."""

from dataclasses import dataclass, field
from typing import Any

from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.utils import Secret

from kb.errors import GenerationUnavailable
from search.generate.prompt import Prompt
from search.openai_failures import Asked, explain_failure

#: What the client wants in place of a key where the endpoint asks for none.
_NO_KEY = "none"


@dataclass(frozen=True)
class ChatEndpoint:
    """Where an OpenAI-compatible service listens and what it is asked."""

    #: Up to and without `/chat/completions`, such as http://localhost:8080/v1.
    url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    timeout_seconds: float = 20.0
    #: Further fields of each request: the bound of length, the temperature.
    parameters: dict[str, Any] = field(default_factory=dict)


class ChatGenerator:
    """Asks `endpoint` once a prompt, without streaming or a second try: somebody waits. Safe for threads."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self._asked = Asked(
            "the chat endpoint", endpoint.url, "KB_LLM", "a chat completion", endpoint.timeout_seconds
        )
        self._component = OpenAIChatGenerator(
            api_key=Secret.from_token(endpoint.api_key or _NO_KEY),
            model=endpoint.model,
            api_base_url=endpoint.url,
            timeout=endpoint.timeout_seconds,
            max_retries=0,
            generation_kwargs=endpoint.parameters,
        )
        self._component.warm_up()  # makes the client, which two threads must not do at once

    def generate(self, prompt: Prompt) -> str:
        """What the model replies; may be empty.

        Raises:
            GenerationUnavailable: no, a late or a senseless answer, or one that was cut off.
        """
        messages = [ChatMessage.from_system(prompt.system), ChatMessage.from_user(prompt.user)]
        try:
            reply = self._component.run(messages)["replies"][0]
            text, ended = reply.text, reply.meta.get("finish_reason")
        except Exception as error:
            reason = explain_failure(error, self._asked)
            if reason is None:
                raise
            raise GenerationUnavailable(reason=reason) from error
        if ended == "length":
            raise GenerationUnavailable(reason="the answer was cut off. Raise the bound in KB_LLM_PARAMETERS")
        return text if isinstance(text, str) else ""
