"""What comparing everything found: near-duplicates and contradictions, side by side, until decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Sent
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.error_responses import status_of
from api.fields import Cursor, Id, Part
from api.links import page_path
from api.permissions import AT_DESK
from api.service import Service
from api.web.desk.forms import Form, Typed
from api.web.desk.layout import desk_page
from api.web.desk.problems import problem_words
from kb.edition import live_edition
from kb.errors import KbError, MessageLanguage
from kb.finding import Finding, dismiss_finding, list_findings, reopen_finding
from kb.visibility import Caller
from kb.vocabulary import FindingKind, FindingState, OriginKind, Role

router = APIRouter(prefix="/desk/findings", include_in_schema=False)
Person = Annotated[Caller, Depends(Admitted(AT_DESK))]
_LIMIT = 20


class DismissForm(Form):
    comment: Typed = ""
    kind: Typed = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts."""

    kind: OriginKind
    id: str
    title: str
    href: str
    #: sentences with their facts, or words that only this side has
    data: Any


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding as its card shows it."""

    finding: Finding
    left: _Side
    right: _Side
    reasons: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def may_merge(self) -> bool:
        both = (self.left.kind, self.right.kind)
        return self.finding.kind is FindingKind.DUPLICATE and both == (OriginKind.ARTICLE,) * 2


@router.get("")
def findings_page(
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
    kind: Part = "",
    state: Part = "",
    cursor: Cursor = None,
) -> Response:
    """The queue, found last first."""
    return _page(request, caller, service, language, kind=kind, state=state, cursor=cursor)


@router.post("/{finding_id}/dismiss")
def dismiss(
    finding_id: Id,
    form: Annotated[DismissForm, Sent()],
    request: Request,
    caller: Person,
    service: TheService,
    language: ReaderLanguage,
) -> Response:
    """Say that both may stand, and why."""
    try:
        with service.database.transaction() as session:
            dismiss_finding(
                session,
                caller=caller,
                caller_visibility=visibility_for(caller, service),
                finding_id=finding_id,
                comment=form.comment,
            )
    except KbError as error:
        return _page(
            request,
            caller,
            service,
            language,
            kind=form.kind,
            typed={finding_id: form.comment},
            error=error,
        )
    return RedirectResponse(f"/desk/findings?kind={_known(form.kind)}&done=dismissed", status_code=303)


@router.post("/{finding_id}/reopen")
def reopen(finding_id: Id, caller: Person, service: TheService) -> Response:
    """Take a dismissal back."""
    with service.database.transaction() as session:
        reopen_finding(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            finding_id=finding_id,
        )
    return RedirectResponse("/desk/findings?done=reopened", status_code=303)


def _page(
    request: Request,
    caller: Caller,
    service: Service,
    language: MessageLanguage,
    *,
    kind: str,
    state: str = "",
    cursor: str | None = None,
    typed: Mapping[str, str] | None = None,
    error: KbError | None = None,
) -> Response:
    shown_state = FindingState.DISMISSED if state == FindingState.DISMISSED else FindingState.OPEN
    kind = _known(kind)
    with service.database.reading() as session:
        found = list_findings(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            kind=FindingKind(kind) if kind else None,
            state=shown_state,
            cursor=cursor,
            limit=_LIMIT,
        )
        cards = [_found(session, one, language) for one in found.items]
    more = f"?kind={kind}&state={shown_state}&cursor={found.next_cursor}"
    return desk_page(
        request,
        "desk/findings.html",
        service=service,
        caller=caller,
        section="findings",
        status=status_of(error) if error else 200,
        cards=cards,
        kind=kind,
        kinds=["", *(one.value for one in FindingKind)],
        state=shown_state.value,
        may_decide=caller.has_role(Role.CONTRIBUTOR),
        may_merge=caller.has_role(Role.PUBLISHER),
        typed=typed or {},
        problem=problem_words(error, language) if error else None,
        next_address=more if found.next_cursor else None,
        is_first=cursor is None,
    )


def _known(kind: str) -> str:
    return kind if kind in set(FindingKind) else ""


def _found(session: Session, finding: Finding, language: MessageLanguage) -> _Found:
    data = finding.data
    return _Found(
        finding=finding,
        left=_side(session, finding.left_kind, finding.left_id, data.get("left")),
        right=_side(session, finding.right_kind, finding.right_id, data.get("right")),
        reasons=tuple(reason[language] for reason in data.get("reasons", ())),
        shared=tuple(data.get("shared", ())),
    )


def _side(session: Session, kind: OriginKind, origin_id: str, data: Any) -> _Side:
    # The list holds only what is served and visible, so there is an edition; its title is what readers see.
    edition = live_edition(session, origin_kind=kind, origin_id=origin_id)
    title = edition.title if edition is not None else ""
    return _Side(kind, origin_id, title, page_path(kind, origin_id), data)
