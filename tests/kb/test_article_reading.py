from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.article import (
    WORD_FIELDS,
    ArticleRevision,
    archive_article,
    article_history,
    diff_revisions,
    get_article,
    list_articles,
    revise_article,
)
from kb.clock import utc_now
from kb.database import Database
from kb.errors import InvalidInput, NotFound
from kb.visibility import ANONYMOUS, EVERYTHING, NOTHING, OPERATOR, Caller, Visibility, visibility_of
from kb.vocabulary import ArticleState, Audience, Language, Role, Scope
from tests.factories import make_article, make_key

ALL = EVERYTHING
PUBLIC = Visibility(frozenset({Audience.PUBLIC}))


def titles(database: Database, caller: Caller, visibility: Visibility = ALL, **given: object) -> list[str]:
    with database.reading() as session:
        page = list_articles(session, caller_visibility=visibility, caller=caller, **given)  # type: ignore[arg-type]
        return [view.revision.title for view in page.items]


@pytest.fixture
def shelf(any_database: Database) -> dict[str, str]:
    """One article of each kind that matters to who sees what; title -> id."""
    with any_database.transaction() as session:
        made = {
            "released": make_article(session, released=True, title="released", audience=Audience.PUBLIC),
            "draft": make_article(session, title="draft", audience=Audience.PUBLIC),
            "archived": make_article(session, released=True, title="archived", audience=Audience.PUBLIC),
            "internal": make_article(session, released=True, title="internal"),
            "edited": make_article(session, released=True, title="edited", audience=Audience.PUBLIC),
        }
        ids = {name: article.id for name, article in made.items()}
        archive_article(session, caller=OPERATOR, article_id=ids["archived"], expected_version=2)
        revise_article(
            session, caller=OPERATOR, article_id=ids["edited"], expected_version=2, title="edited again"
        )
    return ids


def test_readers_cannot_tell_a_draft_from_nothing_by_naming_a_revision(
    any_database: Database, shelf: dict[str, str]
) -> None:
    with any_database.reading() as session:
        for id in (shelf["draft"], shelf["archived"], "nothing"):
            with pytest.raises(NotFound) as refused:
                get_article(
                    session,
                    caller_visibility=PUBLIC,
                    caller=ANONYMOUS,
                    article_id=id,
                    revision_number=1,
                )
            assert refused.value.data == {"what": "article", "id": id}


def test_visitors_and_reading_keys_see_released_visible_articles_only(
    any_database: Database, shelf: dict[str, str]
) -> None:
    for who in (ANONYMOUS, make_key(Scope.READ), make_key(Scope.SEARCH)):
        visibility = visibility_of(who, portal_public=True)
        assert set(titles(any_database, who, visibility)) == {"released", "edited"}
        with any_database.reading() as session:
            for name in ("draft", "archived", "internal"):
                with pytest.raises(NotFound):
                    get_article(session, caller_visibility=visibility, caller=who, article_id=shelf[name])
            view = get_article(session, caller_visibility=visibility, caller=who, article_id=shelf["edited"])
            assert (view.revision.title, view.is_released) == ("edited", True)
            with pytest.raises(NotFound):
                get_article(
                    session,
                    caller_visibility=visibility,
                    caller=who,
                    article_id=shelf["edited"],
                    revision_number=2,
                )
            history = article_history(
                session, caller_visibility=visibility, caller=who, article_id=shelf["edited"]
            )
            assert [revision.number for revision in history] == [1]


def test_people_and_writing_keys_see_working_revisions_and_drafts(
    any_database: Database, shelf: dict[str, str], caller: Callable[..., Caller]
) -> None:
    expected = {"released", "draft", "archived", "internal", "edited again"}
    for who in (caller(role=Role.AGENT), OPERATOR, make_key(Scope.WRITE, ceiling=Audience.INTERNAL)):
        assert set(titles(any_database, who)) == expected
    writer = make_key(Scope.WRITE)
    assert set(titles(any_database, writer, PUBLIC)) == expected - {"internal"}
    with any_database.reading() as session:
        edited = shelf["edited"]
        view = get_article(session, caller_visibility=PUBLIC, caller=writer, article_id=edited)
        assert (view.revision.number, view.is_released) == (2, False)
        first = get_article(
            session, caller_visibility=PUBLIC, caller=writer, article_id=edited, revision_number=1
        )
        assert first.revision.title == "edited"
        with pytest.raises(NotFound):
            get_article(
                session, caller_visibility=PUBLIC, caller=writer, article_id=edited, revision_number=3
            )
        history = article_history(session, caller_visibility=PUBLIC, caller=writer, article_id=edited)
        assert [revision.number for revision in history] == [2, 1]


