"""Which files `kb ingest` takes."""

from pathlib import Path

import pytest

from cli.paths import files_of


def test_folders_are_walked_by_name_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/c.md", ".hidden.md", ".git/config", "a/.cache/x.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in files_of([tmp_path])]
    assert found == ["b.md", "a/c.md", "a/z.md"]


def test_a_file_named_twice_is_taken_once_under_its_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("x")
    assert files_of([Path("a.md"), tmp_path, Path("./a.md")]) == [tmp_path / "a.md"]


def test_a_hidden_file_that_is_named_is_taken(tmp_path: Path) -> None:
    hidden = tmp_path / ".notes.md"
    hidden.write_text("x")
    assert files_of([hidden]) == [hidden]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        files_of([tmp_path / "nowhere"])
    assert missing.value.filename == str(tmp_path / "nowhere")
