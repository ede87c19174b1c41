"""The files of an import, from a folder or a ZIP archive: only what could be an export's, within limits.

Everything that could lead out of the folder or fill the memory is refused before it is read: symbolic links,
absolute names, `..`, names that stand there twice, archives that unpack to more than they may.
"""

import os
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from kb.exchange.errors import BrokenFile, ExchangeError, NotAnExport

#: a text file of an export: an article at its limit, twice
TEXT_FILE_LIMIT_BYTES = 16 * 1024 * 1024
_FILES_LIMIT = 200_000
#: names in an archive, which nothing but the archive bounds
_NAME_LIMIT_CHARS = 500
_RATIO_LIMIT = 200
#: below this even a high ratio does no harm
_SMALL_BYTES = 1024 * 1024
_BLOCK = 1024 * 1024


class Package(Protocol):
    """Files by their names, which are relative and use `/`."""

    @property
    def label(self) -> str:
        """How messages call the whole."""
        ...

    def names(self) -> Sequence[str]:
        """Every file, by name.

        Raises:
            ExchangeError.
        """
        ...

    def read(self, name: str, *, limit_bytes: int = TEXT_FILE_LIMIT_BYTES) -> bytes:
        """The content of one file.

        Raises:
            ExchangeError: larger than that, or unreadable.
        """
        ...


class Folder:
    """A folder on this machine; hidden files and folders are not part of it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def label(self) -> str:
        return str(self._root)

    def names(self) -> list[str]:
        if not self._root.is_dir():
            raise NotAnExport(filename=self.label, reason="there is no such folder")
        found: list[str] = []
        for directory, folders, files in os.walk(self._root):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for one in [*folders, *files]:
                path = Path(directory, one)
                name = path.relative_to(self._root).as_posix()
                if path.is_symlink():
                    raise ExchangeError(
                        filename=name, reason="it is a symbolic link; put the file itself there"
                    )
            found += [
                Path(directory, one).relative_to(self._root).as_posix()
                for one in files
                if not one.startswith(".")
            ]
            if len(found) > _FILES_LIMIT:
                raise ExchangeError(filename=self.label, reason=f"it has more than {_FILES_LIMIT} files")
        return sorted(found)

    def read(self, name: str, *, limit_bytes: int = TEXT_FILE_LIMIT_BYTES) -> bytes:
        path = self._root / checked_name(name)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
        try:
            with os.fdopen(os.open(path, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise ExchangeError(filename=name, reason="it is no file")
                return _limited(name, file, limit_bytes)
        except OSError as error:
            raise ExchangeError(filename=name, reason=error.strerror or "it cannot be read") from error


class Archive:
    """A ZIP archive in memory; one folder around everything does no harm."""

    def __init__(self, label: str, file: IO[bytes], *, unpacked_limit_bytes: int) -> None:
        """Raises ExchangeError where the archive cannot be used."""
        self._label = label
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise NotAnExport(filename=label, reason="it is no ZIP archive, or a broken one") from error
        self._members = self._checked(unpacked_limit_bytes)

    @property
    def label(self) -> str:
        return self._label

    def names(self) -> list[str]:
        return sorted(self._members)

    def read(self, name: str, *, limit_bytes: int = TEXT_FILE_LIMIT_BYTES) -> bytes:
        member = self._members.get(name)
        if member is None:
            raise ExchangeError(filename=name, reason="it is not in the archive")
        try:
            with self._zip.open(member) as file:
                return _limited(name, file, limit_bytes)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise ExchangeError(filename=name, reason="it cannot be unpacked") from error

    def _checked(self, unpacked_limit_bytes: int) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        unpacked = 0
        infos = self._zip.infolist()
        if len(infos) > _FILES_LIMIT:
            raise ExchangeError(filename=self._label, reason=f"it has more than {_FILES_LIMIT} files")
        for info in infos:
            name = checked_name(info.filename.rstrip("/"))
            if stat.S_ISLNK(info.external_attr >> 16):
                raise ExchangeError(filename=name, reason="it is a symbolic link; put the file itself there")
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise ExchangeError(filename=name, reason="it is encrypted; pack it without a password")
            if name in members:
                raise ExchangeError(filename=name, reason="the archive has it twice")
            unpacked += info.file_size
            is_bomb = info.file_size > _SMALL_BYTES and info.file_size > info.compress_size * _RATIO_LIMIT
            if is_bomb or unpacked > unpacked_limit_bytes:
                limit = unpacked_limit_bytes // (1024 * 1024)
                raise ExchangeError(
                    filename=self._label, reason=f"it unpacks to more than {limit} MiB, or swells"
                )
            members[name] = info
        return _without_outer_folder(members)


def checked_name(name: str) -> str:
    """A file's name that stays within its folder.

    Raises:
        ExchangeError.
    """
    parts = PurePosixPath(name).parts
    leads_out = name.startswith("/") or "\\" in name or ".." in parts or ":" in (parts or ("",))[0]
    if not parts or leads_out or "\0" in name or len(name) > _NAME_LIMIT_CHARS:
        shown = name.encode("unicode_escape").decode()[:_NAME_LIMIT_CHARS]
        raise ExchangeError(filename=shown or "a file", reason="its name leads out of the folder")
    return "/".join(parts)


def _without_outer_folder(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Names as if packed from within, where all lie in one folder that holds the manifest or nothing else."""
    visible = {
        name: info
        for name, info in members.items()
        if not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
    }
    outer = {name.partition("/")[0] for name in visible}
    folder = next(iter(outer), "")
    if len(outer) == 1 and f"{folder}/manifest.json" in visible:
        return {name.partition("/")[2]: info for name, info in visible.items()}
    return visible


def _limited(name: str, file: IO[bytes], limit_bytes: int) -> bytes:
    data = bytearray()
    while block := file.read(min(_BLOCK, limit_bytes + 1 - len(data))):
        data += block
        if len(data) > limit_bytes:
            reason = f"it is larger than {limit_bytes // (1024 * 1024)} MiB"
            raise BrokenFile(filename=name, line=1, reason=reason)
    return bytes(data)
