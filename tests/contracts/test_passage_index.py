"""What every `PassageIndex` promises: on Edge, on qdrant-client's local mode, on a server if there is one."""

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from qdrant_client import QdrantClient

from kb.errors import IndexUnavailable
from search.analysis.sparse import SparseVector
from search.client import ClientIndex
from search.edge import EdgeIndex
from search.index import (
    Candidate,
    IndexPoint,
    Leg,
    LegQuery,
    PassageIndex,
    Selection,
)
from tests.factories import index_state

DIMENSION = 8
EVERYONE = Selection(audiences=frozenset({"internal", "partner", "public"}))
STATE = index_state(DIMENSION)


SERVER = os.environ.get("KB_TEST_QDRANT_URL")


class OptimizingIndex(EdgeIndex):
    """It lets a graph be built, on a copy that takes its place, whenever it is asked after a write."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, graph_above=0)

    def query(self, queries: Sequence[LegQuery], selection: Selection) -> list[list[Candidate]]:
        while not self.optimize():
            time.sleep(0.01)
        return super().query(queries, selection)


@pytest.fixture(params=["edge", "edge-optimizing", "client-local", *(["client-server"] if SERVER else [])])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PassageIndex]:
    if request.param == "edge":
        made: PassageIndex = EdgeIndex(tmp_path / "index")
    elif request.param == "edge-optimizing":
        made = OptimizingIndex(tmp_path / "index")
    elif request.param == "client-local":
        made = ClientIndex(QdrantClient(path=str(tmp_path / "qdrant")), name="test")
    else:
        made = ClientIndex(QdrantClient(url=SERVER), name=f"test-{uuid.uuid4().hex[:8]}")
    yield made
    made.close()


@pytest.fixture
def built(index: PassageIndex) -> PassageIndex:
    index.begin_rebuild(STATE).commit()
    return index


def unit(*hot: int) -> NDArray[np.float32]:
    vector = np.full(DIMENSION, 0.01, dtype=np.float32)
    vector[list(hot)] = 1.0
    return vector / np.linalg.norm(vector)


def sparse(**weights: float) -> SparseVector:
    items = sorted((int(key[1:]), value) for key, value in weights.items())
    return SparseVector(
        np.array([index for index, _ in items], dtype=np.uint32),
        np.array([value for _, value in items], dtype=np.float32),
    )


def point(
    *,
    edition: str = "e1",
    audience: str = "public",
    language: str = "fa",
    kind: str = "article",
    tags: tuple[str, ...] = (),
    products: tuple[str, ...] = (),
    segments: tuple[str, ...] = (),
    state: str | None = None,
    dense: NDArray[np.float32] | None = None,
    terms: SparseVector | None = None,
) -> IndexPoint:
    return IndexPoint(
        passage_id=str(uuid.uuid4()),
        edition_id=edition,
        origin_kind=kind,
        origin_id=f"origin-of-{edition}",
        field="body",
        audience=audience,
        language=language,
        tags=tags,
        products=products,
        segments=segments,
        state=state,
        dense=dense,
        terms=terms or sparse(t1=1.0),
        grams=sparse(t5=1.0),
    )


def found(index: PassageIndex, query: LegQuery, selection: Selection = EVERYONE) -> list[str]:
    return [candidate.passage_id for candidate in index.query([query], selection)[0]]


DENSE_0 = LegQuery(Leg.DENSE, unit(0), 10)
TERM_1 = LegQuery(Leg.TERMS, sparse(t1=1.0), 10)


def test_before_the_first_build_it_says_that_there_is_nothing_to_search(index: PassageIndex) -> None:
    assert index.state() is None
    assert index.count() == 0
    assert index.edition_ids() == set()
    with pytest.raises(IndexUnavailable):
        index.query([DENSE_0], EVERYONE)
    with pytest.raises(IndexUnavailable):
        index.put([point()])


def test_the_state_it_was_built_with_is_kept(built: PassageIndex) -> None:
    assert built.state() == STATE


def test_dense_candidates_come_nearest_first_with_their_cosine(built: PassageIndex) -> None:
    near, far = point(dense=unit(0)), point(dense=unit(1))
    built.put([far, near])
    candidates = built.query([DENSE_0], EVERYONE)[0]
    assert [c.passage_id for c in candidates] == [near.passage_id, far.passage_id]
    assert candidates[0].score == pytest.approx(1.0, abs=1e-4)
    assert candidates[1].score == pytest.approx(float(unit(0) @ unit(1)), abs=1e-4)


def test_a_rare_term_weighs_more_than_a_common_one(built: PassageIndex) -> None:
    common = [point(terms=sparse(t1=1.0)) for _ in range(8)]
    rare = point(terms=sparse(t2=1.0))
    built.put([*common, rare])
    query = LegQuery(Leg.TERMS, sparse(t1=1.0, t2=1.0), 20)
    assert found(built, query)[0] == rare.passage_id


def test_terms_that_match_nothing_find_nothing(built: PassageIndex) -> None:
    built.put([point()])
    assert found(built, LegQuery(Leg.TERMS, sparse(t9=1.0), 10)) == []


def test_a_point_without_a_dense_vector_is_found_by_its_words_alone(built: PassageIndex) -> None:
    words_only = point(dense=None)
    built.put([words_only])
    assert found(built, TERM_1) == [words_only.passage_id]
    assert found(built, DENSE_0) == []


def test_several_legs_are_answered_in_one_call_in_order(built: PassageIndex) -> None:
    one = point(dense=unit(0))
    built.put([one])
    answers = built.query([DENSE_0, TERM_1, LegQuery(Leg.GRAMS, sparse(t9=1.0), 5)], EVERYONE)
    assert [[c.passage_id for c in answer] for answer in answers] == [[one.passage_id], [one.passage_id], []]


def test_the_limit_is_each_legs_own(built: PassageIndex) -> None:
    built.put([point(dense=unit(0)) for _ in range(5)])
    answers = built.query([LegQuery(Leg.DENSE, unit(0), 2), LegQuery(Leg.TERMS, sparse(t1=1.0), 4)], EVERYONE)
    assert [len(answer) for answer in answers] == [2, 4]


def test_a_leg_asked_among_some_passages_scores_only_them(built: PassageIndex) -> None:
    points = [point(dense=unit(n)) for n in range(4)]
    built.put(points)
    among = (points[1].passage_id, points[3].passage_id, str(uuid.uuid4()))
    queries = [
        LegQuery(Leg.DENSE, unit(0), 10, among),
        LegQuery(Leg.TERMS, sparse(t1=1.0), 10, among),
        LegQuery(Leg.DENSE, unit(0), 10, ()),
    ]
    dense, terms, nobody = built.query(queries, EVERYONE)
    assert {c.passage_id for c in dense} == {c.passage_id for c in terms} == set(among[:2])
    whole = {c.passage_id: c.score for c in built.query([LegQuery(Leg.DENSE, unit(0), 10)], EVERYONE)[0]}
    assert all(abs(c.score - whole[c.passage_id]) < 1e-3 for c in dense)
    assert nobody == []


def test_no_audience_means_no_candidate(built: PassageIndex) -> None:
    built.put([point(dense=unit(0))])
    assert found(built, DENSE_0, Selection(audiences=frozenset())) == []


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(audiences=frozenset({"public"})), {"public-fa-article", "public-en-source"}),
        (Selection(audiences=frozenset({"public"}), languages=frozenset({"fa"})), {"public-fa-article"}),
        (
            Selection(audiences=frozenset({"public"}), origin_kinds=frozenset({"source"})),
            {"public-en-source"},
        ),
        (
            Selection(audiences=frozenset({"public", "internal"}), tags=frozenset({"refund"})),
            {"internal-fa-note"},
        ),
        (
            Selection(audiences=frozenset({"public", "internal"}), products=frozenset({"wallet"})),
            {"internal-fa-note", "public-fa-article"},
        ),
        (Selection(audiences=frozenset({"public"}), products=frozenset({"wallet"})), {"public-fa-article"}),
        (
            Selection(
                audiences=frozenset({"public", "internal"}), states=frozenset({"validated", "accepted"})
            ),
            {"internal-fa-note", "public-fa-article"},
        ),
        (Selection(audiences=frozenset({"public"}), states=frozenset({"not_validated"})), set()),
        (Selection(audiences=frozenset({"partner"})), set()),
        (
            Selection(audiences=frozenset({"public", "internal"}), seen_segments=frozenset({"gold"})),
            {"public-fa-article", "public-en-source", "internal-fa-note"},
        ),
        (
            Selection(audiences=frozenset({"public", "internal"}), seen_segments=frozenset({"silver"})),
            {"public-fa-article", "public-en-source"},
        ),
        (
            Selection(audiences=frozenset({"public", "internal"}), seen_segments=frozenset()),
            {"public-fa-article", "public-en-source"},
        ),
        (
            Selection(audiences=frozenset({"public", "internal"}), seen_products=frozenset({"app"})),
            {"public-fa-article", "public-en-source"},
        ),
        (
            Selection(
                audiences=frozenset({"public", "internal"}),
                products=frozenset({"wallet"}),
                seen_products=frozenset({"app"}),
            ),
            {"public-fa-article"},
        ),
    ],
)
def test_every_condition_of_a_selection_holds(
    built: PassageIndex, selection: Selection, expected: set[str]
) -> None:
    points = {
        "public-fa-article": point(
            audience="public", language="fa", kind="article", products=("app", "wallet"), state="validated"
        ),
        "public-en-source": point(audience="public", language="en", kind="source", tags=("delivery",)),
        "internal-fa-note": point(
            audience="internal",
            language="fa",
            kind="note",
            tags=("refund", "call"),
            products=("wallet",),
            segments=("gold", "new"),
            state="accepted",
        ),
    }
    built.put(list(points.values()))
    names = {p.passage_id: name for name, p in points.items()}
    assert {names[passage_id] for passage_id in found(built, TERM_1, selection)} == expected


def test_putting_a_point_again_replaces_it(built: PassageIndex) -> None:
    first = point(dense=unit(0))
    built.put([first])
    built.put([first])
    assert built.count() == 1


def test_removing_an_edition_takes_out_all_its_points_and_no_others(built: PassageIndex) -> None:
    kept = point(edition="kept")
    built.put([point(edition="gone"), point(edition="gone"), kept])
    assert built.edition_ids() == {"gone", "kept"}
    built.remove_editions(["gone", "never-there"])
    assert built.count() == 1
    assert built.count(edition_id="gone") == 0
    assert built.edition_ids() == {"kept"}
    assert found(built, TERM_1) == [kept.passage_id]


def test_a_rebuild_is_unseen_until_it_is_committed(built: PassageIndex) -> None:
    old, new = point(edition="old"), point(edition="new")
    built.put([old])
    rebuild = built.begin_rebuild(STATE)
    rebuild.put([new])
    assert rebuild.count() == 1
    assert found(built, TERM_1) == [old.passage_id]
    rebuild.commit()
    assert found(built, TERM_1) == [new.passage_id]
    assert built.edition_ids() == {"new"}


def test_an_abandoned_rebuild_leaves_the_index_as_it_was(built: PassageIndex) -> None:
    old = point()
    built.put([old])
    rebuild = built.begin_rebuild(STATE)
    rebuild.put([point(edition="new")])
    rebuild.abandon()
    assert found(built, TERM_1) == [old.passage_id]


def test_an_edge_index_is_found_again_after_a_restart_and_leftovers_are_deleted(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path)
    index.begin_rebuild(STATE).commit()
    kept = point(dense=unit(0))
    index.put([kept])
    index.begin_rebuild(STATE)  # a rebuild that a killed process left behind
    index.flush()
    index.close()
    again = EdgeIndex(tmp_path)
    assert found(again, DENSE_0) == [kept.passage_id]
    assert again.state() == STATE
    assert len(list(tmp_path.glob("shard-*"))) == 1
    again.close()
