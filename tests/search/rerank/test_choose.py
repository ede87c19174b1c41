"""From settings to the reranker they ask for; none costs nothing."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import RerankerUnavailable
from kb.settings import Settings
from search.generate import make_generator
from search.rerank import make_reranker, open_reranking
from search.rerank.http_reranker import HttpReranker


def test_none_is_the_default_and_imports_nothing() -> None:
    assert open_reranking(Settings(_env_file=None)) is None
    watched = ["search.rerank.http_reranker", "search.rerank.cross_encoder", "search.generate.chat", "openai"]
    code = (
        "import sys; from kb.settings import Settings; from search.rerank import open_reranking; "
        "from search.generate import open_generation; import search.open; "
        "settings = Settings(_env_file=None); open_reranking(settings); open_generation(settings, None); "
        f"print([name for name in {watched} if name in sys.modules])"
    )
    root = Path(__file__).parents[3]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_endpoint_is_asked_over_http() -> None:
    settings = Settings(reranker="http", reranker_url="http://127.0.0.1:1/rerank", _env_file=None)
    assert isinstance(make_reranker(settings), HttpReranker)


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="the optional package is installed"
)
def test_a_cross_encoder_without_its_package_says_how_to_install_it() -> None:
    settings = Settings(reranker="cross-encoder", reranker_model="some/model", _env_file=None)
    with pytest.raises(RerankerUnavailable, match=r"pip install 'nagofte\[sentence-transformers\]'"):
        open_reranking(settings)


def test_empty_variables_are_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KB_RERANKER_URL", "KB_RERANKER_MODEL", "KB_LLM_URL", "KB_LLM_MODEL", "KB_LLM_API_KEY"):
        monkeypatch.setenv(name, "")
    settings = Settings(_env_file=None)
    assert make_reranker(settings) is None
    assert make_generator(settings) is None
