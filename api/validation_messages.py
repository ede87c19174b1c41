"""What a field failed, as a sentence in Persian or English."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.errors import MessageLanguage

#: pydantic's error type -> (English, Persian); `{name}` comes from the error's context
_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("is required", "لازم است"),
    "string_type": ("must be a text", "باید متن باشد"),
    "string_unicode": ("is not valid Unicode text", "متن یونی‌کد درستی نیست"),
    "string_too_short": (
        "must have at least {min_length} character(s)",
        "باید دست‌کم {min_length} نویسه داشته باشد",
    ),
    "string_too_long": (
        "may have at most {max_length} characters",
        "نباید بیش از {max_length} نویسه داشته باشد",
    ),
    "string_pattern_mismatch": ("does not have the expected form", "شکل درستی ندارد"),
    "nul_character": ("must not hold the NUL character", "نباید نویسهٔ تهی (NUL) داشته باشد"),
    "blank_text": ("must not be blank", "نباید خالی باشد"),
    "int_type": ("must be a whole number", "باید عدد صحیح باشد"),
    "int_parsing": ("must be a whole number", "باید عدد صحیح باشد"),
    "int_from_float": ("must be a whole number", "باید عدد صحیح باشد"),
    "int_parsing_size": ("is too large a number", "عدد بیش از اندازه بزرگ است"),
    "float_type": ("must be a number", "باید عدد باشد"),
    "float_parsing": ("must be a number", "باید عدد باشد"),
    "finite_number": ("must be a finite number", "باید عدد متناهی باشد"),
    "greater_than": ("must be greater than {gt}", "باید از {gt} بزرگ‌تر باشد"),
    "greater_than_equal": ("must be at least {ge}", "باید دست‌کم {ge} باشد"),
    "less_than": ("must be less than {lt}", "باید از {lt} کوچک‌تر باشد"),
    "less_than_equal": ("must be at most {le}", "باید دست بالا {le} باشد"),
    "bool_type": ("must be true or false", "باید true یا false باشد"),
    "bool_parsing": ("must be true or false", "باید true یا false باشد"),
    "enum": ("must be one of {expected}", "باید یکی از این‌ها باشد: {expected}"),
    "literal_error": ("must be one of {expected}", "باید یکی از این‌ها باشد: {expected}"),
    "list_type": ("must be a list", "باید فهرست باشد"),
    "too_short": ("must have at least {min_length} item(s)", "باید دست‌کم {min_length} مورد داشته باشد"),
    "too_long": ("may have at most {max_length} items", "نباید بیش از {max_length} مورد داشته باشد"),
    "dict_type": ("must be an object", "باید شیء JSON باشد"),
    "model_attributes_type": ("must be a JSON object", "باید شیء JSON باشد"),
    "model_type": ("must be a JSON object", "باید شیء JSON باشد"),
    "extra_forbidden": ("is not a field known here", "در این‌جا شناخته نیست"),
    "datetime_from_date_parsing": ("must be an ISO 8601 time", "باید زمان ISO 8601 باشد"),
    "datetime_parsing": ("must be an ISO 8601 time", "باید زمان ISO 8601 باشد"),
    "datetime_type": ("must be an ISO 8601 time", "باید زمان ISO 8601 باشد"),
    "timezone_aware": ("needs a time zone, such as Z or +03:30", "منطقهٔ زمانی لازم دارد؛ مانند Z یا ‎+03:30"),
    "datetime_future": ("must be in the future", "باید در آینده باشد"),
    "no_change": ("names nothing to change", "چیزی برای تغییر ندارد"),
}
_OTHER = ("is not valid", "پذیرفتنی نیست")


def field_path(location: Sequence[int | str]) -> str:
    """`("body", "tags", 2)` -> `tags[2]`."""
    parts = location[1:] if len(location) > 1 and location[0] in _PLACES else location
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else (f".{part}" if path else str(part))
    return path


_PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def sentence(error: Mapping[str, Any], language: MessageLanguage) -> str:
    """One field's failure, without the value that was sent."""
    english, persian = _SENTENCES.get(str(error["type"]), _OTHER)
    template = persian if language == "fa" else english
    context = {name: _listed(value, language) for name, value in (error.get("ctx") or {}).items()}
    return template.format_map(_Known(context))


def _listed(value: Any, language: MessageLanguage) -> Any:
    return value.replace(" or ", " یا ") if language == "fa" and isinstance(value, str) else value


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
