"""Links that lead nowhere, by article."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Cursor
from api.flagging import fix_path
from api.permissions import AT_DESK
from api.web.desk.layout import desk_page
from api.web.outcomes import outcome_words
from kb.hyperlink import list_hyperlinks
from kb.title import find_titles
from kb.visibility import Caller
from kb.vocabulary import OriginKind

router = APIRouter(prefix="/desk/upkeep/links", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_ROWS = 50


@router.get("")
def hyperlinks_page(
    request: Request, caller: Person, service: TheService, language: ReaderLanguage, cursor: Cursor = None
) -> Response:
    """What was broken when it was last tried."""
    with service.database.reading() as session:
        found = list_hyperlinks(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            cursor=cursor,
            limit=_ROWS,
        )
        titles = find_titles(session, {(OriginKind.ARTICLE, row.article_id) for row in found.items})
        articles: dict[str, dict[str, Any]] = {}
        for row in found.items:
            article = articles.setdefault(
                row.article_id,
                {
                    "title": titles.get((OriginKind.ARTICLE, row.article_id), ""),
                    "edit": fix_path(
                        session, caller, origin_kind=OriginKind.ARTICLE, origin_id=row.article_id
                    ),
                    "links": [],
                },
            )
            article["links"].append((row.address, outcome_words(row.outcome, language)))
    return desk_page(
        request,
        "desk/hyperlinks.html",
        service=service,
        caller=caller,
        section="upkeep",
        articles=articles,
        tries_elsewhere=service.settings.check_links,
        next_address=f"?cursor={found.next_cursor}" if found.next_cursor else None,
        is_first=cursor is None,
    )
