"""What a conversion can fail with, and what it can lose on the way; each says what to do about it.

Kept with the record because the workers write them and every surface tells people about them.

ConversionError
├── EmptyDocument          nothing to read in it
├── ArchiveBomb            unpacks to far more than it may
├── EncryptedDocument      needs a password
├── ScannedNoText          pages are pictures without a text layer
├── UnsupportedMediaType   a kind of file that is not read here
├── UnreadableDocument     broken, cut off, or not what it claims to be
├── ConversionTimeout      used up its time
├── ConversionMemory       used up its memory
└── OutputTooLarge         holds more text than one source may
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.errors import InvalidInput

_MOST_REASON_CHARS = 200


class ConversionError(InvalidInput):
    """What was uploaded cannot be read; `data["filename"]` names it."""

    code = "conversion_failed"
    en = "{filename} could not be read: {reason}."
    fa = "پروندهٔ {filename} خوانده نشد: {reason}."

    def __init__(self, *, filename: str, **data: Any) -> None:
        data.pop("field", None)
        # Parsers quote whole dictionaries; a person needs the beginning.
        reason = str(data.pop("reason", self.code))[:_MOST_REASON_CHARS]
        super().__init__(field="file", reason=reason, filename=filename, **data)


class EmptyDocument(ConversionError):
    code = "empty_document"
    en = "{filename} has no text in it. Upload a file with content."
    fa = "در پروندهٔ {filename} هیچ متنی نیست. پرونده‌ای بفرستید که محتوا داشته باشد."


class ArchiveBomb(ConversionError):
    """`data`: `unpacked_mib` and `limit_mib`, whole mebibytes."""

    code = "archive_bomb"
    en = (
        "{filename} unpacks to {unpacked_mib} MiB; at most {limit_mib} MiB is read. "
        "Save it again from its own program, or split it."
    )
    fa = (
        "پروندهٔ {filename} پس از بازشدن {unpacked_mib} مبی‌بایت می‌شود و بیشینه {limit_mib} است. "
        "آن را در برنامهٔ خودش دوباره ذخیره یا بخش‌بخش کنید."
    )


class EncryptedDocument(ConversionError):
    code = "encrypted_document"
    en = "{filename} is encrypted or protected by a password. Save a copy without protection and upload that."
    fa = "پروندهٔ {filename} رمزنگاری شده یا گذرواژه دارد. نسخه‌ای بدون گذرواژه ذخیره کنید و همان را بفرستید."


class ScannedNoText(ConversionError):
    """`data["pages"]`: every page number without text, from 1."""

    code = "scanned_no_text"
    en = "{filename} is scanned, no text on {where}. Run text recognition (OCR) on it and upload the result."
    fa = (
        "پروندهٔ {filename} اسکن‌شده است و در {where_fa} متنی نیست. "
        "آن را با نویسه‌خوان (OCR) به متن تبدیل کنید و دوباره بفرستید."
    )

    def __init__(self, *, filename: str, pages: list[int], **data: Any) -> None:
        data.update(where=_pages_in_words(pages, "page", "pages", "and", "more"))
        data.update(where_fa=_pages_in_words(pages, "صفحهٔ", "صفحه‌های", "و", "صفحهٔ دیگر"))
        super().__init__(filename=filename, pages=list(pages), **data)


class UnsupportedMediaType(ConversionError):
    """`data`: `media_type` as found in the content, `advice` and `advice_fa`."""

    code = "unsupported_media_type"
    en = "{filename} is {media_type}, which is not read here. {advice}"
    fa = "پروندهٔ {filename} از نوع {media_type} است که این‌جا خوانده نمی‌شود. {advice_fa}"


class UnreadableDocument(ConversionError):
    code = "unreadable_document"
    en = (
        "{filename} is damaged or not what its name says: {reason}. "
        "Open it in its own program, save it again, and upload that."
    )
    fa = (
        "پروندهٔ {filename} آسیب دیده یا با نامش نمی‌خواند: {reason}. "
        "آن را در برنامهٔ خودش باز و دوباره ذخیره کنید و بفرستید."
    )


class ConversionTimeout(ConversionError):
    """`data["seconds"]`: the limit that was reached."""

    code = "conversion_timeout"
    en = (
        "Reading {filename} took longer than {seconds} s and was stopped. "
        "Split it, or save it in a simpler format."
    )
    fa = (
        "خواندن {filename} بیش از {seconds} ثانیه طول کشید و متوقف شد. "
        "آن را بخش‌بخش یا در قالبی ساده‌تر ذخیره کنید."
    )


class ConversionMemory(ConversionError):
    """`data["limit_mib"]`: the limit that was reached."""

    code = "conversion_memory"
    en = (
        "Reading {filename} needed more than {limit_mib} MiB of memory and was stopped. "
        "Split it, or save it in a simpler format."
    )
    fa = (
        "خواندن {filename} بیش از {limit_mib} مبی‌بایت حافظه خواست و متوقف شد. "
        "آن را بخش‌بخش یا در قالبی ساده‌تر ذخیره کنید."
    )


class OutputTooLarge(ConversionError):
    """`data["limit_chars"]`: the limit that was reached."""

    code = "output_too_large"
    en = "{filename} holds more than {limit_chars} characters of text. Split it into several files."
    fa = "پروندهٔ {filename} بیش از {limit_chars} نویسه متن دارد. آن را به چند پرونده بخش کنید."


_BY_CODE: Mapping[str, type[ConversionError]] = {
    kind.code: kind
    for kind in (
        ConversionError,
        EmptyDocument,
        ArchiveBomb,
        EncryptedDocument,
        ScannedNoText,
        UnsupportedMediaType,
        UnreadableDocument,
        ConversionTimeout,
        ConversionMemory,
        OutputTooLarge,
    )
}


def conversion_error(code: str, data: Mapping[str, Any]) -> ConversionError:
    """Build the error `code` again from its `data`, as it crossed a process boundary.

    Raises:
        KeyError: `code` is not one of this family.
    """
    return _BY_CODE[code](**data)


def _pages_in_words(pages: list[int], one: str, many: str, and_: str, more: str) -> str:
    """`page 3`, `pages 1 and 3`, `pages 1, 2, 3 and 12 more`."""
    if len(pages) == 1:
        return f"{one} {pages[0]}"
    shown = [str(page) for page in pages[:20]]
    rest = len(pages) - len(shown)
    last = f"{rest} {more}" if rest else shown.pop()
    return f"{many} {', '.join(shown)} {and_} {last}"


#: what a converter could read only in part, by code: English, Persian
NOTICE_MESSAGES: Mapping[str, tuple[str, str]] = {
    "replaced_bytes": (
        "Bytes that are not valid {encoding} and were replaced: {count}.",
        "{count} بایت در {encoding} معتبر نبود و جایگزین شد.",
    ),
    "removed_characters": (
        "NUL and unpaired surrogate characters that were removed: {count}.",
        "{count} نویسهٔ NUL یا نیم‌نویسهٔ بی‌جفت حذف شد.",
    ),
    "type_mismatch": (
        "The name says {named}, the content is {found}; it was read as {found}.",
        "نام پرونده {named} است و محتوا {found}؛ به‌صورت {found} خوانده شد.",
    ),
    "scanned_pages": (
        "Scanned, no text on pages {pages}; only the other pages can be found.",
        "صفحه‌های {pages} اسکن‌شده و بی‌متن‌اند؛ تنها صفحه‌های دیگر یافتنی‌اند.",
    ),
    "missing_letters": (
        "Letters that have no text in this file and read as \ufffd: {count}.",
        "{count} نویسه در این پرونده متن ندارد و به شکل \ufffd آمده است.",
    ),
    "rows_left_out": (
        "Sheet {sheet}: only the first {limit} rows were read.",
        "برگهٔ {sheet}: تنها {limit} سطر نخست خوانده شد.",
    ),
    "malformed_cues": (
        "Captions without a readable time line, read as plain text or skipped: {count}.",
        "{count} زیرنویس زمان خوانا نداشت و متن ساده شمرده یا رها شد.",
    ),
    "broken_part": (
        "Part {part} could not be read and was left out.",
        "بخش {part} خوانده نشد و کنار گذاشته شد.",
    ),
    "attachments": (
        "Attachments are named but not read: {names}.",
        "پیوست‌ها تنها نام برده شده‌اند و خوانده نشده‌اند: {names}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was lost or guessed in a conversion that otherwise succeeded."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """The sentence for a person, in `language` (`fa` or `en`)."""
        english, persian = NOTICE_MESSAGES[self.code]
        return (persian if language == "fa" else english).format(**self.data)
