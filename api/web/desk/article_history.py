"""An article's revisions at the desk: the list, what changed between two, bringing one back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Form as Sent
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Id
from api.permissions import AT_DESK
from api.web.desk.article_page import show_refusal
from api.web.desk.forms import Form, Typed, Version
from api.web.desk.layout import desk_page
from kb.article import ArticleRevision, article_history, diff_revisions, get_article, revert_article
from kb.errors import KbError, NotFound
from kb.people import person_names
from kb.visibility import Caller

router = APIRouter(prefix="/desk/articles/{article_id}", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_Number = Annotated[int, Query(ge=0, le=1_000_000)]


class RevertForm(Form):
    version: Version = 0
    number: int
    comment: Typed = ""


@router.get("/history")
def history_page(
    article_id: Id,
    request: Request,
    caller: Person,
    service: TheService,
    old: _Number = 0,
    new: _Number = 0,
) -> Response:
    """Every revision, newest first, and what changed between two of them: the last two unless given."""
    sight = visibility_for(caller, service)
    with service.database.reading() as session:
        view = get_article(session, caller_visibility=sight, caller=caller, article_id=article_id)
        revisions = article_history(session, caller_visibility=sight, caller=caller, article_id=article_id)
        names = person_names(session, [one.author_id for one in revisions])
    before, after = _two(revisions, old, new)
    return desk_page(
        request,
        "desk/history.html",
        service=service,
        caller=caller,
        section="articles",
        article=view.article,
        revision=view.revision,
        revisions=revisions,
        names=names,
        before=before,
        after=after,
        lines=diff_revisions(before, after) if before is not None else [],
    )


@router.post("/revert")
def revert(
    article_id: Id,
    form: Annotated[RevertForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
) -> Response:
    """Write an earlier revision's words anew, as the working one."""
    try:
        with service.database.transaction() as session:
            revert_article(
                session,
                caller=caller,
                article_id=article_id,
                expected_version=form.version,
                number=form.number,
                comment=form.comment,
            )
    except KbError as error:
        return show_refusal(error, article_id, request, caller, service)
    return RedirectResponse(f"/desk/articles/{article_id}?done=reverted", status_code=303)


def _two(
    revisions: list[ArticleRevision], old: int, new: int
) -> tuple[ArticleRevision | None, ArticleRevision]:
    """The two to compare; no older one where there is only one.

    Raises:
        NotFound: a number that there is not.
    """
    numbered = {one.number: one for one in revisions}
    for number in (old, new):
        if number and number not in numbered:
            raise NotFound(what="revision", id=str(number))
    after = numbered[new] if new else revisions[0]
    earlier = [one for one in revisions if one.number < after.number]
    before = numbered[old] if old else (earlier[0] if earlier else None)
    return before, after
