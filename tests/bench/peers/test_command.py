"""`kb bench peers`: every peer in its own process, and rows that say why there are no figures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.command import app

FIGURES = {
    "peer", "leg", "kind", "queries", "ndcg@10", "hit@1", "hit@10", "mrr@10", "p50_ms", "p95_ms",
    "index_seconds", "memory_mib",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {"refund": "پول تا پنج روز برمی‌گردد", "delivery": "ارسال به شهرستان سه روز است"}
    rows = [{"id": id, "title": "", "text": text} for id, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    asked = [
        {"id": "q1", "text": "شهرستان", "meta": {"kind": "plain"}},
        {"id": "q2", "text": "پول برمی‌گردد", "meta": {"kind": "verb"}},
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(row) for row in asked))
    (tmp_path / "qrels.tsv").write_text("q1\tdelivery\t1\nq2\trefund\t1\n")
    return tmp_path


@pytest.fixture
def run(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))
    return CliRunner()


def test_peers_are_measured_side_by_side_and_a_missing_one_says_why(folder: Path, run: CliRunner) -> None:
    options = ["--peers", "fts5-trigram,haystack,postgres,nagofte", "--document-zwnj", "strip", "--json"]
    done = run.invoke(app, ["bench", "peers", str(folder), *options])
    assert done.exit_code == 0, done.output
    (measured,) = json.loads(done.stdout)["sets"]
    assert measured["spelling"]["document_zwnj"] == "strip"
    rows = {(row["peer"], row.get("leg"), row.get("kind")): row for row in measured["rows"]}
    legs = [("Nagofte", leg) for leg in ("dense", "lexical", "hybrid")]
    expected = [("SQLite FTS5, trigram", None), ("Haystack in-memory BM25", None), *legs]
    missing = ("PostgreSQL, simple, ts_rank", None, None)
    assert set(rows) == {(*who, kind) for who in expected for kind in ("plain", "verb")} | {missing}
    assert "--postgres" in rows.pop(missing)["why"]
    assert all(set(row) == FIGURES for row in rows.values())
    assert all(rows[*who, "plain"]["hit@1"] == 1.0 for who in expected if who[1] != "dense")
    assert rows["Nagofte", "hybrid", "verb"]["ndcg@10"] == 1.0
    assert all(row["memory_mib"] > 5 for row in rows.values())


def test_a_peer_that_fails_is_a_row_and_the_others_go_on(folder: Path, run: CliRunner) -> None:
    options = [
        "--peers",
        "postgres,fts5-unicode61",
        "--postgres",
        "postgresql://127.0.0.1:9/none",
        "--markdown",
    ]
    done = run.invoke(app, ["bench", "peers", str(folder / "corpus.jsonl"), *options, "--kind", "plain"])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == f"**{folder.name}: 2 documents, 1 queries (plain)**"
    assert lines[2].startswith("| peer | nDCG@10 | hit@1 |")
    assert lines[4].startswith("| PostgreSQL, simple, ts_rank: no database: ")
    assert lines[5].startswith("| SQLite FTS5, unicode61 | 1.000 | 1.000 | 1.000 | 1.000 | ")


def test_a_brief_table_has_a_column_per_kind_of_query(folder: Path, run: CliRunner) -> None:
    options = ["--peers", "postgres,fts5-unicode61", "--brief", "--markdown"]
    lines = run.invoke(app, ["bench", "peers", str(folder), *options]).stdout.splitlines()
    assert lines[2] == "| peer | plain | verb | p95 ms | index s | MiB |"
    assert lines[4].endswith("|  |  |  |  |  |")
    assert lines[5].startswith("| SQLite FTS5, unicode61 | 1.000 | 1.000 | ")


def test_a_table_is_printed_for_people(folder: Path, run: CliRunner) -> None:
    done = run.invoke(app, ["bench", "peers", str(folder), "--peers", "fts5-unicode61", "--limit", "1"])
    assert "nDCG@10" in done.stdout
    assert "SQLite FTS5, unicode61" in done.stdout


def test_unknown_peers_and_broken_folders_are_refused(folder: Path, run: CliRunner) -> None:
    unknown = run.invoke(app, ["bench", "peers", str(folder), "--peers", "grep"])
    assert unknown.exit_code == 2
    assert "no such peer: grep" in unknown.output
    assert run.invoke(app, ["bench", "peers", str(folder / "nowhere")]).exit_code == 2
