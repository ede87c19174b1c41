"""Merging an article into another: what would happen, then doing it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Id, Part
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.alike import alike_of
from api.web.desk.article_form import id_in
from api.web.desk.article_page import titles_of
from api.web.desk.forms import Form, Typed, Version
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.article import MergePlan, get_article, merge_article, preview_merge
from kb.errors import KbError, MessageLanguage
from kb.visibility import Caller
from kb.vocabulary import OriginKind

router = APIRouter(prefix="/desk/articles/{article_id}/merge", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


class MergeForm(Form):
    version: Version = 0
    into: Typed = ""


@router.get("")
def merge_page(
    article_id: Id,
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
    into: Part = "",
) -> Response:
    """Choosing where to, and what would happen then."""
    return _page(article_id, into, request, caller, service, language)


@router.post("")
def merge(
    article_id: Id,
    form: Annotated[MergeForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Archive it and lead its readers to the other."""
    into_id = id_in(form.into) or ""
    try:
        with service.database.transaction() as session:
            merge_article(
                session,
                caller=caller,
                article_id=article_id,
                expected_version=form.version,
                into_id=into_id,
            )
    except KbError as error:
        return _page(article_id, form.into, request, caller, service, language, error=error)
    return RedirectResponse(f"/desk/articles/{into_id}?done=merged", status_code=303)


def _page(
    article_id: str,
    into: str,
    request: Request,
    caller: Caller,
    service: Service,
    language: MessageLanguage,
    *,
    error: KbError | None = None,
) -> Response:
    sight = visibility_for(caller, service)
    plan: MergePlan | None = None
    into_id = id_in(into)
    with service.database.reading() as session:
        view = get_article(session, caller_visibility=sight, caller=caller, article_id=article_id)
        if into_id and error is None:
            try:
                plan = preview_merge(session, caller=caller, article_id=article_id, into_id=into_id)
            except KbError as refused:
                error = refused
        titles = titles_of(session, [into_id] if into_id else [], sight)
    alike = alike_of(
        service, caller, title=view.revision.title, text=view.revision.resolution, exclude_id=article_id
    )
    return desk_page(
        request,
        "desk/merge.html",
        service=service,
        caller=caller,
        section="articles",
        status=status_of(error) if error else 200,
        article=view.article,
        revision=view.revision,
        into=into,
        into_id=into_id,
        into_title=titles.get(into_id or ""),
        plan=plan,
        alike=[one for one in alike or () if one.kind is OriginKind.ARTICLE],
        problem=problem_words(error, language) if error else None,
    )
