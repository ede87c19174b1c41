"""The whole knowledge base out and in again: the same bytes, the same record, and nothing half-done."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.article import (
    change_article,
    release_article,
    revise_article,
)
from kb.audit import verify_audit
from kb.database import Database
from kb.errors import Forbidden, KbError
from kb.exchange.read import ExportScope, article_images, export_scope, exported_article_ids
from kb.outbox import Job
from kb.visibility import OPERATOR, Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    ExportFormat,
    JobName,
    Language,
    Role,
    Scope,
)
from tests.exchanging import everything, exported, fresh_record, imported, of, planned, statuses
from tests.factories import make_article, make_key, make_note
from workers.exporting import export_articles

_SIGNS = "\u200c\u200e\u202e\u2066\ufeff\x85\u2028\t \n-#:'\"|>{}&*!%@`😀می\r"


awkward = st.text(st.one_of(st.sampled_from(_SIGNS), st.characters(exclude_categories=["Cs"])), max_size=60)


def test_out_in_and_out_again_is_the_same_to_the_byte(any_database: Database, other: Database) -> None:
    with any_database.transaction() as session:
        everything(session)
    files = exported(any_database)
    assert exported(any_database) == files
    applied = imported(other, files)
    assert {one.outcome for one in applied} == {"created"}
    assert exported(other) == files
    for database in (any_database, other):
        with database.reading() as session:
            ids = exported_article_ids(session, ExportScope())
            images = list(article_images(session, ids))
            assert len(images) == 6
            if database is any_database:
                kept = images
            assert images == kept
            assert verify_audit(session).problems == ()
    assert not any("پیش‌نویس محرمانه".encode() in data for data in files.values())


@settings(max_examples=25)
@given(
    texts=st.lists(st.tuples(awkward, awkward, awkward, awkward, st.lists(awkward, max_size=3)), max_size=3),
    told=awkward,
)
def test_awkward_texts_come_back_as_they_were(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[Any],
    told: str,
) -> None:
    folder = tmp_path_factory.mktemp("records")
    template = request.getfixturevalue("_migrated_file")
    with fresh_record(template, folder) as here, fresh_record(template, folder) as there:
        with here.transaction() as session:
            for title, resolution, environment, cause, lines in texts:
                try:
                    made = make_article(
                        session,
                        title=title,
                        resolution=resolution,
                        environment=environment,
                        cause=cause,
                        issue=[line for line in lines if line.split()],
                    )
                    release_article(session, **of(made))
                    revise_article(session, **of(made), resolution=environment, title=title + "۲")
                except KbError as refused:
                    assert refused.code in {"empty_text", "incomplete_article"}  # noqa: PT017
            if told.split():
                make_note(session, text=told)
        files = exported(here)
        assert {one.outcome for one in imported(there, files)} <= {"created"}
        assert exported(there) == files
        with here.reading() as one, there.reading() as two:
            ids = exported_article_ids(one, ExportScope())
            assert list(article_images(one, ids)) == list(article_images(two, ids))


def test_a_change_of_one_article_changes_one_file(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    before = exported(database)
    with database.transaction() as session:
        change_article(session, **of(made["plain"]), add_issue=["یه پرسش دیگه"])
    after = exported(database)
    assert [name for name in after if after[name] != before.get(name)] == [f"articles/{made['plain'].id}.md"]
    assert before.keys() == after.keys()


def test_what_comes_in_is_indexed_and_scheduled(database: Database, other: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    imported(other, exported(database))
    with other.reading() as session:
        jobs = {(job.name, job.subject_id) for job in session.scalars(select(Job))}
    assert (JobName.INDEX_ARTICLE, made["plain"].id) in jobs
    assert (JobName.MOVE_ARTICLE, made["edited"].id) in jobs
    assert (JobName.INDEX_ARTICLE, made["merged"].id) not in jobs
    assert (JobName.INDEX_ARTICLE, made["draft"].id) not in jobs


def test_only_managers_import_and_export(database: Database, caller: Callable[[Role], Caller]) -> None:
    for who in (caller(Role.PUBLISHER), make_key(Scope.WRITE, Scope.RELEASE, ceiling=Audience.INTERNAL)):
        with pytest.raises(Forbidden):
            export_scope(who)
        with pytest.raises(Forbidden):
            planned(database, {}, caller=who)
    assert not export_scope(caller(Role.MANAGER)).is_outside


def test_an_export_for_outside_shows_what_readers_there_see_and_nothing_else(database: Database) -> None:
    secret = "رازنگفتنی"
    with database.transaction() as session:
        made = everything(session)
        public = make_article(session, audience=Audience.PUBLIC, title="همگانی", released=True)
        revise_article(session, **of(public), resolution=secret, comment=secret)
        make_article(session, audience=Audience.PUBLIC, title=secret)
        make_article(session, audience=Audience.PUBLIC, title=secret, released=True, segments=["طلایی"])
        make_note(session, text=secret, accepted=True)
        make_note(session, text=secret, audience=Audience.PUBLIC)
    files = exported(database, export_scope(OPERATOR, audience=Audience.PUBLIC))
    whole = b"".join(files.values()).decode()
    assert sorted(files) == [f"articles/{public.id}.md", "manifest.json"]
    for hidden in (secret, "negar", "operator", "compliance", made["plain"].id):
        assert hidden not in whole
    golden = exported(database, export_scope(OPERATOR, audience=Audience.PUBLIC, segments=["طلایی"]))
    assert len(golden) == 4
    key = make_key(Scope.ADMIN, ceiling=Audience.PUBLIC)
    assert exported(database, export_scope(key)) == files
    assert exported(database, export_scope(key, audience=Audience.INTERNAL)) == files


def test_what_an_export_leaves_out_stays_when_it_comes_back(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
        public = make_article(
            session, audience=Audience.PUBLIC, language=Language.ENGLISH, translates_id=made["plain"].id
        )
        release_article(session, **of(public))
    for scope in (
        export_scope(OPERATOR, audience=Audience.PUBLIC),
        export_scope(OPERATOR, states=[ArticleState.WORK_IN_PROGRESS]),
    ):
        files = exported(database, scope)
        assert len(files) > 1
        assert set(statuses(planned(database, files))) == {"unchanged"}


def test_an_export_for_another_program_holds_what_its_audience_sees(database: Database) -> None:
    with database.transaction() as session:
        everything(session)
        public = make_article(session, audience=Audience.PUBLIC, title="همگانی", released=True)
        revise_article(session, **of(public), resolution="رازنگفتنی")
    scope = export_scope(OPERATOR, audience=Audience.PUBLIC)
    with database.reading() as session:
        for kind in (ExportFormat.ZENDESK, ExportFormat.ZENDESK_CSV, ExportFormat.ZAMMAD):
            data = export_articles(session, scope, kind).decode()
            assert "همگانی" in data
            for hidden in ("رازنگفتنی", "بازپرداخت", "negar", "کهنه"):
                assert hidden not in data
