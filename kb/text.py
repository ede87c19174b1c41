"""Cleaning of whatever people and programs send, before it enters the record."""

from collections.abc import Iterable

from kb.errors import EmptyText, InvalidInput, TextTooLong

#: longest article, note or turn text unless a smaller limit is given, in code points
TEXT_LIMIT_CHARS = 1_000_000
TITLE_LIMIT_CHARS = 300
LINE_LIMIT_CHARS = 1000
TAG_LIMIT_CHARS = 60
TAG_LIMIT = 50
PRODUCT_LIMIT = 20
SEGMENT_LIMIT = 20


def storable(text: str) -> str:
    """`text` as both databases can keep it: no NUL, lone surrogates replaced by U+FFFD.

    Surrogates that form a pair (JSON escapes decoded apart) become the character they mean.
    """
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def clean_text(field: str, text: str, limit: int = TEXT_LIMIT_CHARS, *, required: bool = True) -> str:
    """Running text fit for the record: storable, `\\n` line ends, no blank lines around it.

    Args:
        field: how error messages name it.
        limit: most code points that are accepted.
        required: whether emptiness is an error.
    Raises:
        EmptyText: nothing but white space, though required.
        TextTooLong: more than `limit` code points.
    """
    if len(text) > limit:
        raise TextTooLong(field=field, length=len(text), limit=limit)
    text = storable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if text.strip():
        return text
    if required:
        raise EmptyText(field=field)
    return ""


def clean_line(field: str, text: str, limit: int = LINE_LIMIT_CHARS, *, required: bool = True) -> str:
    """One line fit for the record: as `clean_text`, white space runs become single spaces.

    Raises:
        EmptyText, TextTooLong: as `clean_text`.
    """
    return " ".join(clean_text(field, text, limit, required=required).split())


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Tags without repetitions, in the order given.

    Raises:
        EmptyText, TextTooLong: a tag is empty or longer than 60 characters.
        InvalidInput: more than 50 tags.
    """
    return _clean_names("tags", tags, TAG_LIMIT)


def clean_products(products: Iterable[str]) -> list[str]:
    """Short names of products without repetitions, in the order given.

    Raises:
        EmptyText, TextTooLong: a name is empty or longer than 60 characters.
        InvalidInput: more than 20 of them.
    """
    return _clean_names("products", products, PRODUCT_LIMIT)


def clean_segments(segments: Iterable[str]) -> list[str]:
    """Short names of customer segments without repetitions, in the order given.

    Raises:
        EmptyText, TextTooLong: a name is empty or longer than 60 characters.
        InvalidInput: more than 20 of them.
    """
    return _clean_names("segments", segments, SEGMENT_LIMIT)


def _clean_names(field: str, names: Iterable[str], limit: int) -> list[str]:
    cleaned = list(dict.fromkeys(clean_line(field, name, TAG_LIMIT_CHARS) for name in names))
    if len(cleaned) > limit:
        raise InvalidInput(field=field, reason=f"more than {limit} of them")
    return cleaned
