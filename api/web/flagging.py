"""The page on which readers say that something is not right."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import IdValue, Question
from api.flagging import fix_path, raise_from
from api.links import page_path
from api.permissions import FLAGGING
from api.request_errors import TooManyFlags
from api.service import Service
from api.web.desk.forms import Form, Typed
from api.web.rendering import page
from api.web.texts import translate
from kb.errors import EmptyText, FlaggedEnough, KbError, NotFound, TextTooLong
from kb.origin import find_origin
from kb.title import find_titles
from kb.visibility import Caller
from kb.vocabulary import FlagReason, OriginKind

router = APIRouter(include_in_schema=False)
Reader = Annotated[Caller, Depends(Admitted(FLAGGING))]


class FlagForm(Form):
    """What is flagged, and why."""

    kind: OriginKind
    id: IdValue
    q: Typed = ""
    reason: FlagReason | None = None
    text: Typed = ""


@router.get("/flag")
def flag_page(
    request: Request,
    caller: Reader,
    service: TheService,
    kind: OriginKind,
    id: Annotated[IdValue, Query()],
    q: Question = "",
) -> Response:
    """The form, with the name of what it is about."""
    return _form_page(request, caller, service, FlagForm(kind=kind, id=id, q=q[:1000]))


@router.post("/flag")
def send(
    form: Annotated[FlagForm, Sent()],
    request: Request,
    caller: Reader,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Raise the flag; what cannot be taken comes back with what was typed."""
    try:
        with service.database.transaction() as session:
            raise_from(
                session,
                request,
                service,
                caller=caller,
                origin_kind=form.kind,
                origin_id=form.id,
                reason=form.reason or FlagReason.OTHER,
                text=form.text,
                query=form.q[:1000],
            )
    except (EmptyText, TextTooLong, FlaggedEnough, TooManyFlags) as error:
        needs_words = isinstance(error, EmptyText)
        problem = translate("flag_needs_words", language) if needs_words else error.message(language)
        return _form_page(request, caller, service, form, problem=problem, error=error)
    return RedirectResponse(f"/flagged?kind={form.kind}&id={form.id}", status_code=303)


@router.get("/flagged")
def flagged_page(
    request: Request, caller: Reader, service: TheService, kind: OriginKind, id: Annotated[IdValue, Query()]
) -> Response:
    """That it has arrived; who may edit can put it right at once."""
    with service.database.reading() as session:
        fix = fix_path(session, caller, origin_kind=kind, origin_id=id)
    return page(request, "flagged.html", fix=fix, back=page_path(kind, id))


def _form_page(
    request: Request,
    caller: Caller,
    service: Service,
    form: FlagForm,
    *,
    problem: str = "",
    error: KbError | None = None,
) -> Response:
    values: dict[str, Any] = {
        "form": form,
        "title": _title(service, caller, form),
        "back": page_path(form.kind, form.id),
        "reasons": [reason.value for reason in FlagReason],
        "problem": problem,
    }
    return page(request, "flag.html", status=status_of(error) if error else 200, **values)


def _title(service: Service, caller: Caller, form: FlagForm) -> str:
    """What it is called.

    Raises:
        NotFound: there is nothing that the caller may flag.
    """
    with service.database.reading() as session:
        origin = find_origin(session, origin_kind=form.kind, origin_id=form.id)
        is_worked_on = form.kind is OriginKind.ARTICLE and caller.sees_drafts
        if (
            origin is None
            or not visibility_for(caller, service).allows(origin)
            or not (origin.is_served or is_worked_on)
        ):
            raise NotFound(what=form.kind.value, id=form.id)
        return find_titles(session, [(form.kind, form.id)]).get((form.kind, form.id), "")
