"""Ticking the content standard of an article at the desk."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from pydantic import ConfigDict
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Id
from api.permissions import AT_DESK
from api.web.desk.article_page import show_article, show_refusal
from api.web.desk.content_standard import MET, UNMET, stamp_of
from api.web.desk.forms import Form, Typed, Version, as_kept
from api.web.texts import translate
from kb.article import Article, get_article
from kb.article.checklist import tick_item, ticked_items
from kb.errors import KbError, StaleEdit
from kb.visibility import Caller
from kb.vocabulary import ContentItem

router = APIRouter(prefix="/desk/articles/{article_id}/checklist", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_SAID = {MET: True, UNMET: False}


class TicksForm(Form):
    """What was said about a revision; each item has a `said_<item>` and a `comment_<item>` of its own."""

    model_config = ConfigDict(extra="allow", frozen=True)

    revision: Version = 0
    seen: Typed = ""

    @property
    def typed(self) -> Mapping[str, str]:
        return {
            name: as_kept(value) for name, value in (self.model_extra or {}).items() if isinstance(value, str)
        }


@router.post("")
def tick(
    article_id: Id,
    form: Annotated[TicksForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Keep what was said of the revision that was looked at; where somebody was faster, keep nothing."""
    typed = form.typed
    said = {item: _SAID.get(typed.get(f"said_{item}", "")) for item in ContentItem}
    comments = {item: typed.get(f"comment_{item}", "") for item in ContentItem}
    if any(comments[item].strip() for item in ContentItem if said[item] is None):
        problem = translate("standard_unsaid", language)
        return show_article(article_id, request, caller, service, problem=problem, typed=typed, status=422)
    try:
        with service.database.transaction() as session:
            # Its row orders those who tick at once.
            session.get(Article, article_id, with_for_update=True)
            view = get_article(
                session,
                caller_visibility=visibility_for(caller, service),
                caller=caller,
                article_id=article_id,
                revision_number=form.revision,
            )
            seen = stamp_of(ticked_items(session, revision_id=view.revision.id))
            if seen != form.seen:
                raise StaleEdit(expected=form.seen, current=seen)
            for item in ContentItem:
                tick_item(
                    session,
                    caller=caller,
                    article_id=article_id,
                    revision_number=form.revision,
                    item=item,
                    is_met=said[item],
                    comment=comments[item],
                )
    except KbError as error:
        return show_refusal(error, article_id, request, caller, service, typed=typed)
    newest = view.article.working_revision_id or view.article.released_revision_id
    done = "ticked" if view.revision.id == newest else "ticked_older"
    return RedirectResponse(
        f"/desk/articles/{article_id}?standard=true&done={done}#standard", status_code=303
    )
