"""`kb demo`: the demo knowledge base, an invented shop's support desk."""

from typing import TYPE_CHECKING

from cli.output import complain, say

if TYPE_CHECKING:
    from threading import Event

    from cli.demo_load import Loaded
    from kb.database import Database


def demo() -> None:
    """Load the demo knowledge base and wait until it is searchable; what is there already stays as it is."""
    from cli.opening import open_record
    from cli.waiting import finish, progress_bar

    with open_record(exclusive=True, create=True) as opened:
        loaded = load(opened.database)
        with progress_bar("Indexing", len(loaded.ids)) as move:
            finish(opened, loaded.ids, move)
        _say_what_failed(opened.database, loaded)
    say(f"The demo is searchable: {len(loaded.added)} items added, {len(loaded.present)} were there.")


def load(database: "Database") -> "Loaded":
    """Add what is missing, all of it or nothing."""
    from cli.demo_files import read_demo
    from cli.demo_load import load_demo

    content = read_demo()
    with database.transaction() as session:
        return load_demo(session, content)


def _say_what_failed(database: "Database", loaded: "Loaded") -> None:
    from cli.waiting import failed_jobs

    with database.reading() as session:
        for job in failed_jobs(session, loaded.ids).values():
            complain(f"{job.name.value} {job.subject_id}: {job.error_message}")


def load_into_empty(database: "Database", stopping: "Event") -> None:
    """For `kb serve --demo`: fill a record that holds no knowledge yet, and say when it can be searched."""
    from sqlalchemy import select

    from cli.waiting import wait_until_searchable
    from kb.article import Article
    from kb.conversation import Conversation
    from kb.note import Note
    from kb.source import Source

    with database.reading() as session:
        if any(session.scalar(select(model.id).limit(1)) for model in (Article, Note, Conversation, Source)):
            return
    say("Loading the demo knowledge base ...")
    loaded = load(database)
    wait_until_searchable(database, loaded.ids, stopping=stopping)
    if not stopping.is_set():
        _say_what_failed(database, loaded)
        say("The demo is searchable.")
