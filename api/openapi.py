"""How the API describes itself, in both languages."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.error_responses import PROBLEM_MEDIA_TYPE
from api.fields import Problem

TITLE = "Nagofte / ناگفته"
DESCRIPTION = """\
Puts what support people know in front of the right agent or customer. Persian first, English second.

پاسخ درست را، از دانش نوشته و نانوشتهٔ پشتیبانی، همان لحظه جلوی چشم پشتیبان یا مشتری می‌گذارد.

* **Who asks** decides what is seen: visitors see public knowledge; an API key (`Authorization: Bearer
  nk_...`) what its audience ceiling allows; signed-in people
  everything. / **پرسنده** تعیین می‌کند چه دیده شود.
* **Errors** are `{code, message, data, request_id}` (`application/problem+json`); `code` is for programs,
  `message` is in the language of `Accept-Language` (Persian unless English is preferred).
* **Edits** need `If-Match` with the ETag that was read; a stale edit is refused with 412.
* **Creating calls** may carry an `Idempotency-Key`; repeated, they answer as the first time.
* **Lists** are `{items, next_cursor}`; send `next_cursor` back as `cursor`.
"""
TAGS: list[dict[str, Any]] = [
    {"name": "search", "description": "Questions, answers, suggestions / پرسش، پاسخ، پیشنهاد"},
    {"name": "articles", "description": "Codified knowledge with revisions / مقاله‌ها و ویرایش‌هایشان"},
    {"name": "sources", "description": "Documents as received / سندها به همان شکل دریافتی"},
    {"name": "notes", "description": "Experience as employees told it / تجربه‌ها به زبان کارکنان"},
    {"name": "conversations", "description": "Support transcripts / گفت‌وگوهای پشتیبانی"},
    {"name": "flags", "description": "What readers say is not right / گزارش‌های خوانندگان"},
    {"name": "upkeep", "description": "What must be looked at again / نیازمند بازنگری"},
    {"name": "findings", "description": "Near-duplicates and contradictions / تکراری‌ها و تناقض‌ها"},
    {"name": "exchange", "description": "Exports and imports / برون‌بری و درون‌ریزی"},
    {"name": "jobs", "description": "Background work and its progress / کارهای پس‌زمینه و پیشرفتشان"},
    {"name": "session", "description": "Sign in, who am I, sign out / ورود، من کیستم، خروج"},
    {"name": "users", "description": "People and their roles / افراد و نقش‌ها"},
    {"name": "keys", "description": "API keys, scopes, audience ceilings / کلیدهای API"},
    {"name": "audit", "description": "Who did what, in a verifiable chain / زنجیرهٔ بازبینی"},
    {"name": "index", "description": "The search index / نمایهٔ جست‌وجو"},
    {"name": "health", "description": "For machines that watch this one / برای پایش"},
]

#: what any operation may answer, by status
_COMMON = {
    "400": "The request cannot be read / درخواست خوانا نیست",
    "422": "Something in it cannot be used / مقداری پذیرفتنی نیست",
    "500": "Our fault; tell us the request id / خطای سامانه",
    "503": "A part is not available just now / بخشی در دسترس نیست",
}
_GUARDED = {
    "401": "Sign in, or send a valid key / ورود لازم است",
    "403": "Known, but not allowed / اجازه ندارید",
}
_BY_METHOD = {
    "post": {
        "409": "The record moved on / تعارض",
        "413": "Too large / بیش از اندازه بزرگ",
        "507": "Disk full / دیسک پر",
    },
    "patch": {
        "409": "The record moved on / تعارض",
        "413": "Too large / بیش از اندازه بزرگ",
        "507": "Disk full / دیسک پر",
    },
    "delete": {"507": "Disk full / دیسک پر"},
}
_EDITS = {
    "412": "Somebody changed it since / کسی تغییرش داده است",
    "428": "If-Match is missing / سرآیند If-Match نیست",
}


def describe(app: FastAPI) -> None:
    """Have `app.openapi()` list the errors of every operation with the body they really have."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_errors(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    description=app.description,
                    routes=app.routes,
                    tags=app.openapi_tags,
                    servers=app.servers,
                )
            )
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]


def _with_errors(schema: dict[str, Any]) -> dict[str, Any]:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for method, operation in _operations(schema):
        statuses = _COMMON | _BY_METHOD.get(method, {})
        if operation.get("security"):
            statuses = statuses | _GUARDED
        parameters = operation.get("parameters", ())
        if any(p["in"] == "path" for p in parameters):
            statuses = statuses | {"404": "Absent, or not visible to this caller / یافت نشد"}
        if any(p["name"] == "If-Match" for p in parameters):
            statuses = statuses | _EDITS
        responses = operation["responses"]
        responses.pop("422", None)  # the framework's own
        for status, description in statuses.items():
            responses.setdefault(status, {"description": description})
        for status, answer in responses.items():
            if status >= "400" and "content" not in answer:
                answer["content"] = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return schema


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in schema.get("paths", {}).values():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield method, operation
