"""Messages for errors that were kept in the record as code and data."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kb.conversion import NOTICE_MESSAGES, ConversionError
from kb.errors import KbError, MessageLanguage
from kb.reasons import in_persian

_UNKNOWN = {
    "en": "The work failed ({code}). The service's log says more.",
    "fa": "این کار ناموفق بود ({code}). گزارش سامانه بیشتر می‌گوید.",
}
assert ConversionError.code  # imported, so that its descendants are known below


def stored_message(code: str, data: Mapping[str, Any] | None, language: MessageLanguage) -> str:
    """The sentence for an error as the record kept it, in the reader's language."""
    kind = _classes().get(code)
    if kind is None:
        return _UNKNOWN[language].format(code=code)
    if language == "en":
        return _filled(kind.en, data or {})
    reason = {"reason": in_persian(str(data["reason"]))} if data and "reason" in data else {}
    return _filled(kind.fa, {**(data or {}), **reason})


def stored_reason(reason: str, language: MessageLanguage) -> str:
    """What a plan of an import says about a file, in the reader's language; reasons are parted by `; `."""
    return reason if language == "en" else "؛ ".join(in_persian(one) for one in reason.split("; "))


def notice_message(code: str, data: Mapping[str, Any], language: MessageLanguage) -> str:
    """The sentence for something a converter could read only in part."""
    if code not in NOTICE_MESSAGES:
        return code
    english, persian = NOTICE_MESSAGES[code]
    return _filled(persian if language == "fa" else english, data)


@cache
def _classes() -> dict[str, type[KbError]]:
    return {kind.code: kind for kind in _descendants(KbError)}


def _descendants(kind: type[KbError]) -> Iterator[type[KbError]]:
    for child in kind.__subclasses__():
        yield from _descendants(child)
        if "code" in vars(child):
            yield child


def _filled(template: str, data: Mapping[str, Any]) -> str:
    return template.format_map(_Known(data))


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