def test_without_an_allowed_audience_nothing_is_there(any_database: Database, shelf: dict[str, str]) -> None:
    assert titles(any_database, OPERATOR, NOTHING) == []
    with any_database.reading() as session, pytest.raises(NotFound):
        get_article(session, caller_visibility=NOTHING, caller=OPERATOR, article_id=shelf["released"])


def test_lists_are_narrowed_by_state_language_tag_and_title(any_database: Database) -> None:
    with any_database.transaction() as session:
        make_article(session, title="Return Policy 100%", language=Language.ENGLISH, tags=["a", 'x"y'])
        make_article(session, title="شرایط مرجوعی", tags=["مرجوعی", "aa"])
        make_article(session, released=True, title="ارسال", tags=["ارسال"])
    assert titles(any_database, OPERATOR, state=ArticleState.VALIDATED) == ["ارسال"]
    assert titles(any_database, OPERATOR, language=Language.ENGLISH) == ["Return Policy 100%"]
    assert titles(any_database, OPERATOR, tag="a") == ["Return Policy 100%"]
    assert titles(any_database, OPERATOR, tag='x"y') == ["Return Policy 100%"]
    assert titles(any_database, OPERATOR, tag="مرجوعی") == ["شرایط مرجوعی"]
    assert titles(any_database, OPERATOR, tag="none") == []
    assert titles(any_database, OPERATOR, text="RETURN") == ["Return Policy 100%"]
    assert titles(any_database, OPERATOR, text="مرجو") == ["شرایط مرجوعی"]
    assert titles(any_database, OPERATOR, text="100%") == ["Return Policy 100%"]
    assert titles(any_database, OPERATOR, text="%") == ["Return Policy 100%"], "no wildcard"


def test_pages_hold_every_article_once_while_others_are_added(any_database: Database) -> None:
    with any_database.transaction() as session:
        expected = {make_article(session).id for _ in range(7)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        with any_database.reading() as session:
            page = list_articles(session, caller_visibility=ALL, caller=OPERATOR, cursor=cursor, limit=3)
        seen += [view.article.id for view in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        with any_database.transaction() as session:
            make_article(session)
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "W10", "WzEsMl0", "WyJhIiwiYiJd", "WyIyMDI2LTAxLTAxIiwiYSJd"]
)
def test_a_broken_cursor_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        titles(database, OPERATOR, cursor=cursor)
    assert refusal.value.data["field"] == "cursor"


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_limit_out_of_range_is_refused(database: Database, limit: int) -> None:
    with pytest.raises(InvalidInput):
        titles(database, OPERATOR, limit=limit)


def revision(**words: str) -> ArticleRevision:
    texts = dict.fromkeys(WORD_FIELDS, "") | words
    return ArticleRevision(
        id="r",
        article_id="a",
        number=1,
        comment="",
        content_hash="",
        cites=[],
        author_id=None,
        created_at=utc_now(),
        **texts,
    )


def test_a_diff_shows_changed_fields_line_by_line() -> None:
    old = revision(title="الف", resolution="یک\nدو\nسه", cause="همان")
    new = revision(title="ب", resolution="یک\nدوم\nسه\nچهار", cause="همان")
    lines = [(line.kind, line.text, line.field) for line in diff_revisions(old, new)]
    assert lines == [
        ("removed", "الف", "title"),
        ("added", "ب", "title"),
        ("same", "یک", "resolution"),
        ("removed", "دو", "resolution"),
        ("added", "دوم", "resolution"),
        ("same", "سه", "resolution"),
        ("added", "چهار", "resolution"),
    ]
    assert diff_revisions(old, old) == []


LINES = st.lists(st.sampled_from(["الف", "ب", "پ", ""]), max_size=8).map("\n".join)


@given(before=LINES, after=LINES)
def test_a_diff_holds_both_texts_whole(before: str, after: str) -> None:
    lines = diff_revisions(revision(resolution=before), revision(resolution=after))
    if before == after:
        assert lines == []
        return
    assert [line.text for line in lines if line.kind != "added"] == before.splitlines()
    assert [line.text for line in lines if line.kind != "removed"] == after.splitlines()
