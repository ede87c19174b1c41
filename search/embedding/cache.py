"""Query vectors that were made already."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from search.embedding.protocol import Embedder, Progress, Vector, prepare_query

#: 4096 vectors of 384 float32 are 6 MB, plus their texts.
DEFAULT_SIZE = 4096


class QueryCache:
    """An embedder that remembers its latest query vectors, by exact text; thread-safe.

    Two threads that ask the same new question at once both compute it; the vectors are the same.
    """

    def __init__(self, embedder: Embedder, *, size: int = DEFAULT_SIZE) -> None:
        """Wrap `embedder`; the least recently asked of more than `size` (at least 1) texts are forgotten."""
        #: whose vectors are remembered
        self.source = embedder
        self._size = size
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        #: queries answered from memory, and those that were embedded
        self.hits = 0
        self.misses = 0

    @property
    def model_id(self) -> str:
        return self.source.model_id

    @property
    def dimension(self) -> int:
        return self.source.dimension

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vector:
        """See `Embedder`; passages are not remembered, their vectors are kept with the record."""
        return self.source.embed_passages(texts, progress=progress)

    def embed_query(self, text: str) -> Vector:
        """See `Embedder`. The vector is shared and therefore read-only; copy it to change it."""
        return self.prepare_query(text)()

    def prepare_query(self, text: str) -> Callable[[], Vector]:
        """See `prepare_query` of the protocol's module."""
        known = self.remembered(text)
        return (
            partial(self._embed, text, prepare_query(self.source, text)) if known is None else lambda: known
        )

    def remembered(self, text: str) -> Vector | None:
        """The vector of `text`, if it was made before."""
        with self._lock:
            known = self._vectors.get(text)
            if known is not None:
                self._vectors.move_to_end(text)
                self.hits += 1
                return known
            self.misses += 1
            return None

    def _embed(self, text: str, run: Callable[[], Vector]) -> Vector:
        vector = run().copy()
        vector.flags.writeable = False
        with self._lock:
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return vector

    def clear(self) -> None:
        """Forget every vector."""
        with self._lock:
            self._vectors.clear()

    def warm_up(self) -> None:
        """Warm the embedder up."""
        self.source.warm_up()
