"""Confidence: evidence in, a probability out, and what to do with it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.vocabulary import OriginKind
from search.analysis.analyzer import Analyzer
from search.confidence import (
    ANSWER_FROM,
    SUGGEST_FROM,
    Advice,
    Evidence,
    advice_of,
    evidence_of,
    load_confidence,
)
from search.fusion import Ranked
from search.group import Group

SHARE = st.floats(0, 1)


def origin(name: str, score: float, cosine: float, coverage: float) -> Group:
    best = Ranked(name, score, cosine, 1.0, coverage, coverage, coverage)
    return Group(OriginKind.ARTICLE, name, name, ranked=[best], score=score, cosine=cosine, coverage=coverage)


@given(SHARE, SHARE, SHARE, SHARE, SHARE, SHARE)
def test_confidence_stays_in_range_and_grows_with_cosine_and_coverage(
    cosine: float, coverage: float, lead: float, other: float, words: float, persian: float
) -> None:
    model = load_confidence()

    def sure(cosine: float, coverage: float) -> float:
        return model.confidence(Evidence(cosine, coverage, lead, other, other, words, persian))

    assert 0.0 <= sure(cosine, coverage) <= 1.0
    assert sure(cosine, coverage) <= sure(cosine + 0.05, coverage)
    assert sure(cosine, coverage) <= sure(cosine, coverage + 0.2)


def test_nothing_found_is_no_evidence() -> None:
    assert evidence_of([], []) is None


def test_evidence_compares_the_first_origin_with_the_best_of_the_others() -> None:
    found = [origin("a", 0.8, 0.88, 0.5), origin("b", 0.7, 0.90, 0.3), origin("c", 0.6, 0.80, 0.4)]
    evidence = evidence_of(found, Analyzer().query_terms("رمز عبور wifi"))
    assert evidence is not None
    assert evidence.lead == pytest.approx(0.1)
    assert evidence.cosine_lead == pytest.approx(-0.02)
    assert evidence.coverage_lead == pytest.approx(0.1)
    assert 0.0 < evidence.persian < 1.0
    assert evidence.words == pytest.approx(math.log1p(len(Analyzer().query_terms("رمز عبور wifi"))))


@pytest.mark.parametrize(
    ("confidence", "advice"),
    [
        (1.0, Advice.ANSWER),
        (ANSWER_FROM, Advice.ANSWER),
        (SUGGEST_FROM, Advice.SUGGESTIONS),
        (0.0, Advice.ASK_A_PERSON),
    ],
)
def test_low_confidence_names_a_person(confidence: float, advice: Advice) -> None:
    assert advice_of(confidence) is advice
