"""An overlaid index answers as if what is put over it had really been put."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.dataset import Entry
from bench.knowledge import Knowledge, temporary_knowledge
from kb.edition import live_edition
from kb.passage import Edition
from kb.visibility import EVERYTHING
from kb.vocabulary import OriginKind
from search.find import select_visible
from search.index import IndexPoint, Leg, LegQuery
from search.overlay import OverlaidIndex, Overlay
from search.results import Filters

ENTRIES = [
    Entry("refund", "زمان برگشت پول", "پس از تأیید مرجوعی، پول شما ۳ تا ۵ روز کاری به کارت برمی‌گردد."),
    Entry("delivery", "هزینهٔ ارسال", "ارسال به مشهد ۶۵٬۰۰۰ تومان است و دو روز طول می‌کشد."),
    Entry("login", "Login code does not arrive", "Wait two minutes, then ask for a new code."),
]


@pytest.fixture(scope="module")
def knowledge(models_dir: Path) -> Iterator[Knowledge]:
    patch = pytest.MonkeyPatch()
    patch.setenv("KB_MODELS_DIR", str(models_dir))
    with temporary_knowledge(ENTRIES) as made:
        yield made
    patch.undo()


def points(knowledge: Knowledge, entry: str) -> list[IndexPoint]:
    (origin,) = (found for found, name in knowledge.entry_of.items() if name == entry)
    with knowledge.database.reading() as session:
        edition = live_edition(session, origin_kind=OriginKind.SOURCE, origin_id=origin)
        assert isinstance(edition, Edition)
        return knowledge.search.projector.points_of(session, edition)


def queries(knowledge: Knowledge, text: str) -> list[LegQuery]:
    terms = knowledge.search.counter.query(text, lambda _term: 0, ())
    return [
        LegQuery(Leg.DENSE, knowledge.search.embedder.embed_query(text), 10),
        LegQuery(Leg.TERMS, terms.terms, 10),
        LegQuery(Leg.GRAMS, terms.grams, 10),
    ]


@pytest.mark.parametrize("text", ["پولم کی برمیگرده", "هزینه ارسال به مشهد", "login code"])
def test_what_is_taken_out_and_put_over_again_scores_as_in_the_index(knowledge: Knowledge, text: str) -> None:
    selection = select_visible(EVERYTHING, Filters())
    index, vocabulary = knowledge.search.index, knowledge.search.vocabulary
    for entry in ("refund", "delivery", "login"):
        moved = points(knowledge, entry)
        overlay = Overlay(frozenset(point.passage_id for point in moved), tuple(moved))
        asked = queries(knowledge, text)
        plain = index.query(asked, selection)
        overlaid = OverlaidIndex(index, vocabulary, overlay).query(asked, selection)
        for query, expected, found in zip(asked, plain, overlaid, strict=True):
            scores = {one.passage_id: one.score for one in found}
            assert scores.keys() == {one.passage_id for one in expected}, query.leg
            for one in expected:
                assert scores[one.passage_id] == pytest.approx(one.score, abs=2e-2, rel=2e-2), query.leg


def test_what_is_hidden_is_not_found_and_what_the_selection_forbids_is_not_put_over(
    knowledge: Knowledge,
) -> None:
    moved = points(knowledge, "refund")
    hidden = Overlay(frozenset(point.passage_id for point in moved))
    index, vocabulary = knowledge.search.index, knowledge.search.vocabulary
    asked = queries(knowledge, "پولم کی برمیگرده")
    everyone = select_visible(EVERYTHING, Filters())
    found = OverlaidIndex(index, vocabulary, hidden).query(asked, everyone)
    assert not {one.passage_id for leg in found for one in leg} & hidden.hidden
    english = select_visible(EVERYTHING, Filters(languages=frozenset({"en"})))
    over = Overlay(hidden.hidden, tuple(moved))
    found = OverlaidIndex(index, vocabulary, over).query(asked, english)
    assert not {one.passage_id for leg in found for one in leg} & hidden.hidden


def test_only_passages_asked_for_are_scored(knowledge: Knowledge) -> None:
    moved = points(knowledge, "refund")
    overlay = Overlay(frozenset(point.passage_id for point in moved), tuple(moved))
    overlaid = OverlaidIndex(knowledge.search.index, knowledge.search.vocabulary, overlay)
    dense = queries(knowledge, "پول")[0]
    among = (moved[0].passage_id,)
    (found,) = overlaid.query(
        [LegQuery(dense.leg, dense.vector, 10, among)], select_visible(EVERYTHING, Filters())
    )
    assert [one.passage_id for one in found] == list(among)
