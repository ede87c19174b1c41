"""The graph over a large Edge index: built beside it, while it is searched and written."""

import json
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from search import shard
from search.analysis.sparse import SparseVector
from search.edge import EdgeIndex
from search.index import IndexPoint, Leg, LegQuery, Selection
from tests.factories import index_state

DIMENSION = 384
EVERYONE = Selection(audiences=frozenset({"internal", "partner", "public"}))
STATE = index_state(DIMENSION)
ABOVE = 40
NOTHING = SparseVector(np.empty(0, np.uint32), np.empty(0, np.float32))


def vectors(count: int, *, seed: int = 1) -> NDArray[np.float32]:
    """Unit vectors around a few centres, as texts about a few things have them."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(40, DIMENSION))
    made = centres[chance.integers(0, 40, count)] + chance.normal(size=(count, DIMENSION))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def points(dense: NDArray[np.float32], *, edition: str = "e1", audience: str = "public") -> list[IndexPoint]:
    return [
        IndexPoint(
            passage_id=str(uuid.uuid4()),
            edition_id=edition,
            origin_kind="article",
            origin_id=f"origin-of-{edition}",
            field="body",
            audience=audience,
            language="fa",
            tags=(),
            dense=vector,
            terms=SparseVector(np.array([1], np.uint32), np.ones(1, np.float32)),
            grams=NOTHING,
        )
        for vector in dense
    ]


def nearest(index: EdgeIndex, vector: NDArray[np.float32], limit: int = 10) -> list[str]:
    (found,) = index.query([LegQuery(Leg.DENSE, vector, limit)], EVERYONE)
    return [candidate.passage_id for candidate in found]


def optimize(index: EdgeIndex) -> None:
    deadline = time.monotonic() + 120
    while not index.optimize():
        assert time.monotonic() < deadline, "the graph was not built in time"
        time.sleep(0.01)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeIndex]:
    made = EdgeIndex(tmp_path, graph_above=ABOVE)
    made.begin_rebuild(STATE).commit()
    yield made
    made.close()


def shards(root: Path) -> list[Path]:
    return list(root.glob("shard-*"))


def test_a_small_index_is_left_as_it_is(index: EdgeIndex, tmp_path: Path) -> None:
    index.put(points(vectors(ABOVE)))
    before = shards(tmp_path)
    assert index.optimize()
    assert shards(tmp_path) == before
    assert index.unoptimized() == ABOVE


def test_what_is_put_and_removed_while_the_graph_is_built_is_kept(index: EdgeIndex, tmp_path: Path) -> None:
    made = vectors(ABOVE + 30)
    old, gone, new = made[:-20], made[-20:-10], made[-10:]
    index.put(points(old))
    index.put(points(gone, edition="gone"))
    assert not index.optimize(), "it is under way"
    index.remove_editions(["gone"])
    added = points(new, edition="new")
    index.put(added)
    assert nearest(index, new[0])[0] == added[0].passage_id, "searches go on meanwhile"
    optimize(index)
    assert index.edition_ids() == {"e1", "new"}
    assert index.count() == len(old) + len(new)
    assert nearest(index, new[0])[0] == added[0].passage_id
    assert index.unoptimized() == len(new)
    assert len(shards(tmp_path)) == 1


def test_after_a_restart_the_graph_is_still_known(index: EdgeIndex, tmp_path: Path) -> None:
    index.put(points(vectors(ABOVE + 1)))
    optimize(index)
    index.close()
    again = EdgeIndex(tmp_path, graph_above=ABOVE)
    assert again.unoptimized() == 0
    assert again.count() == ABOVE + 1
    assert again.state() == STATE
    again.close()


def test_points_that_are_put_again_do_not_make_an_index_large(index: EdgeIndex, tmp_path: Path) -> None:
    few = points(vectors(ABOVE))
    for _ in range(3):
        index.put(few)
    assert index.optimize()
    assert len(shards(tmp_path)) == 1
    assert index.unoptimized() == ABOVE


def test_a_graph_that_cannot_be_built_leaves_the_index_as_it_was(
    index: EdgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = vectors(ABOVE + 1)
    put = points(made)
    index.put(put)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    optimize(index)
    assert nearest(index, made[3])[0] == put[3].passage_id
    assert len(shards(tmp_path)) == 1
    assert index.optimize(), "it is not tried again at once"
    assert len(shards(tmp_path)) == 1
    assert index.unoptimized() == ABOVE + 1
    monkeypatch.undo()
    index.put(points(vectors(ABOVE + 1), edition="more"))
    optimize(index)
    assert index.unoptimized() == 0, "it is when there is as much more"


def test_without_room_for_a_copy_no_graph_is_built(
    index: EdgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put(points(vectors(ABOVE + 1)))
    monkeypatch.setattr(shard, "LEAST_FREE_BYTES", 1 << 60)
    assert index.optimize()
    assert len(shards(tmp_path)) == 1
    assert index.count() == ABOVE + 1


def test_closing_the_index_ends_a_graph_that_is_being_built(index: EdgeIndex, tmp_path: Path) -> None:
    index.put(points(vectors(ABOVE + 1)))
    assert not index.optimize()
    assert len(shards(tmp_path)) == 2
    index.close()
    assert len(shards(tmp_path)) == 1


def test_a_rebuild_ends_a_graph_of_the_old_index(index: EdgeIndex, tmp_path: Path) -> None:
    index.put(points(vectors(ABOVE + 1)))
    assert not index.optimize()
    rebuild = index.begin_rebuild(STATE)
    fresh = points(vectors(3, seed=2), edition="fresh")
    rebuild.put(fresh)
    rebuild.commit()
    assert index.optimize()
    assert index.edition_ids() == {"fresh"}
    assert len(shards(tmp_path)) == 1


def test_a_graph_that_is_done_while_an_index_is_rebuilt_leaves_the_rebuild_alone(
    index: EdgeIndex, tmp_path: Path
) -> None:
    index.put(points(vectors(ABOVE + 1)))
    rebuild = index.begin_rebuild(STATE)
    rebuild.put(points(vectors(2), edition="fresh"))
    optimize(index)
    assert index.edition_ids() == {"e1"}
    rebuild.commit()
    assert index.edition_ids() == {"fresh"}
    assert json.loads((tmp_path / "current.json").read_text())["in_graph"] == 0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EdgeIndex, list[IndexPoint]]]:
    """An index of which a graph is asked (up to 20,000 points are searched one by one, graph or not)."""
    root = tmp_path_factory.mktemp("large")
    index = EdgeIndex(root, graph_above=0)
    index.begin_rebuild(STATE).commit()
    made = vectors(24_000)
    put = points(made[:23_000]) + points(made[23_000:], edition="internal", audience="internal")
    index.put(put)
    optimize(index)
    assert list(root.rglob("links_compressed.bin")), "there is no graph"
    yield index, put
    index.close()


def test_a_graph_finds_nearly_all_that_is_near(large: tuple[EdgeIndex, list[IndexPoint]]) -> None:
    index, put = large
    everything = np.stack([point.dense for point in put if point.dense is not None])
    shares = []
    for vector in vectors(30, seed=3):
        near = {put[place].passage_id for place in np.argsort(-(everything @ vector))[:50]}
        shares.append(len(near & set(nearest(index, vector, 50))) / 50)
    assert np.mean(shares) > 0.95


def test_a_graph_keeps_to_the_selection(large: tuple[EdgeIndex, list[IndexPoint]]) -> None:
    index, put = large
    hidden = {point.passage_id for point in put if point.audience == "internal"}
    public = Selection(audiences=frozenset({"public"}))
    for point in put[-20:]:
        assert point.dense is not None
        (found,) = index.query([LegQuery(Leg.DENSE, point.dense, 100)], public)
        assert len(found) == 100
        assert not {one.passage_id for one in found} & hidden
