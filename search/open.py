"""Puts the search side together from settings, for the service, the command line and the measurements."""

from dataclasses import dataclass
from pathlib import Path

from kb.database import Database
from kb.settings import Settings
from search.edge import EdgeIndex
from search.embedding import Embedder, EmbedderConfig, QueryCache, make_embedder
from search.find import Searcher
from search.generate import Generation, open_generation
from search.index import PassageIndex
from search.projection import Projector
from search.rerank import open_reranking
from search.retrieval import Retrieval
from search.terms import TermCounter
from search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Search:
    """The parts that were put together; `close` when done."""

    searcher: Searcher
    retrieval: Retrieval
    index: PassageIndex
    projector: Projector
    vocabulary: Vocabulary
    embedder: QueryCache
    counter: TermCounter
    #: None: no endpoint is configured
    generation: Generation | None = None

    def forget_queries(self) -> None:
        """Drop remembered vectors and results: what measures must not profit from them."""
        self.embedder.clear()
        self.searcher.forget()

    def close(self) -> None:
        """Stop the projector's thread and release the index."""
        self.projector.stop()
        self.index.close()


def open_index(settings: Settings) -> PassageIndex:
    """The index that `settings` name. An Edge index may be open in one process only."""
    if settings.index == "edge":
        return EdgeIndex(settings.data_dir / "index")
    # Imported here: qdrant-client costs half a second and 80 MB that an Edge installation need not spend.
    from qdrant_client import QdrantClient

    from search.client import ClientIndex

    key = settings.qdrant_api_key.get_secret_value() if settings.qdrant_api_key else None
    if settings.qdrant_url:
        return ClientIndex(QdrantClient(url=settings.qdrant_url, api_key=key, timeout=30))
    path: Path = settings.data_dir / "qdrant"
    return ClientIndex(QdrantClient(path=str(path), force_disable_check_same_thread=True))


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that `settings` name."""
    return make_embedder(EmbedderConfig.from_settings(settings))


def open_search(settings: Settings, database: Database, *, embedder: Embedder | None = None) -> Search:
    """Open and connect the parts; `projector.prepare()` and `.start()` are the index's owner's to call.

    Args:
        embedder: the one that the settings name, where it is open already.
    """
    cached = QueryCache(embedder or open_embedder(settings))
    counter = TermCounter()
    index = open_index(settings)
    vocabulary = Vocabulary(database, analyzer_id=counter.version)
    projector = Projector(
        database,
        index,
        counter=counter,
        embedder_id=cached.model_id,
        dimension=cached.dimension,
        on_change=vocabulary.refresh,
    )
    retrieval = Retrieval(counter=counter, embedder=cached, index=index, vocabulary=vocabulary)
    searcher = Searcher(
        database,
        retrieval=retrieval,
        vocabulary=vocabulary,
        counter=counter,
        query_limit=settings.query_limit_chars,
        reranking=open_reranking(settings),
    )
    generation = open_generation(settings, database)
    return Search(searcher, retrieval, index, projector, vocabulary, cached, counter, generation)
