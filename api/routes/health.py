"""For machines that watch this one: is it alive, is it ready, how is it doing."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from api.dependencies import TheService, Unguarded
from api.fields import Shown
from api.metrics import CONTENT_TYPE
from api.readiness import READY, Readiness

router = APIRouter(tags=["health"], dependencies=[Depends(Unguarded())])


class Alive(Shown):
    status: Literal["alive"] = "alive"


class ReadyShown(Shown):
    status: Literal["ready", "not_ready"]
    parts: dict[str, str] = Field(description="record, schema, index, embedder: `ready`, or why not")


def _readiness(request: Request) -> Readiness:
    readiness = request.app.state.readiness
    assert isinstance(readiness, Readiness)
    return readiness


@router.get("/health/live", operation_id="live", summary="Alive? / زنده است؟")
def live() -> Alive:
    """Answers while the process runs."""
    return Alive()


@router.get(
    "/health/ready",
    operation_id="ready",
    response_model=ReadyShown,
    summary="Ready? / آماده است؟",
    responses={503: {"model": ReadyShown, "description": "Some part is not ready; `parts` says which"}},
)
def ready(readiness: Annotated[Readiness, Depends(_readiness)]) -> Response:
    """Whether record, schema, index and embedder can do their work."""
    parts = readiness.parts()
    is_ready = all(state == READY for state in parts.values())
    shown = ReadyShown(status="ready" if is_ready else "not_ready", parts=parts)
    return JSONResponse(shown.model_dump(), status_code=200 if is_ready else 503)


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    summary="Prometheus metrics / سنجه‌ها",
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text format"}},
)
def metrics(service: TheService) -> Response:
    """Latencies by route, jobs by state, points of the index, cache hits; no words of anybody."""
    return Response(service.metrics.render(), media_type=CONTENT_TYPE)
