import pytest

from kb.article import change_article
from kb.database import Database
from kb.errors import AlreadyExists, Conflict, EmptyText, Forbidden, InvalidInput, NotFound, StaleEdit
from kb.team import (
    create_team,
    delete_team,
    list_teams,
    place_in_teams,
    rename_team,
    team_ids_of,
    team_names_of,
)
from kb.user import create_user
from kb.visibility import OPERATOR
from kb.vocabulary import Role
from tests.factories import make_article, make_person


def test_people_are_placed_in_teams_by_name_and_unknown_ones_are_begun(database: Database) -> None:
    with database.transaction() as session:
        create_team(session, caller=OPERATOR, name="پرداخت")
        user = create_user(
            session,
            caller=OPERATOR,
            login="sara",
            name="سارا",
            role=Role.AGENT,
            teams=["پرداخت", " پیک  شهری "],
        )
        assert team_names_of(session, [user.id]) == {user.id: ["پرداخت", "پیک شهری"]}
        place_in_teams(session, caller=OPERATOR, user_id=user.id, names=["پیک شهری"])
        assert team_names_of(session, [user.id]) == {user.id: ["پیک شهری"]}
        assert [team.name for team in list_teams(session)] == ["پرداخت", "پیک شهری"]
        with pytest.raises(InvalidInput):
            place_in_teams(session, caller=OPERATOR, user_id=user.id, names=[str(n) for n in range(51)])
        with pytest.raises(EmptyText):
            place_in_teams(session, caller=OPERATOR, user_id=user.id, names=[" "])


def test_two_teams_never_have_one_name(database: Database) -> None:
    with database.transaction() as session:
        first = create_team(session, caller=OPERATOR, name="پرداخت")
        second = create_team(session, caller=OPERATOR, name="ارسال")
        with pytest.raises(AlreadyExists):
            create_team(session, caller=OPERATOR, name="پرداخت")
        with pytest.raises(AlreadyExists):
            rename_team(session, caller=OPERATOR, team_id=second.id, name="پرداخت")
        renamed = rename_team(session, caller=OPERATOR, team_id=first.id, name="مالی", expected_version=1)
        assert (renamed.name, renamed.version) == ("مالی", 2)
        with pytest.raises(StaleEdit):
            rename_team(session, caller=OPERATOR, team_id=first.id, name="x", expected_version=1)


def test_a_team_that_owns_articles_is_not_dissolved(database: Database) -> None:
    with database.transaction() as session:
        team = create_team(session, caller=OPERATOR, name="پرداخت")
        article = make_article(session)
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, owner_team_id=team.id
        )
        with pytest.raises(Conflict):
            delete_team(session, caller=OPERATOR, team_id=team.id)
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, owner_team_id=None
        )
        member = make_person(session)
        place_in_teams(session, caller=OPERATOR, user_id=member.id, names=["پرداخت"])
        delete_team(session, caller=OPERATOR, team_id=team.id)
        assert team_ids_of(session, member.id) == frozenset()
        with pytest.raises(NotFound):
            delete_team(session, caller=OPERATOR, team_id=team.id)


def test_contributors_do_not_make_teams(database: Database) -> None:
    with database.transaction() as session:
        contributor, manager = (make_person(session, role=role) for role in (Role.CONTRIBUTOR, Role.MANAGER))
        with pytest.raises(Forbidden):
            create_team(session, caller=contributor, name="x")
        assert create_team(session, caller=manager, name="x").version == 1
