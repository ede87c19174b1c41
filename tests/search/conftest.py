"""A migrated record and an index beside it; points have small made-up vectors where no model is needed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kb.database import Database
from kb.edition import stage_edition
from kb.passage import Edition, PassageDraft
from kb.source import mark_source_staged, store_source
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Language, OriginKind, PassageField
from search.edge import EdgeIndex
from search.embedding import E5Embedder
from search.find import Searcher
from search.projection import Projector
from search.rerank import Reranking
from search.retrieval import Retrieval
from search.terms import TermCounter, pack_counts
from search.vocabulary import Vocabulary

MODEL = "made-up/1"
DIMENSION = 8


@pytest.fixture(scope="session")
def counter() -> TermCounter:
    return TermCounter()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeIndex]:
    index = EdgeIndex(tmp_path / "index")
    yield index
    index.close()


class Shelf:
    """Stages sources as a worker would, and owns the projector."""

    def __init__(self, record: Database, index: EdgeIndex, counter: TermCounter) -> None:
        self.record, self.index, self.counter = record, index, counter
        self.projector = self.owner()

    def owner(self, *, model: str = MODEL) -> Projector:
        return Projector(
            self.record, self.index, counter=self.counter, embedder_id=model, dimension=DIMENSION
        )

    def stage(
        self, name: str, *texts: str, audience: Audience = Audience.PUBLIC, model: str = MODEL
    ) -> Edition:
        """A source called `name` with one passage per text."""
        with self.record.transaction() as session:
            source = store_source(
                session,
                caller=OPERATOR,
                locator=f"test:{name}",
                filename=f"{name}.txt",
                data="\n".join([name, *texts]).encode(),
                media_type="text/plain",
                audience=audience,
            ).source
            mark_source_staged(
                session,
                source_id=source.id,
                sha256=source.sha256,
                title=name,
                media_type="text/plain",
                language=Language.PERSIAN,
            )
            return stage_edition(
                session,
                origin_kind=OriginKind.SOURCE,
                origin_id=source.id,
                fingerprint="|".join(texts),
                language=Language.PERSIAN,
                title=name,
                embedder_id=model,
                analyzer_id=self.counter.version,
                passages=[self._draft(text, number, model) for number, text in enumerate(texts)],
            )

    def _draft(self, text: str, number: int, model: str) -> PassageDraft:
        text_hash = hashlib.sha256(text.encode()).hexdigest()
        vector = np.random.default_rng(int(text_hash[:8], 16)).normal(size=DIMENSION)
        return PassageDraft(
            field=PassageField.BODY,
            start=number,
            end=number + 1,
            heading_path=(),
            text=text,
            indexed_text=text,
            text_hash=text_hash,
            vectors={
                model: (vector / np.linalg.norm(vector)).astype("<f4").tobytes(),
                self.counter.version: pack_counts(self.counter.count(text)),
            },
        )


@pytest.fixture
def shelf(database: Database, index: EdgeIndex, counter: TermCounter) -> Shelf:
    made = Shelf(database, index, counter)
    made.projector.prepare()
    return made


class WordSearch:
    """Searches a shelf by words alone, so that no model is needed."""

    def __init__(self, shelf: Shelf, models_dir: Path) -> None:
        self.shelf = shelf
        self.vocabulary = Vocabulary(shelf.record, analyzer_id=shelf.counter.version)
        self.retrieval = Retrieval(
            counter=shelf.counter,
            embedder=E5Embedder(models_directory=models_dir),  # never loaded: its leg is not asked
            index=shelf.index,
            vocabulary=self.vocabulary,
        )

    def put(self, name: str, *texts: str, audience: Audience = Audience.PUBLIC) -> Edition:
        """A source that is searchable at once."""
        edition = self.shelf.stage(name, *texts, audience=audience)
        while self.shelf.projector.apply():
            pass
        self.vocabulary.refresh()
        return edition

    def searcher(self, reranking: Reranking | None = None) -> Searcher:
        return Searcher(
            self.shelf.record,
            retrieval=self.retrieval,
            vocabulary=self.vocabulary,
            counter=self.shelf.counter,
            reranking=reranking,
        )


@pytest.fixture
def words(shelf: Shelf, models_dir: Path) -> WordSearch:
    return WordSearch(shelf, models_dir)
