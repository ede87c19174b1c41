"""What comes in as a folder or an archive cannot lead out of it, fill the memory or name a file twice."""

import io
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from ingest.exchange.layout import check_manifest, read_files, read_people
from ingest.exchange.package import Archive, Folder, checked_name
from kb.exchange.errors import BrokenFile, ExchangeError, NotAnExport, OtherFormat

MANIFEST = b'{"format": "nagofte", "version": 1}'
ARTICLE = "---\nid: a1\nlanguage: fa\ntitle: یک\n---\nمتن\n".encode()
LIMIT = 10 * 1024 * 1024


def archive(files: dict[str, bytes], **options: int) -> Archive:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    packed.seek(0)
    return Archive("x.zip", packed, **({"unpacked_limit_bytes": LIMIT} | options))


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/etc/passwd", "C:\\x", "c:/x", "a\\b", "", "x" * 600, "a\0b"]
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(ExchangeError, match="leads out"):
        checked_name(name)


def test_an_archive_with_such_a_name_is_refused_as_a_whole() -> None:
    with pytest.raises(ExchangeError, match="leads out"):
        archive({"manifest.json": MANIFEST, "../../evil.md": b""})


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ExchangeError, match="unpacks to more"):
        archive({"articles/a.md": b"0" * (20 * 1024 * 1024)}, unpacked_limit_bytes=10**12)
    with pytest.raises(ExchangeError, match="unpacks to more than 0 MiB"):
        archive({"articles/a.md": b"01" * 600_000}, unpacked_limit_bytes=1000)


def test_a_member_larger_than_a_text_may_be_is_not_read_on() -> None:
    with pytest.raises(BrokenFile, match="larger than 0 MiB"):
        archive({"a.md": b"0123456789"}).read("a.md", limit_bytes=5)


def test_a_file_that_stands_there_twice_is_named() -> None:
    packed = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(packed, "w") as zipped:
            zipped.writestr("articles/a.md", ARTICLE)
            zipped.writestr("articles/a.md", ARTICLE)
    packed.seek(0)
    with pytest.raises(ExchangeError, match=r"articles/a\.md cannot be used: the archive has it twice"):
        Archive("x.zip", packed, unpacked_limit_bytes=LIMIT)


def test_a_symbolic_link_is_refused_in_archives_and_folders(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        link = zipfile.ZipInfo("articles/a.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "/etc/passwd")
    packed.seek(0)
    with pytest.raises(ExchangeError, match="symbolic link"):
        Archive("x.zip", packed, unpacked_limit_bytes=LIMIT)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").symlink_to("/etc/passwd")
    with pytest.raises(ExchangeError, match="symbolic link"):
        Folder(tmp_path).names()


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04broken"])
def test_what_is_no_archive_says_so(data: bytes) -> None:
    with pytest.raises(NotAnExport, match="no ZIP archive"):
        Archive("x.zip", io.BytesIO(data), unpacked_limit_bytes=LIMIT)


def test_a_folder_around_everything_does_no_harm() -> None:
    package = archive({"kb/manifest.json": MANIFEST, "kb/articles/a1.md": ARTICLE, "__MACOSX/x": b""})
    check_manifest(package)
    assert package.names() == ["articles/a1.md", "manifest.json"]
    (read,) = read_files(package)
    assert read.image is not None


@pytest.mark.parametrize(
    ("manifest", "error", "said"),
    [
        (None, NotAnExport, r"no manifest\.json"),
        (b"{", NotAnExport, "no JSON"),
        (b"[]", NotAnExport, "names no format"),
        (b'{"format": "other", "version": 1}', OtherFormat, "format other"),
        (b'{"format": "nagofte", "version": 2}', OtherFormat, "reads format 1"),
        (b"\xff", BrokenFile, "not UTF-8"),
        (b"[" * 100_000, NotAnExport, "no JSON"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(
    manifest: bytes | None, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        check_manifest(archive({"x": b""} | ({} if manifest is None else {"manifest.json": manifest})))


def test_two_files_of_one_id_and_ids_that_are_none_are_named() -> None:
    odd = ARTICLE.replace(b"a1", b"../a1")
    files = {"articles/a.md": ARTICLE, "articles/b.md": ARTICLE, "articles/c.md": odd}
    said = {one.filename: one.error for one in read_files(archive(files))}
    assert said["articles/a.md"] is None
    assert "articles/a.md has the same id" in str(said["articles/b.md"])
    assert "signs that no id has" in str(said["articles/c.md"])


def test_a_broken_file_does_not_hide_the_others() -> None:
    files = {"articles/a.md": b"---\ntitle: {\n---\n", "articles/b.md": ARTICLE, "notes/README": b"?"}
    broken, fine = read_files(archive(files))
    assert (broken.image, fine.error) == (None, None)


def test_people_are_read_and_a_stranger_field_is_named() -> None:
    listed = "people:\n- login: negar\n  name: نگار\n  teams: [یک]\nteams: [دو]\n"
    read = read_people(archive({"people.yml": listed.encode()}))
    assert [(one.login, one.name, one.teams) for one in read.people] == [("negar", "نگار", ("یک",))]
    assert read.teams == ("دو",)
    assert read_people(archive({"people.yml": b""})).people == ()
    with pytest.raises(BrokenFile, match="line 3: role is no field"):
        read_people(archive({"people.yml": b"people:\n- login: negar\n  role: admin\n"}))
