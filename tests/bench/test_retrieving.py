"""Retrieval is measured on an index of as many passages as were asked for."""

from bench.retrieving import WARM_UP_QUERIES, measure_retrieval


def test_every_query_is_embedded_and_retrieved_once_the_index_is_full() -> None:
    told: list[tuple[str, int, int]] = []
    figures = measure_retrieval(passages=100, asked=10, progress=lambda *step: told.append(step))
    assert figures.passages == 100
    assert 0 < figures.embedding_p50_ms <= figures.embedding_p95_ms
    assert figures.retrieval_p50_ms <= figures.retrieval_p95_ms
    assert figures.ratio == figures.retrieval_p95_ms / figures.embedding_p95_ms
    assert told[-1] == ("retrieval", 10 + WARM_UP_QUERIES, 10 + WARM_UP_QUERIES)
