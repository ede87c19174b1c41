"""Boosts are small and bounded; near-twins step back, but only behind what is about as good."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.vocabulary import OriginKind, OriginState
from search.boosts import (
    FRESHNESS,
    HALF_LIFE_DAYS,
    TRUST,
    TWIN_WORDS,
    are_twins,
    boost,
    boosts_of,
    spread_twins,
)
from search.explain import explain
from search.fusion import Ranked
from search.group import Group

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG = frozenset(range(TWIN_WORDS * 3))


def origin(name: str, score: float, **given: object) -> Group:
    best = Ranked(f"passage-{name}", score, 0.9, 0.8, 0.5, 0.5, 0.5)
    return Group(OriginKind.ARTICLE, name, f"edition-{name}", ranked=[best], score=score, **given)  # type: ignore[arg-type]


def names(groups: list[Group]) -> list[str]:
    return [group.origin_id for group in groups]


def test_of_equals_the_trusted_one_comes_first_and_the_draft_last() -> None:
    draft = origin("draft", 0.5, state=OriginState.WORK_IN_PROGRESS)
    plain = origin("plain", 0.5, state=OriginState.NOT_VALIDATED)
    trusted = origin("trusted", 0.5, state=OriginState.VALIDATED)
    assert names(boost([draft, plain, trusted], now=NOW)) == ["trusted", "plain", "draft"]


def test_a_clearly_better_hit_is_never_overtaken() -> None:
    better = origin("better", 0.60, state=OriginState.WORK_IN_PROGRESS)
    worse = origin("worse", 0.50, state=OriginState.VALIDATED, vouched_at=NOW)
    assert names(boost([better, worse], now=NOW)) == ["better", "worse"]


@pytest.mark.parametrize(("days", "gain"), [(0, FRESHNESS), (HALF_LIFE_DAYS, FRESHNESS / 2), (36500, 0.0)])
def test_freshness_halves_every_year(days: int, gain: float) -> None:
    boosts = boosts_of(None, NOW - timedelta(days=days), now=NOW)
    assert boosts.freshness == pytest.approx(1.0 + gain, abs=1e-6)


def test_a_clock_that_is_behind_gives_no_more_than_today() -> None:
    assert boosts_of(None, NOW + timedelta(days=9), now=NOW).freshness == 1.0 + FRESHNESS
    assert boosts_of(None, None, now=NOW).freshness == 1.0


def test_a_near_twin_steps_behind_the_next_hit_and_says_of_whom() -> None:
    groups = [origin("first", 0.80), origin("copy", 0.79), origin("other", 0.75)]
    said = {"edition-first": LONG, "edition-copy": LONG | {999}, "edition-other": frozenset(range(500, 530))}
    spread = spread_twins(groups, said)
    assert names(spread) == ["first", "other", "copy"]
    assert spread[2].boosts.twin_of == "first"
    assert spread[0].boosts.twin_of is None


def test_short_texts_are_never_twins() -> None:
    short = frozenset(range(TWIN_WORDS - 1))
    assert not are_twins(short, short)
    assert are_twins(LONG, LONG)
    assert not are_twins(LONG, frozenset(range(12)))


def test_the_parts_of_an_explanation_make_the_score() -> None:
    group = origin("one", 0.7, state=OriginState.VALIDATED, vouched_at=NOW)
    group.score += 0.05 - 0.02
    group.whole = -0.02
    group.lexical_share = 0.4
    (boosted,) = boost([group], now=NOW)
    told = explain(boosted)
    assert told.score == pytest.approx(
        (told.passage + told.further + told.whole) * told.trust * told.freshness * told.twin, abs=1e-5
    )
    assert (told.further, told.whole) == (0.05, -0.02)
    assert told.passage == pytest.approx((1 - 0.4) * told.nearness + 0.4 * told.words, abs=1e-5)
    assert told.trust == 1.0 + TRUST[OriginState.VALIDATED]
