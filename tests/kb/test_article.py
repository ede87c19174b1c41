import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from kb.article import (
    Article,
    ArticleRevision,
    RevisionIsImmutable,
    archive_article,
    change_article,
    create_article,
    release_article,
    restore_article,
    revise_article,
)
from kb.database import Database
from kb.edition import live_edition
from kb.errors import (
    AudienceTooNarrow,
    EmptyText,
    Forbidden,
    ImpossibleMove,
    InvalidInput,
    NotFound,
    NothingToRelease,
    NotSignedIn,
    StaleEdit,
    TextTooLong,
    VersionMissing,
)
from kb.outbox import Job
from kb.visibility import ANONYMOUS, OPERATOR, Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    Governance,
    JobName,
    Language,
    OriginKind,
    Role,
    Scope,
)
from tests.factories import PERSIAN, make_article, make_key, publish


def revise(database: Database, article_id: str, version: int | None, **given: Any) -> Article:
    given = {"caller": OPERATOR} | given
    with database.transaction() as session:
        return revise_article(session, article_id=article_id, expected_version=version, **given)


def change(database: Database, article_id: str, version: int | None, **given: Any) -> Article:
    given = {"caller": OPERATOR} | given
    with database.transaction() as session:
        return change_article(session, article_id=article_id, expected_version=version, **given)


@pytest.fixture
def article_id(any_database: Database) -> str:
    with any_database.transaction() as session:
        return make_article(session, released=True, audience=Audience.PUBLIC).id


def test_a_new_article_is_a_draft_that_nobody_is_served(any_database: Database) -> None:
    with any_database.transaction() as session:
        article = create_article(
            session,
            caller=OPERATOR,
            language=Language.PERSIAN,
            title="  بازگرداندن\n کالا ",
            resolution="\r\n# گام‌ها\r\n- یک\r\n",
            audience=Audience.PUBLIC,
            issue=["پولم را پس می‌خوام", "پولم را پس می‌خوام"],
            tags=["مرجوعی"],
            cites=[{"kind": "note", "id": "n1"}],
        )
        revision = session.get_one(ArticleRevision, article.working_revision_id)
        assert (article.state, article.version) == (ArticleState.WORK_IN_PROGRESS, 1)
        assert article.released_revision_id is None
        assert (revision.number, revision.title) == (1, "بازگرداندن کالا")
        assert revision.resolution == "# گام‌ها\n- یک"
        assert article.issue == ["پولم را پس می‌خوام"]
        assert revision.cites == [{"kind": "note", "id": "n1"}]
        assert session.scalars(select(Job)).all() == []


def test_revising_a_released_article_leaves_what_is_served_alone(
    any_database: Database, article_id: str
) -> None:
    revised = revise(any_database, article_id, 2, resolution="متن نو")
    with any_database.transaction() as session:
        released = session.get_one(ArticleRevision, revised.released_revision_id)
        working = session.get_one(ArticleRevision, revised.working_revision_id)
        assert (released.number, released.resolution) == (1, PERSIAN)
        assert (working.number, working.resolution, working.title) == (2, "متن نو", released.title)
        assert revised.version == 3
        again = release_article(session, caller=OPERATOR, article_id=article_id, expected_version=3)
        assert (again.released_revision_id, again.working_revision_id) == (working.id, None)
        with pytest.raises(NothingToRelease):
            release_article(session, caller=OPERATOR, article_id=article_id, expected_version=4)


def test_releasing_validates_and_promises_indexing(any_database: Database, article_id: str) -> None:
    with any_database.reading() as session:
        article = session.get_one(Article, article_id)
        assert article.state is ArticleState.VALIDATED
        assert article.released_at is not None
        job = session.scalars(select(Job)).one()
        assert (job.name, job.subject_id) == (JobName.INDEX_ARTICLE, article_id)


def test_a_revision_without_a_difference_is_none(any_database: Database, article_id: str) -> None:
    same = revise(any_database, article_id, 2, resolution=PERSIAN + "\r\n")
    assert (same.version, same.working_revision_id) == (2, None)


def test_the_content_hash_depends_on_the_words_and_their_places_only(database: Database) -> None:
    with database.transaction() as session:
        made = [
            make_article(session, title="الف", cause="ب"),
            make_article(session, title="الف", cause="ب", language=Language.ENGLISH, comment="چرا"),
            make_article(session, title="الف", environment="ب"),
        ]
        one, same, other = (
            session.get_one(ArticleRevision, article.working_revision_id).content_hash for article in made
        )
        assert one == same
        assert one != other


