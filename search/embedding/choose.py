"""From settings to the embedder they ask for."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kb.errors import EmbeddingUnavailable
from kb.settings import Settings
from search.embedding.e5 import E5Embedder
from search.embedding.e5_weights import DIMENSION, HUB_NAME, find_weights
from search.embedding.prefixes import Prefixes, default_prefixes
from search.embedding.protocol import Embedder

logger = logging.getLogger(__name__)

EmbedderKind = Literal["auto", "e5", "fastembed", "sentence-transformers", "openai"]


@dataclass(frozen=True)
class EmbedderConfig:
    """Which embedder, and what it needs to know."""

    kind: EmbedderKind = "auto"
    #: Where unpacked models are kept; None keeps them in memory or where the library puts them.
    models_directory: Path | None = None
    #: Name or directory; None takes multilingual-e5-small where the kind allows it.
    model: str | None = None
    dimension: int = 384
    #: 0: as many as there are cores.
    threads: int = 0
    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0
    batch_size: int = 32
    #: None: what the model's family wants.
    prefixes: Prefixes | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "EmbedderConfig":
        """The embedder's part of the settings."""
        key = settings.embedder_api_key
        return cls(
            kind=settings.embedder,
            models_directory=settings.models_path,
            model=settings.embedder_model,
            dimension=settings.embedder_dimension,
            threads=settings.embedder_threads,
            url=settings.embedder_url,
            api_key=None if key is None else key.get_secret_value(),
        )


def make_embedder(config: EmbedderConfig) -> Embedder:
    """The embedder that `config` asks for; models are loaded at the first call, not here.

    Raises:
        EmbeddingUnavailable: a package or a setting that it needs is missing; says which.
    """
    kind = _chosen_kind(config)
    if kind == "e5":
        find_weights()
        return E5Embedder(models_directory=config.models_directory, threads=config.threads)
    if kind == "fastembed":
        return _fastembed(config)
    if kind == "sentence-transformers":
        return _sentence_transformers(config)
    return _remote(config)


def _chosen_kind(config: EmbedderConfig) -> EmbedderKind:
    if config.kind != "auto":
        return config.kind
    try:
        find_weights()
    except EmbeddingUnavailable as error:
        logger.warning("%s Falling back to fastembed, which fetches %s once.", error, HUB_NAME)
        return "fastembed"
    return "e5"


def _fastembed(config: EmbedderConfig) -> Embedder:
    from search.embedding.fastembed_embedder import FastembedEmbedder

    model = config.model or HUB_NAME
    local = Path(model).is_dir()
    return FastembedEmbedder(
        model=model,
        dimension=DIMENSION if config.model is None or local else config.dimension,
        prefixes=config.prefixes or default_prefixes(HUB_NAME if local else model),
        cache_directory=None if config.models_directory is None else config.models_directory / "fastembed",
        threads=config.threads,
    )


def _sentence_transformers(config: EmbedderConfig) -> Embedder:
    # Imported here and below: Haystack and its clients take 70 MB that the default embedder does without.
    from search.embedding.sentence_transformers_embedder import sentence_transformers_embedder

    model = config.model or HUB_NAME
    prefixes = config.prefixes or default_prefixes(model)
    return sentence_transformers_embedder(model=model, dimension=config.dimension, prefixes=prefixes)


def _remote(config: EmbedderConfig) -> Embedder:
    if not config.url or not config.model:
        missing = "KB_EMBEDDER_URL" if not config.url else "KB_EMBEDDER_MODEL"
        raise EmbeddingUnavailable(reason=f"KB_EMBEDDER=openai needs {missing}")
    from search.embedding.remote import Endpoint, remote_embedder

    return remote_embedder(
        Endpoint(
            url=config.url,
            model=config.model,
            dimension=config.dimension,
            prefixes=config.prefixes or default_prefixes(config.model),
            api_key=config.api_key,
            timeout_seconds=config.timeout_seconds,
            batch_size=config.batch_size,
        )
    )
