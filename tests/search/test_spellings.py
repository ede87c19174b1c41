"""Spelling does not matter: every spelling of a question has the same top hit in a real index."""

from bench.synthetic import demo_sentences, queries
from search.analysis.variants import spelling_variants
from search.index import Leg, Selection
from search.retrieval import Retrieval
from search.vocabulary import Vocabulary
from tests.search.conftest import Shelf

LEXICAL = (Leg.TERMS, Leg.GRAMS)
EVERYWHERE = Selection(frozenset(("internal", "partner", "public")))


def test_spelling_variants_of_questions_to_the_demo_have_the_same_top_hit(shelf: Shelf) -> None:
    sentences = demo_sentences()
    for start in range(0, len(sentences), 100):
        shelf.stage(f"demo {start}", *sentences[start : start + 100])
    while shelf.projector.apply():
        pass
    vocabulary = Vocabulary(shelf.record, analyzer_id=shelf.counter.version)
    vocabulary.refresh()
    retrieval = Retrieval(
        counter=shelf.counter,
        embedder=None,  # type: ignore[arg-type] - the words decide alone
        index=shelf.index,
        vocabulary=vocabulary,
    )

    def top(text: str) -> tuple[str, ...]:
        """The best passages: more than one where texts are equal."""
        ranked = retrieval.retrieve(text, selection=EVERYWHERE, legs=LEXICAL, depth=20).ranked
        return tuple(sorted(one.passage_id for one in ranked if one.score > ranked[0].score - 1e-6))

    same = total = 0
    for seed, question in enumerate(queries(60)):
        expected = top(question)
        for variant in spelling_variants(question, seed).values():
            if variant != question:
                same += top(variant) == expected
                total += 1
    assert total > 200
    assert same / total >= 0.99
