"""Writes an export to disk: beside the folder first, then in its place, so that it is never half there."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.exchange.layout import FOLDERS, FORMAT_NAME, MANIFEST, PEOPLE
from kb.exchange.errors import FolderInUse


@dataclass(frozen=True, slots=True)
class Written:
    """How many files an export changed in its folder."""

    written: int
    unchanged: int
    removed: int


def check_folder(folder: Path, *, update: bool) -> None:
    """Return where an export may be written.

    Raises:
        FolderInUse: what is there would be lost.
    """
    name = str(folder)
    if not folder.exists():
        if not folder.parent.is_dir():
            raise FolderInUse(filename=name, reason="the folder above it does not exist")
        return
    if not folder.is_dir():
        raise FolderInUse(filename=name, reason="it is a file")
    present = {entry.name for entry in folder.iterdir()}
    if not present or (update and present == {".git"}):
        return
    if not _is_export(folder):
        raise FolderInUse(filename=name, reason="it is not empty and holds no export; name another folder")
    others = present - {*FOLDERS, MANIFEST, PEOPLE}
    if others and not update:
        raise FolderInUse(filename=name, reason=f"it also holds {min(others)}; --update leaves that alone")


def check_file(path: Path, *, update: bool) -> None:
    """Return where one file may be written.

    Raises:
        FolderInUse: something is there, or no folder to put it in.
    """
    if path.is_dir():
        raise FolderInUse(filename=str(path), reason="it is a folder; name a file")
    if path.exists() and not update:
        raise FolderInUse(filename=str(path), reason="it is there already; --update replaces it")
    if not path.absolute().parent.is_dir():
        raise FolderInUse(filename=str(path), reason="the folder above it does not exist")


def write_file(path: Path, data: bytes) -> None:
    """Write one file: whole, or not at all."""
    with _beside(path.absolute()) as staging:
        (staging / path.name).write_bytes(data)
        (staging / path.name).replace(path)


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]], *, update: bool) -> Written:
    """Write an export.

    Args:
        update: replace only files that differ, and leave everything that is no part of an export, such as
            `.git`; else the folder is replaced as a whole.
    Raises:
        FolderInUse.
    """
    folder = Path(os.path.abspath(folder))
    check_folder(folder, update=update)
    with _beside(folder) as staging:
        count = 0
        for name, data in files:
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            count += 1
        if update:
            folder.mkdir(exist_ok=True)
            return _update(folder, staging)
        old = staging.with_name(staging.name + ".old")
        if folder.exists():
            folder.rename(old)
        staging.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    return Written(count, 0, 0)


def _update(folder: Path, staging: Path) -> Written:
    """Each file changes at once or not at all; what a sudden end leaves undone, the next update does."""
    written = unchanged = removed = 0
    fresh = {path.relative_to(staging) for path in staging.rglob("*") if path.is_file()}
    for name in sorted(fresh):
        target = folder / name
        if (
            target.is_file()
            and not target.is_symlink()
            and target.read_bytes() == (staging / name).read_bytes()
        ):
            unchanged += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(target)
        written += 1
    for part in (*FOLDERS, PEOPLE):
        for path in [folder / part, *(folder / part).rglob("*")]:
            if (path.is_file() or path.is_symlink()) and path.relative_to(folder) not in fresh:
                path.unlink()
                removed += 1
    for part in FOLDERS:
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
    return Written(written, unchanged, removed)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_export(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == FORMAT_NAME
