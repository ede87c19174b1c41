"""A reranker and a chat endpoint from the settings of real processes: the service, and the command alone."""

import re
from pathlib import Path
from typing import Any

from tests.endpoints import Answer, json_answer, serve
from tests.flows.conftest import Installation, interrupt

QUESTION = "چند روز برای پس دادن کالا وقت دارم؟ refund"


def refunds_first(request: dict[str, Any]) -> Answer:
    texts: list[str] = request["documents"]
    scores = [
        {"index": index, "relevance_score": float("Refunds" in text)} for index, text in enumerate(texts)
    ]
    return json_answer({"results": scores})


def cites_the_first(request: dict[str, Any]) -> Answer:
    user = request["messages"][1]["content"]
    number = next(
        n for n, text in re.findall(r'number="(\d+)">\n(.*?)</passage', user, re.DOTALL) if "هفت" in text
    )
    message = {"role": "assistant", "content": f"تا ۷ روز وقت دارید [{number}]."}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json_answer(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    )


def test_the_settings_reach_the_service_and_the_command(installation: Installation, documents: Path) -> None:
    (documents / "empty.txt").unlink()
    with (
        serve("/rerank", refunds_first) as reranker,
        serve("/chat/completions", cites_the_first, base="/v1") as chat,
    ):
        installation.variables |= {
            "KB_RERANKER": "http",
            "KB_RERANKER_URL": f"{reranker.url}/rerank",
            "KB_RERANKER_TIMEOUT_SECONDS": "30",
            "KB_LLM_URL": chat.url,
            "KB_LLM_MODEL": "m",
        }
        installation.kb("ingest", str(documents))
        alone = installation.kb_json("search", QUESTION, "--generate")
        serving = installation.serve()
        beside = installation.kb_json("search", QUESTION, "--generate")
        shown = installation.kb("search", QUESTION, "--generate")
        assert interrupt(serving) == 0
    for found in (alone, beside):
        assert found["degraded"] == []
        assert [hit["rerank_score"] for hit in found["hits"]] == [1.0, 0.0]
        assert found["generated"]["text"] == "تا ۷ روز وقت دارید [1]."
        assert found["generated"]["citations"][0]["origin"] == found["hits"][1]["origin"]
    assert "تا ۷ روز وقت دارید [1].\n  [1] بازگشت کالا" in shown


def test_settings_that_lack_something_say_so_at_the_start(installation: Installation) -> None:
    installation.variables |= {"KB_LLM_URL": "http://127.0.0.1:1/v1"}
    assert "KB_LLM_URL is set, so KB_LLM_MODEL must be, too" in installation.kb("serve", exit_code=1)
