"""`kb export` and `kb import` as the shell sees them."""

import json
import zipfile
from pathlib import Path

import pytest

from cli import export_folder
from kb.database import Database
from kb.settings import Settings
from kb.visibility import OPERATOR
from tests.cli.conftest import Kb
from tests.factories import make_article, make_person


@pytest.fixture
def base(kb: Kb, data_dir: Path) -> Path:
    """A knowledge base with two articles; gives its directory."""
    kb("init")
    database = Database(Settings(data_dir=data_dir, _env_file=None).record_url)
    with database.transaction() as session:
        owner = make_person(session, login="negar")
        make_article(session, released=True, owner_id=owner.id)
        make_article(session, title="no", caller=OPERATOR)
    database.close()
    return data_dir


def article_files(folder: Path) -> list[Path]:
    return sorted((folder / "articles").iterdir())


def test_an_export_is_written_and_comes_into_another_base(
    kb: Kb, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kb("export", "out").out == "4 files written to out.\n"
    assert len(article_files(tmp_path / "out")) == 2
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path / "other"))
    kb("init")
    refused = kb("import", "out")
    assert refused.exit_code == 1
    assert "These are not here: negar." in " ".join(refused.out.split())
    assert "Nothing was imported" in refused.err
    plan = kb("import", "out", "--people")
    assert (plan.exit_code, "2 new." in plan.out) == (0, True)
    assert "--apply does it" in plan.out
    assert kb("import", "out", "--people", "--apply", "--no-wait").out.endswith("2 created.\n")
    done = kb("import", "out", "--json").json
    assert (done["applied"], done["counts"]["unchanged"]) == (False, 2)
    kb("export", "again")
    for path in article_files(tmp_path / "out"):
        assert path.read_bytes() == (tmp_path / "again" / "articles" / path.name).read_bytes()
    assert kb("audit", "verify").exit_code == 0


def test_an_edited_file_is_shown_as_a_difference_and_applied(kb: Kb, base: Path, tmp_path: Path) -> None:
    kb("export", "out")
    (path,) = [one for one in article_files(tmp_path / "out") if "title: 'no'" in one.read_text("utf-8")]
    path.write_text(
        path.read_text("utf-8").replace("title: 'no'", "title: yes").replace("برای ", ""), "utf-8"
    )
    shown = kb("import", "out")
    assert "title: no -> yes" in shown.out
    assert "1 changed, 1 unchanged." in shown.out
    assert "1 changed, 1 unchanged." in kb("import", "out", "--apply", "--no-wait").out
    assert kb("import", "out").out.splitlines()[-1] == "2 unchanged."


def test_an_archive_of_an_export_is_read_as_well(kb: Kb, base: Path, tmp_path: Path) -> None:
    kb("export", "out")
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as zipped:
        for path in (tmp_path / "out").rglob("*.*"):
            zipped.write(path, path.relative_to(tmp_path))
    assert kb("import", "out.zip").out.splitlines()[-1] == "2 unchanged."


@pytest.mark.parametrize("name", ["nowhere", "file.bin", "empty"])
def test_what_is_no_export_is_refused(kb: Kb, base: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file.bin").write_text("x")
    (tmp_path / "empty").mkdir()
    ran = kb("import", name)
    assert ran.exit_code == 1
    assert "is no export" in ran.err


def test_a_folder_that_holds_something_else_is_never_written_to(kb: Kb, base: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.md").write_text("years of work")
    for options in ([], ["--update"]):
        refused = kb("export", "mine", *options)
        assert refused.exit_code == 1
        assert "holds no export" in refused.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.md"]
    assert "does not exist" in kb("export", "no/such/folder").err
    assert "it is a file" in kb("export", "mine/thesis.md").err


def test_an_update_keeps_git_and_changes_only_what_differs(kb: Kb, base: Path, tmp_path: Path) -> None:
    kb("export", "out")
    out = tmp_path / "out"
    (out / ".git").mkdir()
    (out / "README.md").write_text("ours")
    (out / "articles" / "stale.md").write_text("gone since")
    first, second = (path for path in article_files(out) if path.name != "stale.md")
    second.write_text("broken by hand")
    before = first.stat().st_mtime_ns
    assert "--update leaves that alone" in kb("export", "out").err
    assert kb("export", "out", "--update").out == "1 files written, 3 unchanged, 1 removed.\n"
    assert (out / "README.md").read_text() == "ours"
    assert (out / ".git").is_dir()
    assert first.stat().st_mtime_ns == before
    assert not (out / "articles" / "stale.md").exists()
    assert kb("export", "out", "--update", "--json").json == {"written": 0, "unchanged": 4, "removed": 0}


def test_an_export_replaces_an_older_one_as_a_whole(kb: Kb, base: Path, tmp_path: Path) -> None:
    kb("export", "out")
    assert kb("export", "out", "--state", "validated").exit_code == 0
    assert len(article_files(tmp_path / "out")) == 1
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["scope"]["states"] == ["validated"]


def test_an_export_that_is_interrupted_leaves_what_was_there(kb: Kb, base: Path, tmp_path: Path) -> None:
    kb("export", "out")
    before = sorted(path.name for path in (tmp_path / "out").rglob("*"))

    def breaking() -> object:
        yield "articles/a.md", b"x"
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        export_folder.write_folder(tmp_path / "out", breaking(), update=False)  # type: ignore[arg-type]
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_table_of_questions_becomes_articles_once(kb: Kb, base: Path, tmp_path: Path) -> None:
    (tmp_path / "faq.csv").write_text("پرسش,پاسخ\nکی می‌رسه؟,فردا\n", "utf-8-sig")
    plan = kb("import", "faq.csv", "--audience", "public", "--owner", "negar")
    assert "1 new." in plan.out
    assert kb("import", "faq.csv", "--apply", "--no-wait").out.endswith("1 created.\n")
    assert kb("import", "faq.csv").out.endswith("1 unchanged.\n")
    (tmp_path / "faq.csv").write_text("one,two,three\n1,2,3\n")
    refused = kb("import", "faq.csv")
    assert refused.exit_code == 1
    assert "names no columns question and answer" in refused.err


def test_one_file_is_written_for_another_program_and_never_over_another(
    kb: Kb, base: Path, tmp_path: Path
) -> None:
    assert kb("export", "guide.json", "--format", "zendesk").out == "Written to guide.json.\n"
    assert len(json.loads((tmp_path / "guide.json").read_text("utf-8"))["articles"]) == 2
    assert "--update replaces it" in kb("export", "guide.json", "--format", "zammad").err
    assert kb("export", "guide.json", "--format", "zammad", "--update").exit_code == 0
    assert "KnowledgeBaseAnswer" in (tmp_path / "guide.json").read_text("utf-8")