def test_a_stale_edit_is_refused_and_nothing_is_overwritten(any_database: Database, article_id: str) -> None:
    revise(any_database, article_id, 2, title="نخست")
    with pytest.raises(StaleEdit) as refusal:
        revise(any_database, article_id, 2, title="دوم")
    assert refusal.value.data["expected"] == "2"
    assert refusal.value.data["current"] == "3"
    with pytest.raises(StaleEdit):
        change(any_database, article_id, 2, tags=["x"])
    with any_database.transaction() as session:
        for move in (release_article, archive_article):
            with pytest.raises(StaleEdit):
                move(session, caller=OPERATOR, article_id=article_id, expected_version=2)
        assert session.get_one(Article, article_id).version == 3


def test_of_edits_at_once_one_wins_and_the_others_are_told(any_database: Database, article_id: str) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(5)

    def edit(number: int) -> None:
        barrier.wait()
        try:
            revise(any_database, article_id, 2, title=f"ویرایش {number}")
            outcomes.append("done")
        except StaleEdit as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["stale_edit"] * 4
    with any_database.reading() as session:
        numbers = session.scalars(select(ArticleRevision.number)).all()
        assert sorted(numbers) == [1, 2]


def test_only_the_operator_may_leave_the_version_out(
    any_database: Database, article_id: str, caller: Callable[..., Caller]
) -> None:
    with pytest.raises(VersionMissing):
        revise(any_database, article_id, None, title="نو", caller=caller(role=Role.ADMIN))
    assert revise(any_database, article_id, None, title="نو").version == 3


def test_a_revision_can_neither_be_changed_nor_removed(database: Database) -> None:
    with database.transaction() as session:
        revision_id = make_article(session).working_revision_id

    def set_title() -> None:
        with database.transaction() as session:
            session.get_one(ArticleRevision, revision_id).title = "دیگر"

    def remove() -> None:
        with database.transaction() as session:
            session.delete(session.get_one(ArticleRevision, revision_id))

    def in_bulk(statement: Any) -> None:
        with database.transaction() as session:
            session.execute(statement)

    for act in (
        set_title,
        remove,
        lambda: in_bulk(update(ArticleRevision).values(title="دیگر")),
        lambda: in_bulk(delete(ArticleRevision)),
    ):
        with pytest.raises(RevisionIsImmutable):
            act()
    with database.reading() as session:
        assert session.scalars(select(ArticleRevision.title)).all() == ["بازگرداندن کالا"]


def test_changing_the_whole_keeps_the_live_edition_in_step(any_database: Database, article_id: str) -> None:
    with any_database.transaction() as session:
        publish(session, OriginKind.ARTICLE, article_id)
    changed = change(
        any_database,
        article_id,
        2,
        audience=Audience.PARTNER,
        tags=["ب", "الف", "ب"],
        add_issue=["چطور پس بدم؟"],
        translation_group="g1",
    )
    assert (changed.version, changed.tags, changed.issue) == (3, ["ب", "الف"], ["چطور پس بدم؟"])
    more = change(any_database, article_id, 3, add_issue=["چطور پس بدم؟", "مرجوع"])
    assert more.issue == ["چطور پس بدم؟", "مرجوع"], "lines are only added, each once"
    with any_database.reading() as session:
        live = live_edition(session, origin_kind=OriginKind.ARTICLE, origin_id=article_id)
        assert live is not None
        assert (live.audience, live.tags) == (Audience.PARTNER, ["ب", "الف"])


def test_a_change_of_nothing_is_no_new_version(any_database: Database, article_id: str) -> None:
    same = change(any_database, article_id, 2, audience=Audience.PUBLIC, tags=[], add_issue=[])
    assert same.version == 2


def test_archiving_and_restoring_keep_the_words(any_database: Database, article_id: str) -> None:
    with any_database.transaction() as session:
        publish(session, OriginKind.ARTICLE, article_id)
        archived = archive_article(session, caller=OPERATOR, article_id=article_id, expected_version=2)
        assert archived.state is ArticleState.ARCHIVED
        assert live_edition(session, origin_kind=OriginKind.ARTICLE, origin_id=article_id) is None
    with pytest.raises(ImpossibleMove):
        revise(any_database, article_id, 3, title="نو")
    with any_database.transaction() as session:
        restored = restore_article(session, caller=OPERATOR, article_id=article_id, expected_version=3)
        assert restored.state is ArticleState.NOT_VALIDATED
        assert restored.released_revision_id is not None


def test_a_state_asked_for_by_name_is_reached_by_its_verb(any_database: Database, article_id: str) -> None:
    assert change(any_database, article_id, 2, state=ArticleState.WORK_IN_PROGRESS).version == 3
    lifted = change(any_database, article_id, 3, state=ArticleState.NOT_VALIDATED)
    assert lifted.state is ArticleState.NOT_VALIDATED
    with pytest.raises(InvalidInput):
        change(any_database, article_id, 4, state=ArticleState.ARCHIVED)


