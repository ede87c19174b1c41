"""What happens around every request: its id, the log line, measurements, headers, limits."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.error_responses import answer_error
from api.metrics import Metrics
from api.request_errors import BodyTooLarge, InternalError
from kb.audit import request_id as request_id_of_audit

access_log = logging.getLogger("nagofte.access")
logger = logging.getLogger("nagofte.api")

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
#: a refused body is read to its end up to here, so that the sender sees the answer and not a broken pipe
_DRAIN_BYTES = 16 * 1024 * 1024

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestEdge:
    """The outermost layer: everything that leaves has an id, headers, a log line and a measurement."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        token = request_id_of_audit.set(request_id)
        started, status, has_started = time.perf_counter(), 500, False

        async def send_dressed(message: Message) -> None:
            nonlocal status, has_started
            if message["type"] == "http.response.start":
                status, has_started = message["status"], True
                _dress(MutableHeaders(scope=message), request_id, scope["path"])
            await send(message)

        try:
            await self.app(scope, receive, send_dressed)
        except Exception as error:
            logger.exception("unexpected error", extra={"request_id": request_id})
            if has_started:
                raise
            answer = answer_error(Request(scope), InternalError(request_id=request_id))
            answer.headers["Connection"] = "close"
            del error
            await answer(scope, receive, send_dressed)
        finally:
            request_id_of_audit.reset(token)
            self._account(scope, status, time.perf_counter() - started)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        self.metrics.observe_request(method=scope["method"], route=route, status=status, seconds=seconds)
        access_log.info(
            "%s %s %d %.1f ms",
            scope["method"],
            route,
            status,
            seconds * 1000,
            extra={
                "request_id": scope["state"]["request_id"],
                "method": scope["method"],
                "route": route,
                "status": status,
                "duration_ms": round(seconds * 1000, 1),
            },
        )


class BodyLimit:
    """Refuses a body above its limit while it streams in; the limit depends on the address.

    Args:
        by_path: addresses whose limit is another; `*` stands for one part of a path.
    """

    def __init__(self, app: ASGIApp, *, default_bytes: int, by_path: dict[str, int]) -> None:
        self.app = app
        self.default_bytes = default_bytes
        self.by_path = {
            re.compile("[^/]+".join(map(re.escape, path.split("*")))): limit
            for path, limit in by_path.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        scope.setdefault("state", {})["body_limit"] = limit
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            await _drain(receive)
            answer = answer_error(Request(scope), BodyTooLarge(limit_bytes=limit))
            await answer(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted, send)

    def _limit_of(self, path: str) -> int:
        found = (limit for pattern, limit in self.by_path.items() if pattern.fullmatch(path))
        return next(found, self.default_bytes)


def route_template(scope: Scope) -> str:
    """The matched route's template, so that ids and queries never become labels."""
    if scope["path"].startswith("/static/"):
        return "/static"
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "unmatched"


def _request_id(headers: Headers) -> str:
    offered = headers.get("x-request-id", "")
    return offered if _SANE_REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex


def _dress(headers: MutableHeaders, request_id: str, path: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if path.startswith("/static/"):
        # Addresses of static files hold a digest of their content.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        headers.setdefault("Cache-Control", "no-store")


async def _drain(receive: Receive) -> None:
    left = _DRAIN_BYTES
    while left > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))
