"""The list of articles at the desk, and what narrows it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Admitted, TheService, visibility_for
from api.fields import Cursor, Part
from api.language import language_of
from api.permissions import AT_DESK
from api.web.desk.layout import desk_page
from api.web.desk.unkept import unkept_of
from kb.article import Narrowing, list_articles
from kb.article.verification import Standing
from kb.people import colleagues, person_names
from kb.team import list_teams
from kb.visibility import Caller
from kb.vocabulary import ArticleState, Language

router = APIRouter(prefix="/desk", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_LIMIT = 30
#: what the last select of the row asks for, as conditions
_MARKS: Mapping[str, dict[str, Any]] = {
    "behind": {"behind": True},
    "scheduled": {"scheduled": True},
    "unkept": {"unkept": True},
    "unused": {"used": False},
}


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What the list is narrowed by; "" leaves a question open, and what is not known narrows nothing."""

    text: Part = ""
    state: Part = ""
    language: Part = ""
    product: Part = ""
    #: a person's id, `me`, `mine` (one's own, one's teams', or scheduled by oneself), or `team:` and its id
    owner: Part = ""
    standing: Part = ""
    mark: Part = ""

    def narrowing(self, caller: Caller) -> Narrowing:
        owner = {"me": caller.id, "mine": ""}.get(self.owner, self.owner)
        is_team = owner.startswith("team:")
        return Narrowing(
            owner_id=owner if owner and not is_team else None,
            owner_team_id=owner.removeprefix("team:") if is_team else None,
            answering=caller if self.owner == "mine" else None,
            standing=Standing(self.standing) if self.standing in set(Standing) else None,
            **_MARKS.get(self.mark, {}),
        )

    @property
    def given(self) -> dict[str, str]:
        """What was chosen, for addresses."""
        return {name: value for name, value in asdict(self).items() if value}


@router.get("/articles")
def articles_page(
    request: Request,
    caller: Person,
    service: TheService,
    wanted: Annotated[ArticleFilter, Depends(ArticleFilter)],
    cursor: Cursor = None,
) -> Response:
    """Articles, changed last first; released or not."""
    with service.database.reading() as session:
        found = list_articles(
            session,
            caller_visibility=visibility_for(caller, service),
            caller=caller,
            state=ArticleState(wanted.state) if wanted.state in set(ArticleState) else None,
            language=Language(wanted.language) if wanted.language in set(Language) else None,
            product=wanted.product.strip() or None,
            text=wanted.text.strip() or None,
            narrowing=wanted.narrowing(caller),
            cursor=cursor,
            limit=_LIMIT,
        )
        names = person_names(session, [view.article.owner_id for view in found.items])
        people, teams = colleagues(session), list_teams(session)
    more = urlencode(wanted.given | {"cursor": found.next_cursor or ""})
    return desk_page(
        request,
        "desk/articles.html",
        service=service,
        caller=caller,
        section="articles",
        views=found.items,
        names=names,
        unkept={view.article.id: unkept_of(view.article, language_of(request)) for view in found.items},
        people=people,
        teams=teams,
        wanted=wanted,
        states=[one.value for one in ArticleState],
        languages=[one.value for one in Language],
        standings=[one.value for one in Standing],
        marks=list(_MARKS),
        next_address=f"?{more}" if found.next_cursor else None,
        is_first=cursor is None,
    )
