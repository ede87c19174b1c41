"""The spelling matrix: what becomes of documents and queries, and what `kb eval` shows of it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.command import app
from bench.dataset import Dataset, Entry, Question
from bench.spelling import Spelling, respell
from search.analysis.variants import Zwnj

ZWNJ = "\u200c"
EVERY_WAY = (Zwnj.KEEP, Zwnj.STRIP, Zwnj.SPACE)
DATASET = Dataset(
    "tiny",
    (Entry("a", f"کیف{ZWNJ}پول", f"پول برمی{ZWNJ}گردد"),),
    tuple(Question(f"q{n}", f"پولم کی برمی{ZWNJ}گردد {n}", "plain") for n in range(10)),
    {f"q{n}": {"a": 1} for n in range(10)},
    (Question("n", f"می{ZWNJ}خواهم", "all"),),
)


@pytest.mark.parametrize(
    ("how", "title", "text"),
    [
        (Zwnj.KEEP, f"کیف{ZWNJ}پول", f"پول برمی{ZWNJ}گردد"),
        (Zwnj.STRIP, "کیفپول", "پول برمیگردد"),
        (Zwnj.SPACE, "کیف پول", "پول برمی گردد"),
    ],
)
def test_title_and_text_of_documents_are_respelt(how: Zwnj, title: str, text: str) -> None:
    assert respell(DATASET, Spelling(documents=how)).corpus == (Entry("a", title, text),)


def test_every_query_is_asked_in_every_way_and_the_way_is_part_of_its_kind() -> None:
    made = respell(DATASET, Spelling(queries=EVERY_WAY), limit=2)
    assert [(q.id, q.text, q.kind) for q in made.questions[:3]] == [
        ("q0", f"پولم کی برمی{ZWNJ}گردد 0", "plain, zwnj keep"),
        ("q0", "پولم کی برمیگردد 0", "plain, zwnj strip"),
        ("q0", "پولم کی برمی گردد 0", "plain, zwnj space"),
    ]
    assert [q.id for q in made.questions] == ["q0"] * 3 + ["q5"] * 3
    assert [q.text for q in made.unanswerable] == [f"می{ZWNJ}خواهم", "میخواهم", "می خواهم"]


def test_one_way_alone_leaves_the_kind_as_it_is() -> None:
    made = respell(DATASET, Spelling(queries=(Zwnj.STRIP,)))
    assert {question.kind for question in made.questions} == {"plain"}
    assert not any(ZWNJ in question.text for question in made.questions)


def test_nothing_asked_for_changes_nothing() -> None:
    assert respell(DATASET, Spelling()) == DATASET
    assert str(Spelling(seed=3)) == ""


def test_typos_are_the_same_in_every_way_and_for_every_limit_but_not_for_every_seed() -> None:
    every_way = respell(DATASET, Spelling(queries=EVERY_WAY, typos=1, seed=1))
    for keep, strip, space in zip(*[iter(every_way.questions)] * 3, strict=True):
        assert keep.text.replace(ZWNJ, "") == strip.text
        assert keep.text.replace(ZWNJ, " ") == space.text
    kept = {question.id: question.text for question in every_way.questions[::3]}
    assert all(kept[question.id] != question.text for question in DATASET.questions)
    few = respell(DATASET, Spelling(typos=1, seed=1), limit=3)
    assert all(kept[question.id] == question.text for question in few.questions)
    other = respell(DATASET, Spelling(typos=1, seed=2))
    assert any(kept[question.id] != question.text for question in other.questions)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = {"wallet": f"پول به کیف{ZWNJ}پول برمی{ZWNJ}گردد.", "post": "بسته با پست می‌رسد."}
    rows = [json.dumps({"id": id, "title": "", "text": text}) for id, text in documents.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(rows))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"id": "q", "text": f"کیف{ZWNJ}پول"}))
    (tmp_path / "qrels.tsv").write_text("q\twallet\t1\n")
    return tmp_path


@pytest.fixture
def run(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))
    return CliRunner()


def test_one_run_measures_every_spelling_and_says_which(folder: Path, run: CliRunner) -> None:
    options = ["--document-zwnj", "strip", "--query-zwnj", "keep,strip,space", "--seed", "7"]
    done = run.invoke(app, ["eval", str(folder), *options, "--legs", "lexical", "--json"])
    assert done.exit_code == 0, done.output
    measured = json.loads(done.stdout)
    ways = ["keep", "strip", "space"]
    assert measured["spelling"] == {
        "document_zwnj": "strip", "query_zwnj": ways, "query_typos": 0, "seed": 7,
    }  # fmt: skip
    hits = {result["kind"]: result["hit@1"] for result in measured["results"]}
    assert hits == {f"all, zwnj {way}": 1.0 for way in ways}


def test_the_tables_title_shows_the_spelling(folder: Path, run: CliRunner) -> None:
    options = ["--document-zwnj", "strip", "--query-typos", "1"]
    done = run.invoke(app, ["eval", str(folder), "--legs", "lexical", *options])
    assert "document ZWNJ strip, query ZWNJ keep, 1 typo a query (seed 0)" in " ".join(done.stdout.split())


def test_an_unknown_spelling_is_refused(folder: Path, run: CliRunner) -> None:
    done = run.invoke(app, ["eval", str(folder), "--query-zwnj", "keep,gone"])
    assert done.exit_code == 2
    assert "'gone' is none of keep, strip, space" in " ".join(done.output.replace("│", " ").split())
