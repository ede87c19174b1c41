"""From settings to the reranker they ask for."""

from kb.settings import Settings
from search.rerank.protocol import Reranker
from search.rerank.reranking import Reranking


def open_reranking(settings: Settings) -> Reranking | None:
    """The second opinion that `settings` ask for; None, and nothing imported, where they ask for none.

    Raises:
        RerankerUnavailable: a package that it needs is missing; says which.
    """
    reranker = make_reranker(settings)
    if reranker is None:
        return None
    return Reranking(
        reranker,
        timeout_seconds=settings.reranker_timeout_seconds,
        candidates=settings.reranker_candidates,
    )


def make_reranker(settings: Settings) -> Reranker | None:
    """The bare reranker; models are loaded at the first call, not here. Raises as `open_reranking`."""
    if settings.reranker == "none":
        return None
    if settings.reranker == "cross-encoder":
        from search.rerank.cross_encoder import CrossEncoderReranker

        assert settings.reranker_model is not None
        return CrossEncoderReranker(settings.reranker_model)
    from search.rerank.http_reranker import HttpReranker, RerankEndpoint

    assert settings.reranker_url is not None
    key = settings.reranker_api_key
    return HttpReranker(
        RerankEndpoint(
            url=settings.reranker_url,
            model=settings.reranker_model,
            api_key=None if key is None else key.get_secret_value(),
            timeout_seconds=settings.reranker_timeout_seconds,
        )
    )
