"""Passages of one origin are one hit; what they add is bounded."""

import pytest

from kb.edition import Confirmed
from kb.vocabulary import OriginKind, PassageField
from search.fusion import Ranked
from search.group import FURTHER_FLOOR, FURTHER_SHARE, group


def ranked(*scores: tuple[str, float]) -> list[Ranked]:
    return [Ranked(passage_id, score, None, 0.0, 0.0, 0.0, 0.0) for passage_id, score in scores]


def confirmed(*ids: str, field: PassageField = PassageField.BODY) -> dict[str, Confirmed]:
    """Passages named `<origin><number>`."""
    return {id: Confirmed(f"edition-{id[0]}", OriginKind.ARTICLE, id[0], field) for id in ids}


def test_an_origin_that_answers_in_two_places_comes_before_one_that_answers_in_one() -> None:
    found = group(ranked(("a1", 1.0), ("b1", 0.98), ("b2", 0.95)), confirmed("a1", "b1", "b2"))
    assert [one.origin_id for one in found] == ["b", "a"]
    assert found[0].score == pytest.approx(0.98 + FURTHER_SHARE * (0.95 - FURTHER_FLOOR))


def test_an_origin_that_is_merely_long_gains_nothing() -> None:
    weak = [(f"b{number}", 0.6) for number in range(2, 9)]
    found = group(ranked(("a1", 1.0), ("b1", 0.9), *weak), confirmed("a1", "b1", *(name for name, _ in weak)))
    assert [(one.origin_id, one.score, one.passages) for one in found] == [("a", 1.0, 1), ("b", 0.9, 8)]


def test_what_the_record_does_not_confirm_counts_for_nothing() -> None:
    found = group(ranked(("a1", 1.0), ("b1", 0.9)), confirmed("b1"))
    assert [one.origin_id for one in found] == ["b"]


def test_titles_lead_to_their_origin_but_are_not_its_body() -> None:
    (found,) = group(ranked(("a1", 1.0)), confirmed("a1", field=PassageField.TITLE))
    assert found.body_ids == []
    assert found.passages == 1


def test_nothing_ranked_is_no_group() -> None:
    assert group([], {}) == []
