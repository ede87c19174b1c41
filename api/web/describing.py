"""The API's own page: every operation, from the same description that programs read."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Unguarded
from api.web.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(Unguarded())])


@dataclass(frozen=True, slots=True)
class _Operation:
    method: str
    path: str
    summary: str
    description: str
    #: (name, where, description)
    parameters: list[tuple[str, str, str]]
    #: (status, what it means)
    statuses: list[tuple[str, str]]


@dataclass(slots=True)
class _Group:
    name: str
    description: str
    operations: list[_Operation] = field(default_factory=list)


@router.get("/docs")
def docs_page(request: Request) -> Response:
    """Every operation by tag, readable without JavaScript and without any other site."""
    return page(request, "docs.html", groups=_groups(request.app.openapi()), intro=request.app.description)


def _groups(schema: dict[str, Any]) -> list[_Group]:
    groups = {tag["name"]: _Group(tag["name"], tag["description"]) for tag in schema["tags"]}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            groups[operation["tags"][0]].operations.append(_operation(method, path, operation, schema))
    return list(groups.values())


def _operation(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> _Operation:
    parameters = [
        (p["name"], p["in"] + (" *" if p.get("required") else ""), p.get("description", ""))
        for p in operation.get("parameters", ())
    ]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        body = _resolved(content["schema"], schema)
        required = body.get("required", ())
        for name, value in body.get("properties", {}).items():
            where = media_type.split("/")[-1] + (" *" if name in required else "")
            parameters.append((name, where, value.get("description", "")))
    statuses = [(status, answer["description"]) for status, answer in operation["responses"].items()]
    return _Operation(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=parameters,
        statuses=sorted(statuses),
    )


def _resolved(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = value.get("$ref")
    if reference is None:
        return value
    resolved: dict[str, Any] = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return resolved
