import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from kb.article import Article
from kb.audit import AuditHead
from kb.database import Database
from kb.errors import NewerRecord
from kb.migrate import _config, _migrating, current, head, upgrade
from kb.models import Base
from kb.passage import Edition, Passage
from kb.source import Source
from kb.vocabulary import OriginState
from tests.factories import make_person


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url = request.getfixturevalue("empty_postgres_url")
    assert isinstance(url, str)
    return url


def test_the_migrated_schema_is_the_one_the_models_describe(any_database: Database) -> None:
    options = {"compare_type": True, "compare_server_default": True}
    with any_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_partial_unique_indexes_are_migrated_with_their_conditions(any_database: Database) -> None:
    dialect = any_database.engine.dialect.name
    inspector = inspect(any_database.engine)
    for name in ("edition", "job"):
        described = {
            index.name: str(index.dialect_options[dialect]["where"])
            for index in Base.metadata.tables[name].indexes
            if index.unique
        }
        migrated = {
            index["name"]: str(index["dialect_options"][f"{dialect}_where"])
            for index in inspector.get_indexes(name)
            if index["unique"]
        }
        assert described.keys() == migrated.keys()
        for index_name, condition in described.items():
            state = condition.split("'")[1]
            assert f"'{state}'" in migrated[index_name]


def test_an_empty_database_is_brought_to_the_newest_revision(empty_url: str) -> None:
    database = Database(empty_url)
    assert current(database) is None
    assert upgrade(database) == head() == current(database)
    with database.reading() as session:
        assert session.scalars(select(AuditHead.number)).all() == [0]
    database.close()


def test_upgrading_again_changes_nothing_and_keeps_the_rows(any_database: Database) -> None:
    with any_database.transaction() as session:
        person = make_person(session)
    assert upgrade(any_database) == head()
    with any_database.reading() as session:
        assert session.execute(text("SELECT id FROM user_account")).scalars().all() == [person.id]


def test_many_processes_upgrading_at_once_do_not_collide(empty_url: str) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(4)

    def one() -> None:
        database = Database(empty_url)
        try:
            barrier.wait()
            upgrade(database)
        except BaseException as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    database = Database(empty_url)
    assert current(database) == head()
    with database.reading() as session:
        assert session.scalars(select(AuditHead.number)).all() == [0]
    database.close()


def test_a_record_of_a_newer_version_is_refused_and_left_alone(any_database: Database) -> None:
    with any_database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerRecord) as refusal:
        upgrade(any_database)
    assert refusal.value.data["revision"] == "9999"
    assert current(any_database) == "9999"


def test_a_failing_migration_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last table's creation fails; the tables before it must be gone, too, on both databases."""
    from kb.migrations.versions import v0001_record

    def fail() -> None:
        raise RuntimeError("power cut")

    database = Database(empty_url)
    # Alembic loads the module anew from its file, so its operations are what is made to fail.
    create_table = v0001_record.op.create_table

    def create(name: str, *columns: object, **options: object) -> object:
        if name == "job":
            fail()
        return create_table(name, *columns, **options)

    monkeypatch.setattr(v0001_record.op, "create_table", create)
    with pytest.raises(RuntimeError):
        upgrade(database)
    monkeypatch.undo()
    assert inspect(database.engine).get_table_names() == []
    assert upgrade(database) == head()
    database.close()


def test_a_migration_does_not_leave_its_pragmas_on_pooled_connections(database: Database) -> None:
    upgrade(database)
    for _ in range(3):
        with database.reading() as session:
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_rows_of_the_first_release_get_facets_and_keep_what_points_to_them(empty_url: str) -> None:
    database = Database(empty_url)
    config = _config()
    with _migrating(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    at: dict[str, Any] = {"at": datetime(2026, 1, 2, tzinfo=UTC)}
    with database.transaction() as session:
        session.execute(text(_FIRST_BLOB))
        session.execute(text(_FIRST_SOURCE), at)
        for article_id, state in (("a", "not_validated"), ("gone", "archived")):
            session.execute(text(_FIRST_ARTICLE), {"id": article_id, "state": state, **at})
        for origin_id, kind, state in (
            ("a", "article", "live"),
            ("gone", "article", "retired"),
            ("s", "source", "live"),
            ("lost", "source", "retired"),
        ):
            given = {"id": f"of-{origin_id}", "kind": kind, "origin": origin_id, "state": state, **at}
            session.execute(text(_FIRST_EDITION), given)
            session.execute(text(_FIRST_PASSAGE), {"id": f"p-{origin_id}", "edition": f"of-{origin_id}"})
    upgrade(database)
    with database.transaction() as session:
        assert session.get_one(Article, "a").products == []
        assert session.get_one(Source, "s").received_at == at["at"]
        found = {edition.id: edition for edition in session.scalars(select(Edition))}
        assert {id: (edition.origin_state, edition.products) for id, edition in found.items()} == {
            "of-a": (OriginState.NOT_VALIDATED, []),
            "of-gone": (None, []),
            "of-s": (None, []),
            "of-lost": (None, []),
        }
        assert {edition.vouched_at for edition in found.values()} == {at["at"]}
        assert len(session.scalars(select(Passage.id)).all()) == 4
        session.execute(text("DELETE FROM edition WHERE id = 'of-a'"))
        assert "p-a" not in session.scalars(select(Passage.id)).all()
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("UPDATE article SET version = 0"))
    database.close()


_FIRST_ARTICLE = (
    "INSERT INTO article (id, language, audience, state, governance, tags, issue, version, created_at,"
    " updated_at, released_at) VALUES (:id, 'fa', 'public', :state, 'experience', '[]', '[]', 1, :at, :at,"
    " :at)"
)
_FIRST_BLOB = "INSERT INTO source_blob (sha256, data) VALUES ('h', '')"
_FIRST_SOURCE = (
    "INSERT INTO source (id, locator, filename, title, title_given, media_type, audience, tags, sha256,"
    " size_bytes, status, warnings, version, created_at, updated_at) VALUES ('s', 'l', 'f', 't', TRUE, 'm',"
    " 'public', '[]', 'h', 0, 'indexed', '[]', 1, :at, :at)"
)
_FIRST_EDITION = (
    "INSERT INTO edition (id, origin_kind, origin_id, fingerprint, state, audience, language, title, tags,"
    " embedder_id, analyzer_id, passage_count, staged_at, live_at) VALUES (:id, :kind, :origin, '', :state,"
    " 'public', 'fa', 't', '[]', 'e', 'z', 1, :at, :at)"
)
_FIRST_PASSAGE = (
    'INSERT INTO passage (id, edition_id, ordinal, field, start, "end", heading_path, text, indexed_text,'
    " text_hash) VALUES (:id, :edition, 0, 'body', 0, 1, '[]', 'x', 'x', 'h')"
)
