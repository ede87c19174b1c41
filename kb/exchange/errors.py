"""What an export or an import can fail with; each names the file, where there is one.

ExchangeError
├── BrokenFile        one file cannot be used (names the line)
├── NotAnExport       no folder or archive that an export wrote
├── OtherFormat       written in a format that this program does not read
├── FolderInUse       the folder to write to holds something else
└── UnknownPeople     files name people or teams that are not here
"""

from typing import Any

from kb.errors import InvalidInput


class ExchangeError(InvalidInput):
    code = "exchange_failed"
    en = "{filename} cannot be used: {reason}."
    fa = "{filename} پذیرفتنی نیست: {reason}."

    def __init__(self, *, filename: str, reason: str, **data: Any) -> None:
        super().__init__(field="file", filename=filename, reason=reason, **data)


class BrokenFile(ExchangeError):
    code = "broken_file"
    en = "{filename}, line {line}: {reason}."
    fa = "{filename}، سطر {line}: {reason}."

    def __init__(self, *, filename: str, line: int, reason: str) -> None:
        super().__init__(filename=filename, reason=reason, line=line)


class NotAnExport(ExchangeError):
    code = "not_an_export"
    en = "{filename} is no export: {reason}. Name what `kb export` wrote, or choose another --format."
    fa = "{filename} خروجی این برنامه نیست: {reason}. آن‌چه را `kb export` نوشته است نام ببرید یا --format را عوض کنید."


class OtherFormat(ExchangeError):
    code = "other_format"
    en = "{filename} was written in format {found}; this program reads format {known}. Export it again, or use a newer program."
    fa = "{filename} با قالب {found} نوشته شده است و این برنامه قالب {known} را می‌خواند. دوباره برون‌بری کنید یا برنامهٔ تازه‌تری به کار ببرید."

    def __init__(self, *, filename: str, found: str, known: int) -> None:
        super().__init__(filename=filename, reason="another format", found=found, known=known)


class FolderInUse(ExchangeError):
    code = "folder_in_use"
    en = "{filename} is left as it is: {reason}."
    fa = "{filename} دست‌نخورده ماند: {reason}."


class UnknownPeople(InvalidInput):
    code = "unknown_people"
    en = "These are not here: {names}. Add them first, have them added (--people), or say who owns what they owned (--owner)."
    fa = "این‌ها این‌جا نیستند: {names}. نخست اضافه‌شان کنید، بگذارید اضافه شوند (--people) یا بگویید مال آن‌ها از آنِ که باشد (--owner)."

    def __init__(self, *, names: str) -> None:
        super().__init__(field="owner", reason="unknown people", names=names)
