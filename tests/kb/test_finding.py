"""Findings stay as a person left them, come and go with what is found, and are seen with both their sides."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmptyText, Forbidden, ImpossibleMove, NotFound
from kb.finding import (
    Finding,
    FindingDraft,
    dismiss_finding,
    keep_findings,
    list_findings,
    reopen_finding,
)
from kb.visibility import EVERYTHING, OPERATOR, Caller
from kb.vocabulary import Audience, FindingKind, FindingState, OriginKind, Role
from tests.factories import make_article, publish

ARTICLE = OriginKind.ARTICLE


def twins(session: Session, *, audience: Audience = Audience.PUBLIC) -> FindingDraft:
    """A contradiction between two served articles."""
    ids = []
    for title in ("یکی", "دیگری"):
        article = make_article(session, released=True, title=title, audience=audience)
        publish(session, ARTICLE, article.id)
        ids.append(article.id)
    return FindingDraft(
        FindingKind.CONTRADICTION,
        (ARTICLE, ids[0]),
        (ARTICLE, ids[1]),
        0.9,
        {"left": "۷ روز", "right": "۱۰ روز"},
    )


def states(session: Session) -> list[FindingState]:
    return list(session.scalars(select(Finding.state)))


def test_what_is_found_again_is_no_news_whichever_side_comes_first(any_database: Database) -> None:
    with any_database.transaction() as session:
        draft = twins(session)
        assert keep_findings(session, found=[draft], now=utc_now()) == 1
        mirrored = replace(
            draft, left=draft.right, right=draft.left, data={"left": "۱۰ روز", "right": "۷ روز"}
        )
        assert keep_findings(session, found=[mirrored], now=utc_now()) == 0
        (found,) = session.scalars(select(Finding))
        assert found.data[("left", "right")[found.left_id != draft.left[1]]] == "۷ روز"


def test_a_finding_goes_with_its_cause_and_comes_back_with_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        draft = twins(session)
        keep_findings(session, found=[draft], now=utc_now())
        keep_findings(session, found=[], now=utc_now())
        assert states(session) == [FindingState.GONE]
        assert keep_findings(session, found=[draft], now=utc_now()) == 0
        assert states(session) == [FindingState.OPEN]


def test_what_a_person_dismissed_stays_dismissed_until_it_is_reopened(
    any_database: Database, caller: Callable[..., Caller]
) -> None:
    contributor = caller(role=Role.CONTRIBUTOR)
    given = {"caller": contributor, "caller_visibility": EVERYTHING}
    with any_database.transaction() as session:
        draft = twins(session)
        keep_findings(session, found=[draft], now=utc_now())
        (found,) = list_findings(session, **given).items  # type: ignore[arg-type]
        with pytest.raises(EmptyText):
            dismiss_finding(session, finding_id=found.id, comment=" ", **given)  # type: ignore[arg-type]
        dismissed = dismiss_finding(session, finding_id=found.id, comment="دو طرح جدا", **given)  # type: ignore[arg-type]
        assert (dismissed.state, dismissed.closed_by) == (FindingState.DISMISSED, contributor.id)
        with pytest.raises(ImpossibleMove):
            dismiss_finding(session, finding_id=found.id, comment="باز", **given)  # type: ignore[arg-type]
        keep_findings(session, found=[draft], now=utc_now())
        assert list_findings(session, **given).items == ()  # type: ignore[arg-type]
        reopen_finding(session, finding_id=found.id, **given)  # type: ignore[arg-type]
        assert [one.id for one in list_findings(session, **given).items] == [found.id]  # type: ignore[arg-type]
        with pytest.raises(ImpossibleMove):
            reopen_finding(session, finding_id=found.id, **given)  # type: ignore[arg-type]


def test_a_finding_is_hidden_from_who_may_not_see_both_sides(
    any_database: Database, caller: Callable[..., Caller]
) -> None:
    public = EVERYTHING.up_to(Audience.PUBLIC)
    agent = caller(role=Role.AGENT)
    with any_database.transaction() as session:
        seen, hidden = twins(session), twins(session, audience=Audience.INTERNAL)
        mixed = replace(seen, right=hidden.right)
        keep_findings(session, found=[seen, hidden, mixed], now=utc_now())
        assert len(list_findings(session, caller=OPERATOR, caller_visibility=EVERYTHING).items) == 3
        (shown,) = list_findings(session, caller=OPERATOR, caller_visibility=public).items
        assert {shown.left_id, shown.right_id} == {seen.left[1], seen.right[1]}
        (other, *_) = list_findings(
            session, caller=OPERATOR, caller_visibility=EVERYTHING, origin_id=hidden.left[1]
        ).items
        with pytest.raises(NotFound):
            dismiss_finding(
                session, caller=OPERATOR, caller_visibility=public, finding_id=other.id, comment="x"
            )
        with pytest.raises(Forbidden):
            dismiss_finding(
                session, caller=agent, caller_visibility=EVERYTHING, finding_id=other.id, comment="x"
            )
