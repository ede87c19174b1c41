"""What the desk's forms send: taken as it was typed, so that it can always be shown again."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import Request

from kb.text import storable

#: shorter values are buttons and choices, those of one word ids, and no loss
_WORTH_KEEPING_CHARS = 20
_NEVER_SHOWN = frozenset({"csrf_token", "password", "new_password", "secret"})
#: between names in one field: a comma of either language, a semicolon, the end of a line
_BETWEEN_NAMES = re.compile(r"[,،;؛\n]+")


def as_kept(text: str) -> str:
    """What was typed, with line ends as everywhere else; browsers send `\\r\\n`."""
    return storable(text).replace("\r\n", "\n").replace("\r", "\n")


#: a field of a form: any text, checked by the verb that takes it
Typed = Annotated[str, AfterValidator(as_kept)]
#: the version that the form was made from; 0: a form that somebody wrote themselves
Version = Annotated[int, Field(ge=0, le=999_999_999)]


class Form(BaseModel):
    """A form as it was sent; unknown fields, such as the CSRF token, are no business of the verb."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def lines_of(text: str) -> list[str]:
    """The lines of a field that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def names_of(text: str) -> list[str]:
    """The names of a field, which people part by commas or lines."""
    return [name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()]


def joined(names: Iterable[str]) -> str:
    """Names as `names_of` takes them apart."""
    return "، ".join(names)


def typed_fields(request: Request) -> Mapping[str, str]:
    """What somebody had typed into the form of a request that failed, by field; for error pages."""
    # Read by the framework before the error; there is no other way to it once the body is consumed.
    form = getattr(request, "_form", None)
    if form is None:
        return {}
    return {
        name: as_kept(value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in _NEVER_SHOWN and _is_worth_keeping(value)
    }


def _is_worth_keeping(value: str) -> bool:
    return len(value) >= _WORTH_KEEPING_CHARS and len(value.split()) > 1
