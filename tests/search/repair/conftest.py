"""Small corpora of the repairer's own."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from search.readers import group_bits
from search.repair import QueryRepairer
from search.repair.corpus import CorpusWords, VisibleCorpus, WordCounts
from search.terms import TermCounter
from search.vocabulary import NO_STATISTICS

COUNTER = TermCounter()

PUBLIC = (
    "ثبت سفارش و پرداخت با کارت بانکی",
    "بازگشت وجه و مرجوعی کالا؛ پول شما برمی‌گردد",
    "گذرواژهٔ حساب را فراموش کردم و سلام",
    "فریم ورک ما و ریاکتیویتی، اعتبارسنجی دو مرحله‌ای",
    "Refund your order: hello, account password and checkout page",
)
INTERNAL = ("پروژهٔ زرکوبان محرمانه است", "the quillfeather project")


def corpus_of(texts: Mapping[str, tuple[str, ...]], audiences: tuple[str, ...]) -> VisibleCorpus:
    """What `audiences` see of passages, given by audience."""
    words, terms = WordCounts(), NO_STATISTICS
    for audience, passages in texts.items():
        for number, text in enumerate(passages):
            counted = COUNTER.count(text)
            words.add(f"{audience}-{number}", audience, counted.words)
            terms = terms.adding([(counted.terms.indices, group_bits((audience,)))])
    bits = group_bits(audiences)
    return VisibleCorpus(CorpusWords().adding(words).visible(bits), terms.indices, terms.groups, bits)


@pytest.fixture(scope="session")
def public() -> VisibleCorpus:
    return corpus_of({"public": PUBLIC, "internal": INTERNAL}, ("public",))


@pytest.fixture(scope="session")
def everything() -> VisibleCorpus:
    return corpus_of({"public": PUBLIC, "internal": INTERNAL}, ("public", "partner", "internal"))


@pytest.fixture(scope="session")
def english_only() -> VisibleCorpus:
    return corpus_of({"public": PUBLIC[-1:]}, ("public",))


@pytest.fixture(scope="session")
def repairer() -> QueryRepairer:
    return QueryRepairer(COUNTER.analyzer)


@pytest.fixture(scope="session")
def repaired(repairer: QueryRepairer, public: VisibleCorpus) -> Callable[[str], str | None]:
    """What the public corpus makes of a query; None where it stands."""

    def repaired(text: str) -> str | None:
        found = repairer.repair(text, public)
        return found.text if found else None

    return repaired


@pytest.fixture(scope="session")
def empty() -> VisibleCorpus:
    return VisibleCorpus(CorpusWords().visible(7), np.empty(0, np.uint32), np.empty(0, np.uint8), 7)
