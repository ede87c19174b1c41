"""`kb eval` on a small folder: the figures' schema, kinds, limits, and clear errors."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.command import app
from bench.dataset import BrokenDataset, read_dataset

CORPUS = [
    {"id": "refund", "title": "برگشت پول", "text": "پول تا پنج روز کاری برمی‌گردد. کیف پول همان روز."},
    {"id": "delivery", "title": "ارسال", "text": "ارسال به تهران یک روز و به شهرستان سه روز است."},
    {"id": "warranty", "title": "Warranty", "text": "The warranty lasts eighteen months."},
]
QUERIES = [
    {"id": "q1", "text": "پولم کی برمیگرده", "meta": {"kind": "informal"}},
    {"id": "q2", "text": "ارسال به شهرستان", "meta": {"kind": "plain"}},
    {"id": "q3", "text": "how long is the warranty", "meta": {"split": "dev"}},
    {"id": "unjudged", "text": "؟"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\trefund\t1\nq2\tdelivery\t1\nq3\twarranty\t1\nq3\trefund\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def write(name: str, rows: list[dict[str, object]]) -> None:
        (tmp_path / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))

    write("corpus.jsonl", CORPUS)  # type: ignore[arg-type]
    write("queries.jsonl", QUERIES)  # type: ignore[arg-type]
    write("queries.noanswer.jsonl", [{"id": "n1", "text": "قیمت دلار امروز"}])
    write("answers.jsonl", [{"id": "q1", "answers": ["پنج روز"]}])
    (tmp_path / "qrels.tsv").write_text(QRELS)
    return tmp_path


@pytest.fixture
def run(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))
    return CliRunner()


def test_the_json_has_the_stable_schema_and_the_figures_of_an_easy_set(folder: Path, run: CliRunner) -> None:
    done = run.invoke(app, ["eval", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    measured = json.loads(done.stdout)
    assert set(measured) == {
        "dataset", "docs", "passages", "ingest", "memory_mib", "results", "noanswer", "answers", "agreement",
        "spelling",
    }  # fmt: skip
    assert set(measured["ingest"]) == {"seconds", "passages_per_second"}
    assert (measured["docs"], measured["passages"]) == (3, 6)
    keys = {"leg", "kind", "queries", "ndcg@10", "hit@1", "hit@10", "mrr@10", "p50_ms", "p95_ms"}
    assert all(set(result) == keys for result in measured["results"])
    hybrid = {r["kind"]: r for r in measured["results"] if r["leg"] == "hybrid"}
    assert {kind: result["hit@1"] for kind, result in hybrid.items()} == {"informal": 1, "plain": 1, "dev": 1}
    assert measured["noanswer"]["auroc"] == 1.0
    assert set(measured["answers"]) == {"contained", "given", "p50_chars", "p90_chars"}
    assert (measured["answers"]["contained"], measured["answers"]["given"]) == (1.0, 1.0)


def test_kind_legs_limit_and_index_narrow_what_is_measured(folder: Path, run: CliRunner) -> None:
    options = ["--kind", "plain", "--legs", "lexical", "--limit", "1", "--index", "client", "--json"]
    measured = json.loads(run.invoke(app, ["eval", str(folder), *options]).stdout)
    assert [(r["leg"], r["kind"], r["queries"]) for r in measured["results"]] == [("lexical", "plain", 1)]


def test_a_table_is_printed_for_people(folder: Path, run: CliRunner) -> None:
    done = run.invoke(app, ["eval", str(folder), "--legs", "lexical"])
    assert done.exit_code == 0
    assert "nDCG@10" in done.stdout
    assert "passages/s" in done.stdout


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda f: (f / "corpus.jsonl").unlink(), "corpus.jsonl does not exist"),
        (lambda f: (f / "queries.jsonl").write_text("{"), "queries.jsonl:1 is not JSON"),
        (lambda f: (f / "corpus.jsonl").write_text('{"text": "x"}'), "corpus.jsonl:1 has no id"),
        (lambda f: (f / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n"), "no query has a judgement"),
    ],
)
def test_a_broken_folder_is_named_with_file_and_line(folder: Path, spoil: object, complaint: str) -> None:
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(BrokenDataset, match=complaint):
        read_dataset(folder)


def test_unknown_legs_and_missing_folders_are_refused(folder: Path, run: CliRunner) -> None:
    assert "no such leg: sparse" in run.invoke(app, ["eval", str(folder), "--legs", "sparse"]).output
    missing = run.invoke(app, ["eval", str(folder / "nowhere")])
    assert missing.exit_code == 2
