"""The demo knowledge base goes into the record through the ordinary verbs, once."""

from collections import Counter

from sqlalchemy import select

from cli.demo_files import read_demo
from cli.demo_load import load_demo
from kb.article import Article
from kb.audit import verify_audit
from kb.database import Database
from kb.note import Note
from kb.user import User
from kb.vocabulary import ArticleState, Audience, Language, NoteState, OriginKind


def test_the_demo_is_as_large_as_promised() -> None:
    content = read_demo()
    languages = Counter(file.data["language"] for file in content.articles)
    assert languages["fa"] >= 40
    assert languages["en"] >= 15
    assert len(content.notes) >= 25
    assert len(content.conversations) >= 10
    assert {file.data["owner"] for file in content.articles} <= {person["id"] for person in content.people}


def test_everything_is_loaded_once(database: Database) -> None:
    content = read_demo()
    with database.transaction() as session:
        loaded = load_demo(session, content)
    kinds = Counter(kind for kind, _ in loaded.added)
    assert kinds == {
        OriginKind.ARTICLE: len(content.articles),
        OriginKind.NOTE: len(content.notes),
        OriginKind.CONVERSATION: len(content.conversations),
    }
    with database.transaction() as session:
        again = load_demo(session, content)
    assert (again.added, again.present) == ((), loaded.added)


def test_states_and_audiences_are_kept(database: Database) -> None:
    content = read_demo()
    with database.transaction() as session:
        load_demo(session, content)
    with database.reading() as session:
        articles = session.scalars(select(Article)).all()
        notes = session.scalars(select(Note)).all()
        assert verify_audit(session).problems == ()
        assert all(user.password_hash is None for user in session.scalars(select(User)))
    wanted = Counter(ArticleState(file.data["state"]) for file in content.articles)
    assert Counter(article.state for article in articles) == wanted
    assert all(
        (article.released_revision_id is None) == (article.state is ArticleState.WORK_IN_PROGRESS)
        for article in articles
    )
    assert {article.audience for article in articles} == set(Audience)
    assert {article.language for article in articles} == set(Language)
    assert {note.state for note in notes} == {NoteState(file.data["state"]) for file in content.notes}