@pytest.mark.parametrize(
    ("fields", "refusal", "named"),
    [
        ({"title": " \0\n"}, EmptyText, "title"),
        ({"title": "ب" * 301}, TextTooLong, "title"),
        ({"resolution": "ب" * 11, "text_limit": 10}, TextTooLong, "resolution"),
        ({"cause": "ب" * 1_000_001}, TextTooLong, "cause"),
        ({"tags": ["x" * 61]}, TextTooLong, "tags"),
        ({"tags": [str(number) for number in range(51)]}, InvalidInput, "tags"),
        ({"issue": [""]}, EmptyText, "issue"),
        ({"issue": [str(number) for number in range(201)]}, InvalidInput, "issue"),
        ({"owner_id": "nobody"}, InvalidInput, "owner_id"),
        ({"cites": [{"kind": "rumour", "id": "1"}]}, InvalidInput, "cites"),
        ({"cites": [{"kind": "note"}]}, InvalidInput, "cites"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    database: Database, fields: dict[str, Any], refusal: type[InvalidInput], named: str
) -> None:
    with database.transaction() as session:
        with pytest.raises(refusal) as error:
            make_article(session, **fields)
        assert error.value.data["field"] == named
        assert session.scalars(select(Article)).all() == []


def test_rights_follow_role_ownership_and_audience(
    any_database: Database, caller: Callable[..., Caller]
) -> None:
    agent, other = caller(role=Role.AGENT), caller(role=Role.AGENT)
    contributor, publisher = caller(role=Role.CONTRIBUTOR), caller(role=Role.PUBLISHER)
    with any_database.transaction() as session:
        article_id = make_article(session, caller=agent, audience=Audience.PUBLIC).id
    assert revise(any_database, article_id, 1, title="خودم", caller=agent).version == 2
    with pytest.raises(Forbidden):
        revise(any_database, article_id, 2, title="دیگری", caller=other)
    assert revise(any_database, article_id, 2, title="همکار", caller=contributor).version == 3
    with any_database.transaction() as session:
        for who in (agent, contributor):
            with pytest.raises(Forbidden):
                release_article(session, caller=who, article_id=article_id, expected_version=3)
        release_article(session, caller=publisher, article_id=article_id, expected_version=3)
    narrowed = change(any_database, article_id, 4, audience=Audience.INTERNAL, caller=contributor)
    assert narrowed.audience is Audience.INTERNAL
    with pytest.raises(Forbidden):
        change(any_database, article_id, 5, audience=Audience.PUBLIC, caller=contributor)


def test_compliance_articles_are_for_their_owner_and_managers(
    database: Database, caller: Callable[..., Caller]
) -> None:
    owner, manager = caller(role=Role.AGENT), caller(role=Role.MANAGER)
    with database.transaction() as session:
        article_id = make_article(
            session, governance=Governance.COMPLIANCE, owner_id=owner.id, audience=Audience.INTERNAL
        ).id
    for who in (caller(role=Role.PUBLISHER), make_key(Scope.WRITE, ceiling=Audience.INTERNAL)):
        with pytest.raises(Forbidden):
            revise(database, article_id, 1, title="نو", caller=who)
    assert revise(database, article_id, 1, title="نو", caller=owner).version == 2
    assert revise(database, article_id, 2, title="نوتر", caller=manager).version == 3


def test_keys_write_within_scope_and_ceiling(any_database: Database, article_id: str) -> None:
    key = make_key(Scope.WRITE)
    with any_database.transaction() as session:
        with pytest.raises(AudienceTooNarrow):
            make_article(session, caller=key, audience=Audience.INTERNAL)
        draft_id = make_article(session, caller=key, audience=Audience.PUBLIC).id
        with pytest.raises(Forbidden):
            release_article(session, caller=key, article_id=draft_id, expected_version=1)
        hidden_id = make_article(session, audience=Audience.INTERNAL).id
    with pytest.raises(NotFound):
        revise(any_database, hidden_id, 1, title="نو", caller=key)
    with pytest.raises(AudienceTooNarrow):
        change(any_database, article_id, 2, audience=Audience.INTERNAL, caller=key)
    with pytest.raises(Forbidden):
        revise(any_database, article_id, 2, title="نو", caller=make_key(Scope.READ))
    with pytest.raises(NotSignedIn):
        revise(any_database, article_id, 2, title="نو", caller=ANONYMOUS)
    with pytest.raises(NotFound):
        revise(any_database, "none", 2, title="نو")
