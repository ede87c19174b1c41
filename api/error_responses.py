"""Errors as answers: one table from code to status, one body for all of them."""

import json
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.language import language_of
from api.request_errors import (
    BodyTooLarge,
    HttpProblem,
    InvalidJson,
    MethodNotAllowed,
    RouteNotFound,
    UnreadableBody,
)
from api.validation_messages import field_path, sentence
from api.web.error_page import error_page, wants_page
from kb.errors import InvalidInput, KbError, MessageLanguage, Unavailable

logger = logging.getLogger("nagofte.api")

#: the only place where a code meets a status; a code that is not here has its parent class's
STATUS: dict[str, int] = {
    "error": 500,
    "internal_error": 500,
    "broken_record": 500,
    "invalid_input": 422,
    "invalid_json": 400,
    "unreadable_body": 400,
    "bad_request": 400,
    "body_too_large": 413,
    "file_too_large": 413,
    "not_signed_in": 401,
    "forbidden": 403,
    "not_found": 404,
    "route_not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "stale_edit": 412,
    "precondition_required": 428,
    "too_many_attempts": 429,
    "too_many_flags": 429,
    "unavailable": 503,
    "storage_full": 507,
}

PROBLEM_MEDIA_TYPE = "application/problem+json"


def status_of(error: KbError) -> int:
    """The HTTP status of an error, or of its nearest ancestor in the tree."""
    for kind in type(error).__mro__:
        code = getattr(kind, "code", None)
        if code in STATUS:
            return STATUS[code]
    return 500


def problem(
    error: KbError,
    *,
    language: MessageLanguage,
    request_id: str,
    status: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer for `error`: `{code, message, data, request_id}` in the caller's language."""
    status = status_of(error) if status is None else status
    body = {
        "code": error.code,
        "message": error.message(language),
        "data": error.data,
        "request_id": request_id,
    }
    # A lone surrogate that was sent must not break the answer that says so.
    content = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", errors="replace")
    answer = Response(content, status_code=status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)
    answer.headers["Content-Language"] = language
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="nagofte"'
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def request_id_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


def answer_error(request: Request, error: KbError, **options: Any) -> Response:
    """`problem` with what the request says about language and id; a page for a person's browser."""
    if wants_page(request):
        status = options.get("status") or status_of(error)
        return error_page(request, error, status=status, request_id=request_id_of(request))
    return problem(error, language=language_of(request), request_id=request_id_of(request), **options)


def install(app: FastAPI) -> None:
    """Give `app` a handler for every error that can leave a route."""
    app.add_exception_handler(KbError, _kb_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(OperationalError, _record_unreachable)
    app.add_exception_handler(DataError, _unstorable)


def _kb_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KbError)
    if status_of(error) >= 500:
        logger.error("%s", error.code, exc_info=error, extra={"code": error.code})
    return answer_error(request, error)


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language = language_of(request)
    problems = error.errors()
    if problems and problems[0]["type"] == "json_invalid":
        context = problems[0].get("ctx") or {}
        position = problems[0]["loc"][-1]
        return answer_error(request, InvalidJson(reason=f"{context.get('error', '')} ({position})"))
    fields = [
        {"field": field_path(p["loc"]), "type": p["type"], "message": sentence(p, language)} for p in problems
    ]
    first = fields[0] if fields else {"field": "body", "message": ""}
    return answer_error(request, InvalidInput(field=first["field"], reason=first["message"], errors=fields))


def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            known: KbError = RouteNotFound(path=request.url.path)
        case 405:
            known = MethodNotAllowed(method=request.method, allowed=headers.get("Allow", ""))
        case 413:
            known = BodyTooLarge(limit_bytes=int(request.scope.get("state", {}).get("body_limit", 0)))
        case 400:
            known = UnreadableBody()
        case _:
            known = HttpProblem(reason=str(error.detail))
    return answer_error(request, known, status=error.status_code, headers=headers)


def _unstorable(request: Request, _error: Exception) -> Response:
    """The database cannot hold or compare a value; the checks before it let through what only it knows."""
    return answer_error(request, HttpProblem(reason="a value cannot be kept in the record"))


def _record_unreachable(request: Request, error: Exception) -> Response:
    logger.error("the record cannot be reached", exc_info=error)
    reason = "the database is busy or cannot be reached; try again in a moment"
    return answer_error(request, Unavailable(what="record", reason=reason))
