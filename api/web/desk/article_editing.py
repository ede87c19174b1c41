"""Writing an article: a new one, from a template, as a translation; and editing one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Id, Part
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.alike import alike_of
from api.web.desk.article_form import ArticleForm, begin_article, current_fields, save_article
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from api.web.markdown import render_markdown
from kb.article import ArticleView, get_article
from kb.article.composed import revision_text
from kb.article.template import get_template, list_templates
from kb.article.verification import DEFAULT_DAYS
from kb.errors import KbError, MessageLanguage, StaleEdit
from kb.people import colleagues
from kb.team import list_teams
from kb.visibility import Caller
from kb.vocabulary import Audience, Governance, Language, Role

router = APIRouter(prefix="/desk/articles", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


@router.get("/new")
def new_article_page(
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
    template: Part = "",
    translates: Part = "",
) -> Response:
    """An empty form, one that begins with a template, or with what is to be translated."""
    if template:
        with service.database.reading() as session:
            form = ArticleForm.from_template(get_template(session, template_id=template))
    elif translates:
        form = _translation_of(_view(translates, caller, service))
    else:
        form = ArticleForm(
            language=Language(language), owner_id=caller.id, verify_every_days=str(DEFAULT_DAYS)
        )
    return _sheet(form, request, caller, service)


@router.post("/new")
def create(
    form: Annotated[ArticleForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep a new article as work in progress."""
    if form.then == "preview":
        return _sheet(form, request, caller, service)
    try:
        with service.database.transaction() as session:
            article = begin_article(session, caller=caller, form=form, service=service)
    except KbError as error:
        return _sheet(form, request, caller, service, **_problem(error, language))
    return RedirectResponse(f"/desk/articles/{article.id}?done=created", status_code=303)


@router.get("/{article_id}/edit")
def edit_page(article_id: Id, request: Request, caller: Person, service: TheService) -> Response:
    """The form with what the newest revision says."""
    view = _view(article_id, caller, service)
    return _sheet(ArticleForm.of(view), request, caller, service, view=view)


@router.post("/{article_id}/edit")
def save(
    article_id: Id,
    form: Annotated[ArticleForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep what was written; where somebody was faster, show both, and keep nothing."""
    if form.then == "preview":
        return _sheet(form, request, caller, service, view=_view(article_id, caller, service))
    try:
        with service.database.transaction() as session:
            save_article(session, caller=caller, article_id=article_id, form=form, service=service)
    except KbError as error:
        view = _view(article_id, caller, service)
        values = _problem(error, language)
        if isinstance(error, StaleEdit):
            values["theirs"] = current_fields(form, view)
            form = form.model_copy(update={"version": view.article.version})
        return _sheet(form, request, caller, service, view=view, **values)
    return RedirectResponse(f"/desk/articles/{article_id}?done=saved", status_code=303)


def _sheet(
    form: ArticleForm,
    request: Request,
    caller: Caller,
    service: Service,
    *,
    view: ArticleView | None = None,
    problem: str | None = None,
    theirs: Any = None,
    status: int = 200,
) -> Response:
    with service.database.reading() as session:
        people, teams = colleagues(session), list_teams(session)
        templates = list_templates(session, language=form.language) if view is None else []
    preview = render_markdown(revision_text(form, form.language)) if form.then == "preview" else None
    return desk_page(
        request,
        "desk/article_edit.html",
        service=service,
        caller=caller,
        section="articles",
        status=status,
        form=form,
        article=view.article if view else None,
        people=people,
        teams=teams,
        templates=templates,
        audiences=[one.value for one in Audience],
        governances=[one.value for one in Governance],
        languages=[one.value for one in Language],
        may_govern=caller.has_role(Role.MANAGER),
        problem=problem,
        theirs=theirs,
        preview=preview,
        alike=alike_of(
            service,
            caller,
            title=form.title,
            text=form.resolution,
            exclude_id=view.article.id if view else None,
        ),
    )


def _problem(error: KbError, language: MessageLanguage) -> dict[str, Any]:
    return {"problem": problem_words(error, language), "status": status_of(error)}


def _view(article_id: str, caller: Caller, service: Service) -> ArticleView:
    with service.database.reading() as session:
        return get_article(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            article_id=article_id,
        )


def _translation_of(view: ArticleView) -> ArticleForm:
    """The form of a translation, which begins with what it translates."""
    original = ArticleForm.of(view)
    is_persian = view.article.language is Language.PERSIAN
    return original.model_copy(
        update={
            "language": Language.ENGLISH if is_persian else Language.PERSIAN,
            "translates": view.article.id,
            "version": 0,
        }
    )
