"""What is alike: while somebody writes, and among everything that is served."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field

from api.dependencies import Admitted, ReaderLanguage, TheService, visibility_for
from api.fields import Body, Cursor, Id, IdValue, Limit, PageOf, ShortText, Shown, Text
from api.links import base_url, page_path
from api.permissions import CURATING, DESK
from api.similar import Similar, find_similar
from codify.contradictions import Contradiction
from codify.duplicates import Verdict
from kb.errors import MessageLanguage
from kb.finding import Finding, dismiss_finding, list_findings, reopen_finding
from kb.visibility import Caller
from kb.vocabulary import FindingKind, FindingState, OriginKind

router = APIRouter(prefix="/v1", tags=["findings"])
Desk = Annotated[Caller, Depends(Admitted(DESK))]
Curator = Annotated[Caller, Depends(Admitted(CURATING))]


class Writing(Body):
    """A text as far as it is written."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "مهلت مرجوعی", "text": "کالا را تا ۱۰ روز پس از تحویل می‌توانید برگردانید."},
                {"text": "Refunds take a week.", "exclude_id": None},
            ]
        }
    )

    title: ShortText = ""
    text: Text = ""
    exclude_id: IdValue | None = Field(default=None, description="The very thing that is being written")


class DifferingFact(Shown):
    """Two facts about the same thing that cannot both be true."""

    here: str
    there: str
    here_sentence: str
    there_sentence: str
    reason: str = Field(description="In the caller's language")


class SimilarShown(Shown):
    """Something that says alike."""

    origin_kind: OriginKind
    origin_id: str
    title: str
    url: str
    score: float = Field(ge=0, le=1)
    verdict: Verdict
    shared: list[str]
    only_here: list[str]
    only_there: list[str]
    differing: list[DifferingFact]


class SimilarFound(Shown):
    items: list[SimilarShown]


class SideShown(Shown):
    origin_kind: OriginKind
    origin_id: str
    url: str
    data: Any = Field(description="Sentences with their facts, or words that only this side has")


class FindingShown(Shown):
    """A near-duplicate or a contradiction between two things that are served."""

    id: str
    kind: FindingKind
    state: FindingState
    score: float
    left: SideShown
    right: SideShown
    reasons: list[str] = Field(description="In the caller's language, one for each pair of sentences")
    shared: list[str]
    comment: str
    found_at: datetime
    closed_at: datetime | None


class Dismissal(Body):
    """Why both sides may stand."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"comment": "دو طرح جدا هستند."}, {"comment": "Two different plans."}]
        }
    )

    comment: ShortText = Field(min_length=1)


@router.post("/similar", operation_id="findSimilar", summary="What says the same / مشابه‌ها")
def similar(
    writing: Writing, request: Request, caller: Desk, service: TheService, language: ReaderLanguage
) -> SimilarFound:
    """Articles and notes like a text that is being written, with the facts that differ."""
    found = find_similar(
        service,
        title=writing.title,
        text=writing.text,
        visibility=visibility_for(caller, service),
        exclude_id=writing.exclude_id,
    )
    base = base_url(request, service)
    return SimilarFound(items=[_shown_similar(one, base, language) for one in found])


@router.get("/findings", operation_id="listFindings", summary="Duplicates, contradictions / تکرار و تناقض")
def list_(
    request: Request,
    caller: Desk,
    service: TheService,
    language: ReaderLanguage,
    kind: FindingKind | None = None,
    state: FindingState = FindingState.OPEN,
    origin_id: IdValue | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageOf[FindingShown]:
    """What comparing everything found, and nobody has decided on yet, newest first."""
    with service.database.reading() as session:
        page = list_findings(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            kind=kind,
            state=state,
            origin_id=origin_id,
            cursor=cursor,
            limit=limit,
        )
    base = base_url(request, service)
    items = [_shown(one, base, language) for one in page.items]
    return PageOf[FindingShown](items=items, next_cursor=page.next_cursor)


@router.post(
    "/findings/{finding_id}/dismiss", operation_id="dismissFinding", summary="Both may stand / هر دو درست‌اند"
)
def dismiss(
    finding_id: Id,
    dismissal: Dismissal,
    request: Request,
    caller: Curator,
    service: TheService,
    language: ReaderLanguage,
) -> FindingShown:
    """Say why both sides may stand; the same finding does not come up again."""
    with service.database.transaction() as session:
        finding = dismiss_finding(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            finding_id=finding_id,
            comment=dismissal.comment,
        )
        return _shown(finding, base_url(request, service), language)


@router.post(
    "/findings/{finding_id}/reopen", operation_id="reopenFinding", summary="Take that back / بازگشودن"
)
def reopen(
    finding_id: Id, request: Request, caller: Curator, service: TheService, language: ReaderLanguage
) -> FindingShown:
    """Take a dismissal back."""
    with service.database.transaction() as session:
        finding = reopen_finding(
            session,
            caller=caller,
            caller_visibility=visibility_for(caller, service),
            finding_id=finding_id,
        )
        return _shown(finding, base_url(request, service), language)


def _shown_similar(one: Similar, base: str, language: MessageLanguage) -> SimilarShown:
    comparison = one.comparison
    kind = OriginKind(one.hit.origin_kind)
    return SimilarShown(
        origin_kind=kind,
        origin_id=one.hit.origin_id,
        title=one.hit.title,
        url=base + page_path(kind, one.hit.origin_id),
        score=comparison.score,
        verdict=comparison.verdict,
        shared=list(comparison.shared),
        only_here=list(comparison.only_left),
        only_there=list(comparison.only_right),
        differing=[_differing(fact, language) for fact in comparison.differing],
    )


def _differing(fact: Contradiction, language: MessageLanguage) -> DifferingFact:
    return DifferingFact(
        here=fact.left.fact,
        there=fact.right.fact,
        here_sentence=fact.left.sentence,
        there_sentence=fact.right.sentence,
        reason=fact.reason_fa if language == "fa" else fact.reason_en,
    )


def _shown(finding: Finding, base: str, language: MessageLanguage) -> FindingShown:
    return FindingShown(
        id=finding.id,
        kind=finding.kind,
        state=finding.state,
        score=finding.score,
        left=_side(finding.left_kind, finding.left_id, finding.data.get("left"), base),
        right=_side(finding.right_kind, finding.right_id, finding.data.get("right"), base),
        reasons=[reason[language] for reason in finding.data.get("reasons", ())],
        shared=finding.data.get("shared", []),
        comment=finding.comment,
        found_at=finding.found_at,
        closed_at=finding.closed_at,
    )


def _side(kind: OriginKind, origin_id: str, data: Any, base: str) -> SideShown:
    return SideShown(origin_kind=kind, origin_id=origin_id, url=base + page_path(kind, origin_id), data=data)
