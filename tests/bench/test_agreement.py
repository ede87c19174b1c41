"""Same first hit for two spellings: how it is counted, and what `kb eval` prints of it."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.agreement import Agreement, Pair, make_variants, measure_agreement, read_pairs
from bench.command import app
from bench.dataset import BrokenDataset, Entry, Question

CORPUS = [Entry("a", "", "برگشت پول"), Entry("b", "", " برگشت پول "), Entry("c", "", "ارسال")]
FOUND = {"پول": "a", "بول": "b", "ارسال": "c", "ارثال": "a", "هیچ": None}


def test_documents_of_one_text_are_one_hit_and_finding_nothing_agrees_with_nothing() -> None:
    pairs = [
        Pair("pairs", "پول", "بول"),  # a and b read the same
        Pair("pairs", "ارسال", "ارثال"),
        Pair("pairs", "هیچ", "هیچ"),
        Pair("digits", "پول", "پول"),
        Pair("tatweel", "پول", "ارسال"),
    ]
    assert measure_agreement(FOUND.__getitem__, CORPUS, pairs) == (
        Agreement("pairs", 3, 1 / 3),
        Agreement("digits", 1, 1.0),
        Agreement("tatweel", 1, 0.0),
        Agreement("variants", 2, 0.5),
    )


def test_every_variant_differs_from_its_query() -> None:
    made = make_variants([Question("q", "پول", "all"), Question("r", "کی 12", "all")], seed=1)
    assert all(pair.standard != pair.other for pair in made)
    kinds = {pair.kind for pair in made if pair.standard == "پول"}
    assert not kinds & {"zwnj_strip", "zwnj_space", "digits_fa", "digits_en", "wide_spaces"}
    assert {pair.other for pair in made if pair.kind == "digits_fa"} == {"کی ۱۲"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"id": "a", "title": "", "text": "پول برمی‌گردد"},
        {"id": "b", "title": "", "text": "ارسال رایگان"},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"id": "q", "text": "پولم برمی‌گردد"}))
    (tmp_path / "qrels.tsv").write_text("q\ta\t1\n")
    pair = {"id": "p", "noisy": "ارصال رایگان", "standard": "ارسال رایگان"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair))
    return tmp_path


def test_shares_of_pairs_and_variants_are_printed(
    folder: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_MODELS_DIR", str(models_dir))
    options = ["eval", str(folder), "--legs", "hybrid", "--pairs", "--variants"]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0, done.output
    lines = re.findall(r"same first hit, (\w+): ([\d.]+) of (\d+)", done.stdout)
    shares = {kind: (float(share), int(count)) for kind, share, count in lines}
    assert shares["pairs"] == (1.0, 1)
    assert shares["variants"] == (1.0, len(shares) - 2)
    assert len(shares) > 6


def test_the_json_of_a_share_is_rounded() -> None:
    assert Agreement("pairs", 3, 2 / 3).as_json() == {"kind": "pairs", "pairs": 3, "same_first_hit": 0.6667}


def test_a_folder_without_pairs_is_said_to_have_none(folder: Path) -> None:
    (folder / "pairs.jsonl").write_text('{"id": "p", "noisy": "x"}')
    with pytest.raises(BrokenDataset, match="p has not both forms"):
        read_pairs(folder)
    (folder / "pairs.jsonl").unlink()
    with pytest.raises(BrokenDataset, match="does not exist"):
        read_pairs(folder)
