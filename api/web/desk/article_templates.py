"""Templates at the desk: the list, and the form of one of the installation's own."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.error_responses import status_of
from api.fields import Id, Part
from api.permissions import MANAGING_PAGES
from api.service import Service
from api.web.desk.article_form import WORDS, Current
from api.web.desk.forms import Form, Typed, Version, joined, names_of
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.article.template import (
    Template,
    change_template,
    create_template,
    delete_template,
    get_template,
    list_templates,
)
from kb.errors import Conflict, InvalidInput, KbError, MessageLanguage, StaleEdit
from kb.visibility import Caller
from kb.vocabulary import Language

router = APIRouter(prefix="/desk/templates", include_in_schema=False)
Manager = Annotated[Caller, Depends(Admitted(MANAGING_PAGES))]


class TemplateForm(Form):
    """Everything as it was typed."""

    name: Typed = ""
    language: Language = Language.PERSIAN
    title: Typed = ""
    environment: Typed = ""
    resolution: Typed = ""
    cause: Typed = ""
    tags: Typed = ""
    version: Version = 0

    @classmethod
    def of(cls, template: Template) -> Self:
        """What the form shows of a template; of one that is built in, what another may begin with."""
        return cls(
            name="" if template.version is None else template.name,
            language=template.language,
            **{field: getattr(template, field) for field in WORDS},
            tags=joined(template.tags),
            version=template.version or 0,
        )

    def given(self) -> dict[str, Any]:
        """As the verbs take it."""
        words = {field: getattr(self, field) for field in WORDS}
        return {"name": self.name, "language": self.language, "tags": names_of(self.tags), **words}


@router.get("")
def templates_page(request: Request, caller: Manager, service: TheService) -> Response:
    """The installation's own, and those that are built in."""
    with service.database.reading() as session:
        templates = list_templates(session)
    return desk_page(
        request,
        "desk/templates.html",
        service=service,
        caller=caller,
        section="templates",
        own=[one for one in templates if one.version is not None],
        built_in=[one for one in templates if one.version is None],
    )


@router.get("/new")
def new_template_page(
    request: Request, caller: Manager, service: TheService, language: ReaderLanguage, like: Part = ""
) -> Response:
    """An empty form, or one that begins with the words of another template."""
    form = TemplateForm(language=Language(language))
    if like:
        with service.database.reading() as session:
            form = TemplateForm.of(get_template(session, template_id=like))
        form = form.model_copy(update={"name": "", "version": 0})
    return _sheet(form, request, caller, service)


@router.post("/new")
def create(
    form: Annotated[TemplateForm, Sent()],
    request: Request,
    caller: Manager,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep a new template."""
    try:
        with service.database.transaction() as session:
            create_template(session, caller=caller, **form.given())
    except (InvalidInput, Conflict) as error:
        return _sheet(form, request, caller, service, **_problem(error, language))
    return RedirectResponse("/desk/templates?done=template_made", status_code=303)


@router.get("/{template_id}")
def template_page(template_id: Id, request: Request, caller: Manager, service: TheService) -> Response:
    """The form of one of the installation's own; what is built in is the beginning of another."""
    with service.database.reading() as session:
        template = get_template(session, template_id=template_id)
    if template.version is None:
        return RedirectResponse(f"/desk/templates/new?like={template.id}", status_code=303)
    return _sheet(TemplateForm.of(template), request, caller, service, template=template)


@router.post("/{template_id}")
def save(
    template_id: Id,
    form: Annotated[TemplateForm, Sent()],
    request: Request,
    caller: Manager,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep what was written; where somebody was faster, show both, and keep nothing."""
    try:
        with service.database.transaction() as session:
            change_template(
                session,
                caller=caller,
                template_id=template_id,
                expected_version=form.version,
                **form.given(),
            )
    except (InvalidInput, Conflict) as error:
        return _refused(error, form, template_id, request, caller, service, language)
    return RedirectResponse("/desk/templates?done=saved", status_code=303)


@router.post("/{template_id}/delete")
def delete(
    template_id: Id,
    request: Request,
    caller: Manager,
    service: TheService,
    language: ReaderLanguage,
    version: Annotated[Version, Sent()] = 0,
) -> Response:
    """Remove a template; articles that began with it stay as they are."""
    try:
        with service.database.transaction() as session:
            delete_template(session, caller=caller, template_id=template_id, expected_version=version)
    except Conflict as error:
        return _refused(error, None, template_id, request, caller, service, language)
    return RedirectResponse("/desk/templates?done=template_deleted", status_code=303)


def _refused(
    error: KbError,
    form: TemplateForm | None,
    template_id: str,
    request: Request,
    caller: Caller,
    service: Service,
    language: MessageLanguage,
) -> Response:
    """The form again, with why; `form` is what was typed, None where nothing was."""
    with service.database.reading() as session:
        template = get_template(session, template_id=template_id)
    values = _problem(error, language)
    form = form or TemplateForm.of(template)
    if isinstance(error, StaleEdit):
        values["theirs"] = _differing(form, template)
        form = form.model_copy(update={"version": template.version or 0})
    return _sheet(form, request, caller, service, template=template, **values)


def _differing(form: TemplateForm, template: Template) -> list[Current]:
    """What the record holds in fields where the form says something else; in the order of the form."""
    theirs = TemplateForm.of(template)
    return [
        Current(name, text)
        for name in ("name", *WORDS, "tags")
        if (text := getattr(theirs, name)).strip() != getattr(form, name).strip()
    ]


def _sheet(
    form: TemplateForm,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    template: Template | None = None,
    problem: str | None = None,
    theirs: list[Current] | None = None,
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        "desk/template.html",
        service=service,
        caller=caller,
        section="templates",
        status=status,
        form=form,
        kept=template,
        problem=problem,
        theirs=theirs,
    )


def _problem(error: KbError, language: MessageLanguage) -> dict[str, Any]:
    return {"problem": problem_words(error, language), "status": status_of(error)}
