"""Creating calls that may be repeated: an Idempotency-Key gives the first answer again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.dependencies import caller_of
from api.service import Service
from kb.idempotency import recall, remember
from kb.visibility import Caller

REPLAYED = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Created:
    """What a creating call answers with.

    `secrets` names fields of the body that are shown once and never kept: a replay has null there.
    """

    body: BaseModel
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Once:
    """The Idempotency-Key of this request, if it has one."""

    key: str | None
    caller: Caller
    route: str

    def answer(self, service: Service, values: object, effect: Callable[[Session], Created]) -> Response:
        """Do `effect` and answer, or answer as the first time; effect and memory commit together.

        Args:
            values: everything the request asks for, as plain JSON: another request under the same key
                is told by it.

        Raises:
            KeyReused: the key was used for a different request.
        """
        with service.database.transaction() as session:
            if self.key is None:
                return _response(effect(session))
            request = {"route": self.route, "values": values}
            first = recall(session, caller=self.caller, key=self.key, request=request)
            if first is not None:
                return JSONResponse(
                    first.body, status_code=first.status, headers=first.headers | {REPLAYED: "true"}
                )
            created = effect(session)
            remember(
                session,
                caller=self.caller,
                key=self.key,
                request=request,
                status=created.status,
                body=_plain(created) | dict.fromkeys(created.secrets),
                headers=created.headers,
            )
            return _response(created)


def _plain(created: Created) -> dict[str, Any]:
    plain: dict[str, Any] = created.body.model_dump(mode="json")
    return plain


def _response(created: Created) -> Response:
    return JSONResponse(_plain(created), status_code=created.status, headers=created.headers)


def digest(data: bytes) -> str:
    """What stands for uploaded bytes among a request's values."""
    return hashlib.sha256(data).hexdigest()


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="Repeated with the same key, it happens once / با همین کلید تنها یک بار انجام می‌شود",
        ),
    ] = None,
) -> Once:
    return Once(
        key=idempotency_key, caller=await caller_of(request), route=f"{request.method} {request.url.path}"
    )


OnceOnly = Annotated[Once, Depends(_once)]
