"""Flags: raised by whoever reads, seen by whoever may, taken, closed with an outcome, opened again."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from kb.article import archive_article
from kb.database import Database
from kb.errors import EmptyText, FlaggedEnough, Forbidden, ImpossibleMove, InvalidInput, NotFound, NotSignedIn
from kb.flag import (
    VISITORS_LIMIT,
    Flag,
    FlagQueue,
    close_flag,
    count_flags,
    list_flags,
    raise_flag,
    reopen_flag,
    take_flag,
)
from kb.source import delete_source
from kb.team import create_team, team_ids_of
from kb.user import change_user
from kb.visibility import ANONYMOUS, EVERYTHING, NOTHING, OPERATOR, Caller, visibility_of
from kb.vocabulary import Audience, FlagReason, FlagState, OriginKind, Role, Scope
from tests.factories import make_article, make_key, make_note, make_person, make_source

SEEN: dict[str, Any] = {"caller_visibility": EVERYTHING}


def flag_it(session: Session, origin_id: str, caller: Caller = OPERATOR, **given: Any) -> Flag:
    values: dict[str, Any] = {"origin_kind": OriginKind.ARTICLE, "reason": FlagReason.WRONG}
    values["caller_visibility"] = visibility_of(caller, portal_public=True)
    return raise_flag(session, caller=caller, origin_id=origin_id, **(values | given))


def open_ones(session: Session, caller: Caller, **wanted: Any) -> list[str]:
    sight = visibility_of(caller, portal_public=True)
    page = list_flags(session, caller=caller, caller_visibility=sight, wanted=FlagQueue(**wanted))
    return [flag.id for flag in page.items]


def test_whoever_sees_a_thing_may_flag_it(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC)
        note = make_note(session, accepted=True, audience=Audience.PUBLIC)
        source = make_source(session, audience=Audience.PUBLIC)
        by_visitor = flag_it(session, article.id, ANONYMOUS, text=" شماره\r\nکهنه است \n", query="شماره")
        assert (by_visitor.text, by_visitor.query) == ("شماره\nکهنه است", "شماره")
        assert (by_visitor.raised_by, by_visitor.person_id) == ("anonymous", None)
        assert by_visitor.revision_id == article.released_revision_id
        flag_it(session, note.id, ANONYMOUS, origin_kind=OriginKind.NOTE)
        flag_it(session, source.id, make_key(Scope.READ), origin_kind=OriginKind.SOURCE)
        assert len(open_ones(session, OPERATOR)) == 3


@pytest.mark.parametrize("caller", [ANONYMOUS, make_key(Scope.READ)])
def test_what_somebody_cannot_see_is_as_if_it_were_not_there(database: Database, caller: Caller) -> None:
    with database.transaction() as session:
        hidden = make_article(session, released=True, audience=Audience.INTERNAL)
        draft = make_article(session, audience=Audience.PUBLIC)
        gone = make_article(session, released=True, audience=Audience.PUBLIC)
        archive_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        told = make_note(session, audience=Audience.PUBLIC)
        for origin_id, kind in [
            *((one.id, OriginKind.ARTICLE) for one in (hidden, draft, gone)),
            (told.id, OriginKind.NOTE),
            ("none", OriginKind.SOURCE),
        ]:
            with pytest.raises(NotFound):
                flag_it(session, origin_id, caller, origin_kind=kind)


def test_where_the_portal_is_closed_visitors_sign_in_first(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC)
        with pytest.raises(NotSignedIn):
            flag_it(session, article.id, ANONYMOUS, caller_visibility=NOTHING)


def test_who_works_on_articles_may_flag_a_draft(database: Database) -> None:
    with database.transaction() as session:
        draft = make_article(session)
        flag = flag_it(session, draft.id, make_person(session))
        assert flag.revision_id == draft.working_revision_id


def test_another_reason_needs_words(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session, released=True)
        with pytest.raises(EmptyText):
            flag_it(session, article.id, reason=FlagReason.OTHER, text=" \n ")


def test_said_again_it_is_the_same_flag_with_the_new_words(any_database: Database) -> None:
    with any_database.transaction() as session:
        article, person = make_article(session, released=True), make_person(session)
        first = flag_it(session, article.id, person, text="نادرست")
        assert flag_it(session, article.id, person).id == first.id
        assert flag_it(session, article.id, person, text="نشانی نادرست").text == "نشانی نادرست"
        assert flag_it(session, article.id, person, reason=FlagReason.STALE).id != first.id
        assert flag_it(session, article.id, make_person(session)).id != first.id


def test_visitors_fill_no_queue_with_one_thing(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC)
        for _ in range(VISITORS_LIMIT):
            flag_it(session, article.id, ANONYMOUS)
        with pytest.raises(FlaggedEnough):
            flag_it(session, article.id, ANONYMOUS)
        flag_it(session, article.id, make_person(session))


def test_a_flag_is_taken_closed_and_opened_again(any_database: Database) -> None:
    with any_database.transaction() as session:
        flag_id = flag_it(session, make_article(session, released=True).id, make_person(session)).id
        first, second = (make_person(session, role=Role.CONTRIBUTOR) for _ in range(2))
        take_flag(session, caller=first, flag_id=flag_id, **SEEN)
        assert take_flag(session, caller=second, flag_id=flag_id, **SEEN).taken_by == second.id
        with pytest.raises(InvalidInput):
            close_flag(session, caller=first, flag_id=flag_id, state=FlagState.OPEN, **SEEN)
        with pytest.raises(EmptyText):
            close_flag(session, caller=first, flag_id=flag_id, state=FlagState.DISMISSED, **SEEN)
        closed = close_flag(session, caller=first, flag_id=flag_id, state=FlagState.FIXED, **SEEN)
        assert (closed.state, closed.closed_by) == (FlagState.FIXED, first.id)
        for verb in (take_flag, close_flag):
            given = {"state": FlagState.FIXED} if verb is close_flag else {}
            with pytest.raises(ImpossibleMove):
                verb(session, caller=first, flag_id=flag_id, **SEEN, **given)
        opened = reopen_flag(session, caller=second, flag_id=flag_id, **SEEN)
        assert (opened.state, opened.closed_at, opened.outcome) == (FlagState.OPEN, None, "")
        with pytest.raises(ImpossibleMove):
            reopen_flag(session, caller=second, flag_id=flag_id, **SEEN)


def test_an_agent_decides_on_flags_of_what_they_own_only(database: Database) -> None:
    with database.transaction() as session:
        agent = make_person(session)
        team = create_team(session, caller=OPERATOR, name="پیک")
        change_user(session, caller=OPERATOR, user_id=agent.id, teams=["پیک"])
        agent = Caller(agent.kind, agent.id, agent.role, team_ids=team_ids_of(session, agent.id))
        own = flag_it(session, make_article(session, released=True, owner_id=agent.id).id)
        of_team = flag_it(session, make_article(session, released=True, owner_team_id=team.id).id)
        foreign = flag_it(session, make_article(session, released=True).id)
        for flag in (own, of_team):
            take_flag(session, caller=agent, flag_id=flag.id, **SEEN)
        with pytest.raises(Forbidden):
            take_flag(session, caller=agent, flag_id=foreign.id, **SEEN)
        assert open_ones(session, agent, owner=agent) == [of_team.id, own.id]
        with pytest.raises(Forbidden):
            take_flag(session, caller=OPERATOR, flag_id=own.id, **SEEN)


def test_a_key_sees_flags_of_what_it_sees_only(any_database: Database) -> None:
    with any_database.transaction() as session:
        seen = flag_it(session, make_article(session, released=True, audience=Audience.PUBLIC).id)
        flag_it(session, make_article(session, released=True).id)
        golden = make_article(session, released=True, audience=Audience.PUBLIC, segments=["طلایی"])
        flag_it(session, golden.id)
        source = flag_it(session, make_source(session).id, origin_kind=OriginKind.SOURCE)
        key = make_key(Scope.WRITE)
        assert open_ones(session, key) == [seen.id]
        sight = {"caller_visibility": visibility_of(key, portal_public=True)}
        assert count_flags(session, wanted=FlagQueue(), **sight) == 1
        with pytest.raises(NotFound):
            close_flag(session, caller=key, flag_id=source.id, state=FlagState.FIXED, **sight)
        for nobody in (ANONYMOUS, make_key(Scope.READ)):
            with pytest.raises((NotSignedIn, Forbidden)):
                open_ones(session, nobody)


def test_flags_are_listed_by_state_reason_and_who_raised_them(any_database: Database) -> None:
    with any_database.transaction() as session:
        article, person = make_article(session, released=True), make_person(session)
        wrong = flag_it(session, article.id, person)
        stale = flag_it(session, article.id, person, reason=FlagReason.STALE)
        other = flag_it(session, make_article(session, released=True).id)
        close_flag(session, caller=OPERATOR, flag_id=wrong.id, state=FlagState.FIXED, **SEEN)
        assert open_ones(session, OPERATOR) == [other.id, stale.id]
        assert open_ones(session, OPERATOR, state=FlagState.FIXED) == [wrong.id]
        assert open_ones(session, OPERATOR, state=None, raised_by=person.id) == [stale.id, wrong.id]
        assert open_ones(session, OPERATOR, reason=FlagReason.STALE) == [stale.id]
        assert open_ones(session, OPERATOR, origin_id=article.id) == [stale.id]
        given: dict[str, Any] = {"caller": OPERATOR, "wanted": FlagQueue(state=None), "limit": 2, **SEEN}
        page = list_flags(session, **given)
        rest = list_flags(session, cursor=page.next_cursor, **given)
        assert [flag.id for flag in (*page.items, *rest.items)] == [other.id, stale.id, wrong.id]
        assert rest.next_cursor is None


def test_flags_of_a_deleted_document_stay_for_who_sees_everything(database: Database) -> None:
    with database.transaction() as session:
        source = make_source(session)
        flag = flag_it(session, source.id, origin_kind=OriginKind.SOURCE)
        delete_source(session, caller=OPERATOR, source_id=source.id)
        assert open_ones(session, OPERATOR) == [flag.id]
