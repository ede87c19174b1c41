"""Which files `kb ingest` takes: the ones named, and those of folders, in a stable order."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Absolute paths, each once; folders recursively by name, without hidden files and folders.

    Raises:
        FileNotFoundError: a path that does not exist; `filename` names it.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(2, "there is no such file or folder", str(path))
        for file in _walk(path) if path.is_dir() else (path,):
            found[Path(os.path.abspath(file))] = None
    return list(found)


def _walk(folder: Path) -> Iterator[Path]:
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(directory, name)
            if not name.startswith(".") and path.is_file():
                yield path
