"""The measuring commands of near-duplicates and contradictions, and that their pairs are what they say."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench import contradicting, duplicating
from bench.command import app
from bench.planted.conflicts import HALVES, make_cases
from bench.planted.duplicates import make_pairs

RUNNER = CliRunner()


def test_pairs_are_the_same_for_a_seed_and_the_halves_share_none() -> None:
    first, second = (make_pairs(None, half) for half in HALVES)
    assert make_pairs(None, HALVES[0]) == first
    assert not {pair.one.id for pair in first} & {pair.one.id for pair in second}
    assert {pair.is_duplicate for pair in first} == {True, False}


def test_cases_are_as_many_as_said_and_the_halves_are_made_of_different_statements() -> None:
    for half in HALVES:
        cases = make_cases(half)
        assert [sum(case.conflict for case in cases), len(cases)] == [100, 300]
        assert make_cases(half) == cases
    first, second = ({case.one for case in make_cases(half)} for half in HALVES)
    assert not first & second


@pytest.mark.slow
@pytest.mark.parametrize("half", HALVES)
def test_planted_conflicts_are_found_and_near_twins_are_not(half: str) -> None:
    figures = contradicting.figures(contradicting.judge(half))  # type: ignore[arg-type]
    assert figures.precision >= 0.9
    assert figures.recall >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("half", HALVES)
def test_edited_articles_and_questions_are_told_from_related_ones(half: str) -> None:
    figures = duplicating.figures(duplicating.score_pairs(None, half))  # type: ignore[arg-type]
    assert figures.precision >= 0.9
    assert figures.recall >= 0.8


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["bench", "duplicates", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "no such folder" in result.output


def test_a_broken_set_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "perspell_dev").mkdir()
    (tmp_path / "perspell_dev" / "pairs.jsonl").write_text("{\n", "utf-8")
    result = RUNNER.invoke(app, ["bench", "duplicates", str(tmp_path), "--texts", "0"])
    assert result.exit_code == 2
    assert "pairs.jsonl:1isnotJSON" in "".join(result.output.split())


@pytest.mark.slow
def test_contradictions_print_figures_as_json() -> None:
    result = RUNNER.invoke(app, ["bench", "contradictions", "--json"])
    assert result.exit_code == 0
    assert set(json.loads(result.stdout)) == set(HALVES)
