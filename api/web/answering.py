"""The button under a hit: this answered my question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, TheService
from api.permissions import LINKING
from api.web.signing_in import own_path
from kb.learnt_query import learn_query, unlearn_query
from kb.visibility import Caller
from kb.vocabulary import OriginKind
from search.learnt import learnt_words

router = APIRouter(include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(LINKING))]


@router.post("/answered")
def answered(
    caller: Person,
    service: TheService,
    query: Annotated[str, Form(max_length=2000)],
    kind: Annotated[OriginKind, Form()],
    origin_id: Annotated[str, Form(pattern=r"^[0-9A-Za-z_-]{1,64}$")],
    undo: Annotated[bool, Form()] = False,
    back: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Keep that the hit answered, or take it back; then show the results again."""
    words = learnt_words(query)
    with service.database.transaction() as session:
        if undo:
            unlearn_query(session, caller=caller, origin_kind=kind, origin_id=origin_id, folded=words.folded)
        else:
            learn_query(
                session,
                caller=caller,
                origin_kind=kind,
                origin_id=origin_id,
                text=words.text,
                folded=words.folded,
            )
    return RedirectResponse(f"{own_path(back)}#hit-{origin_id}", status_code=303)
