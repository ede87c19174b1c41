"""Field types that every request body, query and path shares."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kb.errors import NotSignedIn, StaleEdit
from kb.settings import Settings

Item = TypeVar("Item")
#: the widest limits the schema states; the configured ones are checked by the verbs
MAX_TITLE_CHARS = 300
MAX_TEXT_CHARS: int = Settings.model_fields["text_limit_chars"].get_default()


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul_character", "must not hold the NUL character")
    return value


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can spell
        raise PydanticCustomError("string_unicode", "is not valid Unicode text") from None
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank_text", "must not be blank")
    return value


#: a question; its length is checked against the configured limit
Question = Annotated[str, AfterValidator(_without_nul), AfterValidator(_encodable)]
#: part of a name, to narrow a list
Part = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]
#: any text; may be empty
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS), AfterValidator(_without_nul)]
#: text with at least one visible character
WrittenText = Annotated[Text, AfterValidator(_not_blank)]
Title = Annotated[
    str,
    Field(min_length=1, max_length=MAX_TITLE_CHARS),
    AfterValidator(_without_nul),
    AfterValidator(_not_blank),
]
ShortText = Annotated[str, Field(max_length=1000), AfterValidator(_without_nul)]
Tag = Annotated[
    str, Field(min_length=1, max_length=60), AfterValidator(_without_nul), AfterValidator(_not_blank)
]
Tags = Annotated[list[Tag], Field(max_length=50)]
#: short names of products
Products = Annotated[list[Tag], Field(max_length=20)]
#: short names of customer segments
Segments = Annotated[list[Tag], Field(max_length=20)]
#: ids are made here; anything of another shape cannot exist
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", examples=["0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"])]
IdValue = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Cursor = Annotated[
    str | None,
    Query(max_length=500, description="`next_cursor` of the page before / مقدار next_cursor صفحهٔ پیش"),
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items a page / تعداد در هر صفحه")]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class PageOf(Shown, Generic[Item]):
    """A page of a list; `next_cursor` is null at its end."""

    items: list[Item]
    next_cursor: str | None = None


class Problem(Shown):
    """What an error answers with, in the caller's language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "stale_edit",
                    "message": StaleEdit(expected="3", current="4").message("fa"),
                    "data": {"expected": "3", "current": "4"},
                    "request_id": "5f0c8a3f6d6b4c0e9a5c7c1b2f7e9d10",
                },
                {
                    "code": "not_signed_in",
                    "message": NotSignedIn().message("en"),
                    "data": {},
                    "request_id": "9a1b6f0e2f8b4d3f8d2a0f3c8d7e6b54",
                },
            ]
        }
    )

    code: str = Field(description="Stable; for programs / کد پایدار برای برنامه‌ها")
    message: str = Field(description="A sentence for a person / جمله‌ای برای انسان")
    data: dict[str, Any]
    request_id: str
