"""What an export or an import can fail with; each names the file, where there is one.

ExchangeError
├── BrokenFile        one file cannot be used (names the line)
├── NotAnExport       no folder or archive that an export wrote
├── OtherFormat       written in a format that this program does not read
├── FolderInUse       the folder to write to holds something else
├── UnknownPeople     files name people or teams that are not here
└── ExportTooLarge    more than is kept for a download
Conflict
├── TransferNotReady  an export or import is not (or no longer) in the state that this needs
└── ImportBlocked     broken files, or conflicts that nobody decided on
"""

from typing import Any

from kb.errors import Conflict, InvalidInput


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


class ExportTooLarge(InvalidInput):
    code = "export_too_large"
    en = "The export is larger than {limit_mib} MiB. Export less of it, or use `kb export` on the machine itself."
    fa = "خروجی از {limit_mib} مبی‌بایت بزرگ‌تر است. بخشی از آن را بخواهید یا روی خود سرور `kb export` را اجرا کنید."

    def __init__(self, *, limit_mib: int) -> None:
        super().__init__(field="audience", reason="too large", limit_mib=limit_mib)


class TransferNotReady(Conflict):
    code = "transfer_not_ready"
    en = "{id} is {state}; this cannot be done with it now."
    fa = "{id} در حالت {state} است و اکنون این کار با آن شدنی نیست."

    def __init__(self, *, id: str, state: str) -> None:
        super().__init__(reason="transfer not ready", id=id, state=state)


class ImportBlocked(Conflict):
    code = "import_blocked"
    en = "Nothing was imported: {failed} files cannot be used, and {conflicts} were edited here, too. Mend them, or decide on conflicts (on_conflict)."
    fa = "چیزی درون‌ریزی نشد: {failed} پرونده پذیرفتنی نیست و {conflicts} پرونده این‌جا هم ویرایش شده است. اصلاحشان کنید یا برای تعارض‌ها تصمیم بگیرید (on_conflict)."

    def __init__(self, *, failed: int, conflicts: int) -> None:
        super().__init__(reason="import blocked", failed=failed, conflicts=conflicts)
