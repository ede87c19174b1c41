"""Whatever changes the record says so in the audit log; a new verb that does not fails here."""

import ast
import importlib
import inspect
import pkgutil

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import kb
from kb.audit import AuditEntry, verify_audit
from kb.database import Database
from tests.audited.articles import ARTICLES
from tests.audited.origins import ORIGINS
from tests.audited.people import PEOPLE
from tests.audited.situation import Verb

#: each verb with a situation in which it changes something
AUDITED = ARTICLES | ORIGINS | PEOPLE

#: what changes rows without a row in the log, and why that is right
MACHINERY = {
    "enqueue": "the verb that promises the work is audited",
    "make_wait": "part of failing, retrying and releasing",
    "finish_job": "its effect is audited where it shows: publish_edition",
    "release_leases": "leases are not knowledge",
    "renew_lease": "leases are not knowledge",
    "report_progress": "progress is not knowledge",
    "keep_findings": "what was found is nobody's deciding; dismissing it is",
    "finish_check": "what it found is audited where it counts: release_article",
    "fail_check": "a check that failed changes nothing",
    "settle_check": "part of release_article",
    "propose_edition": "nobody sees it; it only serves a check",
    "drop_proposed": "nobody saw it",
    "stage_edition": "nobody sees it before publish_edition",
    "retire_editions": "part of archiving, rejecting and deleting",
    "retire_staged": "part of store_source",
    "keep_in_step": "part of change_article and store_source",
    "keep_editions_in_step": "part of the article verbs",
    "forget_queries": "part of delete_source",
    "move_queries": "part of merge_article",
    "follow_revision": "part of revise_article",
    "close_review": "part of releasing, archiving and merging",
    "withdraw": "part of archiving and merging",
    "carry_files": "part of merge_article",
    "take_files_back": "part of restore_article",
    "add_vectors": "part of stage_edition",
    "drop_edition": "nobody saw it any more",
    "prune_vectors": "nothing has these texts any more",
    "mark_source_staged": "nobody sees it before publish_edition",
    "mark_source_indexed": "what is live was published before, audited",
    "mark_source_published": "part of publish_edition",
    "mark_source_received": "part of retry_job",
    "keep_after_all": "part of retry_job",
    "touch": "part of the article verbs",
    "note_key_use": "too often, and it changes nothing that anybody relies on",
    "keep_reminders": "a reminder tells its reader what is known already",
    "see_reminder": "a reminder tells its reader what is known already",
    "mark_mailed": "a reminder tells its reader what is known already",
    "keep_hyperlinks": "what came of trying addresses is nobody's deciding",
    "forget_hyperlinks": "what came of trying addresses is nobody's deciding",
    "purge": "what has expired was of no use any more",
    "place_in_teams": "part of create_user and change_user",
    "keep_in_teams": "part of admit_identity",
    "end_sessions_of": "part of the user verbs",
    "begin_attempt": "nobody is known yet; open_session and connect_identity are audited",
    "take_attempt": "as begin_attempt",
    "remember": "the verb whose answer is remembered is audited",
    "add_people": "create_user and create_team are audited",
    "finish_transfer": "what was imported is audited; asking for an export is",
    "fail_transfer": "nothing came of it",
    "apply_item": "through the verbs of what it imports",
    "alter_note": "through the verbs of notes",
    "insert_new": "a tool of the verbs",
    "record_audit": "is the log",
    "record": "writes the log",
}

_WRITING = {"add", "add_all", "insert", "update", "delete", "flush", "merge", "insert_new"}


def session_functions() -> dict[str, Verb]:
    """Every public function of `kb` whose first parameter is a session, by name."""
    found: dict[str, Verb] = {}
    for module_info in pkgutil.walk_packages(kb.__path__, "kb."):
        if module_info.name.startswith(("kb.migrations", "kb.demo")):
            continue
        module = importlib.import_module(module_info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters.values())
            if (
                function.__module__ == module.__name__
                and not name.startswith("_")
                and parameters
                and parameters[0].annotation is Session
            ):
                found[name] = function
    return found


def writes(function: Verb) -> bool:
    """Whether the function's own text calls the session, SQL or another verb so as to change rows."""
    called = set()
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                called.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="session"), attr=name)):
                called.add(name)
    return bool(called & (_WRITING | set(MACHINERY) | names_of_audited()))


def names_of_audited() -> set[str]:
    return {verb.__name__ for verb in AUDITED}


def test_every_function_that_writes_is_either_audited_or_excused() -> None:
    writing = {name for name, function in session_functions().items() if writes(function)}
    assert writing - names_of_audited() - set(MACHINERY) == set()


def test_nothing_is_excused_that_does_not_exist() -> None:
    assert (set(MACHINERY) | names_of_audited()) - set(session_functions()) == set()
    assert set(MACHINERY) & names_of_audited() == set()


@pytest.mark.parametrize("verb", AUDITED, ids=lambda verb: verb.__name__)
def test_it_writes_its_row_in_the_same_transaction(database: Database, verb: Verb) -> None:
    with database.transaction() as session:
        act = AUDITED[verb](session)
        verify_audit(session)  # writes what preparing did, so that only the verb's own rows follow
        before = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
        act()
    with database.reading() as session:
        report = verify_audit(session)
        rows = session.scalars(select(AuditEntry).where(AuditEntry.number > before)).all()
    assert report.problems == ()
    assert len(rows) == 1
    assert rows[0].object_id
    assert rows[0].actor in {"operator", "worker"} or rows[0].actor.startswith("person:")


@pytest.mark.parametrize("verb", AUDITED, ids=lambda verb: verb.__name__)
def test_what_is_undone_leaves_no_row(database: Database, verb: Verb) -> None:
    with database.transaction() as session:
        act = AUDITED[verb](session)
        before = verify_audit(session).count
        savepoint = session.begin_nested()
        act()
        savepoint.rollback()
        assert verify_audit(session).count == before
    with database.reading() as session:
        report = verify_audit(session)
    assert (report.count, report.problems) == (before, ())
