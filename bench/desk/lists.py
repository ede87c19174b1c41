"""Which lists there are, and by what they can be narrowed: told by the service's own description."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bench.desk.record import DeskRecord

#: enough pages that what comes before has to be passed over
FAR_PAGES = 20
_PAGING = {"cursor", "limit"}


def list_addresses(description: dict[str, Any], record: DeskRecord) -> Iterator[str]:
    """Every list of the API: as it is, the longest page of it, and narrowed by each filter alone.

    A filter with names of its own is tried with each of them.
    """
    for path, item in sorted(description["paths"].items()):
        operation = item.get("get")
        if operation is None or "{" in path:
            continue
        parameters = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
        if "cursor" not in parameters:
            continue
        schemas = {name: _plain(p["schema"], description) for name, p in parameters.items()}
        needed = {
            name: _values(name, schemas[name], record)[0]
            for name, p in parameters.items()
            if p.get("required")
        }
        yield _address(path, needed)
        yield _address(path, needed | {"limit": "200"})
        for name, schema in schemas.items():
            if name not in _PAGING:
                for value in _values(name, schema, record):
                    yield _address(path, needed | {name: value})


def narrowed_together(record: DeskRecord) -> Iterator[str]:
    """Lists as people ask for them: by several things at once."""
    articles = "/v1/articles"
    yield _address(articles, {"owner_id": record.person_id, "state": "validated", "standing": "expired"})
    yield _address(articles, {"owner_team_id": record.team_id, "product": record.product, "used": "false"})
    yield _address(articles, {"text": record.title_part, "language": "fa", "tag": record.tag})
    yield _address(articles, {"text": "هیچ‌جا نیست"})
    yield _address(articles, {"segment": record.segment, "behind": "true"})


def _values(name: str, schema: dict[str, Any], record: DeskRecord) -> list[str]:
    if "enum" in schema:
        return [str(value) for value in schema["enum"]]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    known = {
        "owner_id": record.person_id,
        "author": record.person_id,
        "author_id": record.person_id,
        "reviewer_id": record.reviewer_id,
        "owner_team_id": record.team_id,
        "team_id": record.team_id,
        "origin_id": record.article_id,
        "object_id": record.article_id,
        "subject": record.article_id,
        "tag": record.tag,
        "product": record.product,
        "segment": record.segment,
        "text": record.title_part,
        "days": "30",
    }
    return [known[name]] if name in known else []


def _plain(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """A schema without what stands for "or nothing", its reference followed."""
    for option in schema.get("anyOf", [schema]):
        if "$ref" in option:
            name = option["$ref"].rsplit("/", 1)[1]
            found: dict[str, Any] = description["components"]["schemas"][name]
            return found
        if option.get("type") != "null":
            return dict(option)
    return schema


def _address(path: str, given: dict[str, str]) -> str:
    return f"{path}?{urlencode(given)}" if given else path
