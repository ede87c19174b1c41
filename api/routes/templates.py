"""Templates: what a new article begins with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.conditional import IF_MATCH, etag, expected_version
from api.dependencies import Admitted, TheService
from api.fields import MAX_TITLE_CHARS, Body, Id, PageOf, Shown, Tags, Text
from api.once import Created, OnceOnly
from api.permissions import DESK, MANAGING
from kb.article.template import (
    NAME_LIMIT_CHARS,
    Template,
    change_template,
    create_template,
    delete_template,
    get_template,
    list_templates,
)
from kb.visibility import Caller
from kb.vocabulary import Language

router = APIRouter(prefix="/v1/templates", tags=["articles"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]
Manager = Annotated[Caller, Depends(Admitted(MANAGING))]

_Name = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT_CHARS)]
_Line = Annotated[Text, Field(max_length=MAX_TITLE_CHARS)]


class NewTemplate(Body):
    """A template of the installation's own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "قطعی سرویس",
                    "language": "fa",
                    "title": "[سرویس] در دسترس نیست",
                    "resolution": "## چه بگوییم\n\n> [جمله]",
                },
                {"name": "Outage", "language": "en", "title": "[Service] is down"},
            ]
        }
    )

    name: _Name
    language: Language
    title: _Line = ""
    environment: Text = ""
    resolution: Text = Field(default="", description="Markdown")
    cause: Text = Field(default="", description="Markdown")
    tags: Tags = Field(default=[])


class TemplateChange(Body):
    """New words for a template; what is left out stays."""

    name: _Name | None = None
    language: Language | None = None
    title: _Line | None = None
    environment: Text | None = None
    resolution: Text | None = None
    cause: Text | None = None
    tags: Tags | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "TemplateChange":
        if not self.model_fields_set:
            raise PydanticCustomError("no_change", "names nothing to change")
        return self


class TemplateShown(Shown):
    """What an article may begin with."""

    id: str
    name: str
    language: Language
    title: str
    environment: str
    resolution: str
    cause: str
    tags: list[str]
    built_in: bool = Field(description="Whether every installation has it; such a one is not changed")
    version: int | None = Field(description="The ETag is this in quotes; null where it is built in")


@router.get("", operation_id="listTemplates", summary="Templates / الگوها")
def list_(_caller: Desk, service: TheService, language: Language | None = None) -> PageOf[TemplateShown]:
    """The installation's own by name, then those that are built in."""
    with service.database.reading() as session:
        found = list_templates(session, language=language)
    return PageOf[TemplateShown](items=[_shown(one) for one in found])


@router.post(
    "",
    status_code=201,
    operation_id="createTemplate",
    response_model=TemplateShown,
    summary="Make a template / ساختن الگو",
)
def create(new: NewTemplate, caller: Manager, service: TheService, once: OnceOnly) -> Response:
    """Keep a template; whoever writes articles may begin with it."""

    def effect(session: Session) -> Created:
        shown = _shown(create_template(session, caller=caller, **dict(new)))
        headers = {"ETag": etag(shown.version or 0), "Location": f"/v1/templates/{shown.id}"}
        return Created(shown, headers=headers)

    return once.answer(service, new.model_dump(mode="json"), effect)


@router.get(
    "/{template_id}",
    operation_id="readTemplate",
    response_model=TemplateShown,
    summary="One template / یک الگو",
)
def read(template_id: Id, _caller: Desk, service: TheService) -> Response:
    """A template's words."""
    with service.database.reading() as session:
        return _answer(get_template(session, template_id=template_id))


@router.patch(
    "/{template_id}",
    operation_id="changeTemplate",
    response_model=TemplateShown,
    summary="Change a template / تغییر الگو",
    openapi_extra=IF_MATCH,
)
def change(
    template_id: Id, change: TemplateChange, request: Request, caller: Manager, service: TheService
) -> Response:
    """Change a template of the installation's own; articles that began with it stay as they are."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        changed = change_template(
            session, caller=caller, template_id=template_id, expected_version=version, **dict(change)
        )
    return _answer(changed)


@router.delete(
    "/{template_id}",
    status_code=204,
    operation_id="deleteTemplate",
    summary="Remove a template / حذف الگو",
    openapi_extra=IF_MATCH,
    responses={409: {"description": "It is built in / الگوی پیش‌ساخته حذف نمی‌شود"}},
)
def delete(template_id: Id, request: Request, caller: Manager, service: TheService) -> Response:
    """Remove a template of the installation's own; articles that began with it stay as they are."""
    version = expected_version(request, caller)
    with service.database.transaction() as session:
        delete_template(session, caller=caller, template_id=template_id, expected_version=version)
    return Response(status_code=204)


def _answer(template: Template) -> Response:
    headers = {} if template.version is None else {"ETag": etag(template.version)}
    return JSONResponse(_shown(template).model_dump(mode="json"), headers=headers)


def _shown(template: Template) -> TemplateShown:
    return TemplateShown(
        id=template.id,
        name=template.name,
        language=template.language,
        title=template.title,
        environment=template.environment,
        resolution=template.resolution,
        cause=template.cause,
        tags=list(template.tags),
        built_in=template.version is None,
        version=template.version,
    )
