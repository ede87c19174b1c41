"""An article's files at the desk."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService
from api.fields import Id
from api.permissions import AT_DESK
from api.uploads import read_upload
from api.web.desk.article_page import show_article, show_refusal
from api.web.texts import translate
from kb.article import attach_file, detach_file
from kb.errors import KbError
from kb.visibility import Caller

router = APIRouter(prefix="/desk/articles/{article_id}/files", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]


@router.post("")
def attach(
    article_id: Id,
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Put a file beside the article."""
    if file is None or not file.filename:
        problem = translate("files_missing", language)
        return show_article(article_id, request, caller, service, problem=problem, status=422)
    try:
        data = read_upload(file, service)
        with service.database.transaction() as session:
            attach_file(session, caller=caller, article_id=article_id, filename=file.filename, data=data)
    except KbError as error:
        return show_refusal(error, article_id, request, caller, service)
    return RedirectResponse(f"/desk/articles/{article_id}?done=attached", status_code=303)


@router.post("/{attachment_id}/remove")
def detach(
    article_id: Id,
    attachment_id: Id,
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Take a file away."""
    try:
        with service.database.transaction() as session:
            detach_file(session, caller=caller, article_id=article_id, attachment_id=attachment_id)
    except KbError as error:
        return show_refusal(error, article_id, request, caller, service)
    return RedirectResponse(f"/desk/articles/{article_id}?done=detached", status_code=303)
