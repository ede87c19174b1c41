"""Lists of questions and answers: CSV in whatever encoding and with whatever delimiter, or JSON.

The columns question and answer are needed, in any order and under any of their names in Persian or English;
two columns without a header are question and answer. Several phrasings of one question stand in its cell,
parted by line breaks or |, or in columns of their own: the first is the title, all are issue lines.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.converters.delimited import find_delimiter
from ingest.exchange.foreign import Defaults, ForeignArticle, refused
from ingest.exchange.layout import ReadFile
from ingest.text import decode, looks_binary, unify_newlines
from kb.exchange.errors import ExchangeError
from kb.vocabulary import Audience, Language

_NAMES: Mapping[str, frozenset[str]] = {
    "question": frozenset(
        ["question", "questions", "q", "سوال", "سؤال", "پرسش", "پرسشها", "سوالات", "عنوان سوال"]
    ),
    "other": frozenset(
        [
            "other questions",
            "alternatives",
            "alternative",
            "phrasings",
            "پرسشهای دیگر",
            "سوالات مشابه",
            "پرسش مشابه",
        ]
    ),
    "answer": frozenset(["answer", "a", "reply", "response", "پاسخ", "جواب", "متن پاسخ"]),
    "tags": frozenset(
        ["tags", "tag", "labels", "category", "topic", "برچسب", "برچسبها", "دسته", "دستهبندی", "موضوع"]
    ),
    "audience": frozenset(["audience", "visibility", "مخاطب", "مخاطبان", "دسترسی", "سطح دسترسی"]),
    "language": frozenset(["language", "lang", "locale", "زبان"]),
    "products": frozenset(["product", "products", "محصول", "محصولات"]),
}
_AUDIENCES = {
    "internal": Audience.INTERNAL, "داخلی": Audience.INTERNAL, "درونی": Audience.INTERNAL,
    "partner": Audience.PARTNER, "همکار": Audience.PARTNER, "شریک": Audience.PARTNER,
    "public": Audience.PUBLIC, "عمومی": Audience.PUBLIC, "همگانی": Audience.PUBLIC,
}  # fmt: skip
_LANGUAGES = {"فارسی": Language.PERSIAN, "persian": Language.PERSIAN, "farsi": Language.PERSIAN,
              "انگلیسی": Language.ENGLISH, "english": Language.ENGLISH}  # fmt: skip
_PHRASINGS = re.compile(r"\s*(?:\||\n)\s*")
_LIST = re.compile(r"\s*[,،;؛|\n]\s*")
_FOLDED = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": None, "\u200f": None, "\ufeff": None, "_": " "})

Row = tuple[int, dict[str, str]]


def read_table(name: str, data: bytes) -> tuple[list[str], list[Row]]:
    """The header of a CSV, where it has one, and its rows by column with their lines.

    Columns are named as the header has them, folded; without a header they are question and answer.

    Raises:
        ExchangeError: it is no text, or no table.
    """
    decoded = decode(data)
    text = unify_newlines(decoded.text).removeprefix("\ufeff")
    if decoded.replaced_count:
        reason = f"{decoded.replaced_count} of its bytes are no {decoded.encoding}; save it as UTF-8"
        raise ExchangeError(filename=name, reason=reason)
    if looks_binary(text) or "\0" in text:
        raise ExchangeError(filename=name, reason="it is no text; save the table as CSV")
    csv.field_size_limit(max(131_072, len(text)))
    reader = csv.reader(io.StringIO(text), delimiter=find_delimiter(text), skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise ExchangeError(filename=name, reason=f"line {start}: {error}") from error
    if not rows:
        raise ExchangeError(filename=name, reason="there is nothing in it")
    header = [_folded(cell) for cell in rows[0][1]]
    if _is_header(header):
        return header, [(line, _by_name(header, cells)) for line, cells in rows[1:]]
    width = max(len(cells) for _, cells in rows)
    if width != 2:
        reason = "its first line names no columns question and answer (پرسش، پاسخ)"
        raise ExchangeError(filename=name, reason=reason)
    return [], [(line, _by_name(["question", "answer"], cells)) for line, cells in rows]


def is_faq_header(header: Iterable[str]) -> bool:
    """Whether folded column names hold a question and an answer."""
    fields = {_field_of(name) for name in header}
    return {"question", "answer"} <= fields


def is_faq(value: Any) -> bool:
    """Whether a JSON value is a list of questions with answers."""
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], Mapping)
        and is_faq_header(_folded(str(name)) for name in value[0])
    )


def read_faq_json(name: str, value: Any, defaults: Defaults) -> Iterator[ReadFile]:
    """The objects of a JSON list, like the rows of a table."""
    rows: list[Row] = []
    for number, item in enumerate(value, start=1):
        cells = item if isinstance(item, Mapping) else {}
        rows.append((number, {_folded(str(key)): _as_cell(cell) for key, cell in cells.items()}))
    yield from read_faq(name, rows, defaults, counted="entry")


def read_faq(
    name: str, rows: Iterable[Row], defaults: Defaults, *, counted: str = "line"
) -> Iterator[ReadFile]:
    """An article for each row."""
    seen: dict[str, int] = {}
    for number, cells in rows:
        label = f"{name}, {counted} {number}"
        row: dict[str, str] = {}
        for column, cell in cells.items():
            field = _field_of(column)
            if field is not None and cell.strip():
                row[field] = f"{row[field]}\n{cell.strip()}" if field in row else cell.strip()
        try:
            article = _article(row)
        except ValueError as error:
            yield refused(label, str(error))
            continue
        before = seen.setdefault(article.external_id, number)
        if before != number:
            yield refused(label, f"{counted} {before} asks the same")
        else:
            yield ReadFile(label, article.image(defaults))


def _article(row: Mapping[str, str]) -> ForeignArticle:
    """Raises ValueError with the reason, where a cell cannot be used."""
    phrasings = [one for one in _PHRASINGS.split(row.get("question", "")) if one]
    phrasings += [one for one in _PHRASINGS.split(row.get("other", "")) if one]
    answer = row.get("answer", "")
    if not phrasings or not answer:
        raise ValueError("question or answer is empty")
    audience = _AUDIENCES.get(_folded(row["audience"])) if "audience" in row else None
    if "audience" in row and audience is None:
        raise ValueError(f"the audience {row['audience']} is none of internal, partner, public")
    language = _language(row["language"]) if "language" in row else None
    key = hashlib.sha256(_folded(phrasings[0]).encode()).hexdigest()[:32]
    return ForeignArticle(
        external_id=f"faq:{key}",
        title=phrasings[0],
        body=answer,
        language=language,
        audience=audience,
        tags=tuple(_LIST.split(row.get("tags", ""))),
        products=tuple(one for one in _LIST.split(row.get("products", "")) if one),
        issue=tuple(dict.fromkeys(phrasings)),
    )


def _language(said: str) -> Language:
    folded = _folded(said)
    for language in Language:
        if folded == language.value or folded.startswith(f"{language.value}-"):
            return language
    if folded not in _LANGUAGES:
        raise ValueError(f"the language {said} is none of fa, en")
    return _LANGUAGES[folded]


def _is_header(header: list[str]) -> bool:
    known = sum(1 for name in header if _field_of(name) is not None)
    return is_faq_header(header) or {"title", "body"} <= set(header) or known >= 2


def _field_of(column: str) -> str | None:
    plain = re.sub(r"\s*\d+$", "", column)  # question 2
    return next((field for field, names in _NAMES.items() if plain in names), None)


def _by_name(header: list[str], cells: list[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for position, cell in enumerate(cells):
        column = header[position] if position < len(header) else ""
        named[column if column not in named else f"{column} {position}"] = cell
    return named


def _folded(text: str) -> str:
    return " ".join(text.translate(_FOLDED).split()).casefold()


def _as_cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
