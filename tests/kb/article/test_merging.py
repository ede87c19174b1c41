"""Merging: words and readers go to the other article, and nobody is led in a circle."""

import threading
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article import (
    Article,
    Attachment,
    archive_article,
    attach_file,
    attachment_bytes,
    detach_file,
    get_attachment,
    merge_article,
    merged_into,
    preview_merge,
    restore_article,
    revise_article,
)
from kb.article.attachment import ATTACHMENT_LIMIT
from kb.audit import verify_audit
from kb.clock import new_id, utc_now
from kb.database import Database
from kb.errors import CyclicMerge, Forbidden, ImpossibleMove, KbError, NotFound, StaleEdit
from kb.learnt_query import LearntQuery, learn_query
from kb.link import Link
from kb.visibility import ANONYMOUS, EVERYTHING, OPERATOR, Visibility
from kb.vocabulary import ArticleState, Audience, Governance, OriginKind, Role
from tests.factories import make_article, make_person

PUBLIC = Visibility(frozenset({Audience.PUBLIC}))


def merge(session: Session, gone: Article, into: Article, **given: Any) -> Article:
    values: dict[str, Any] = {"caller": OPERATOR, "expected_version": None} | given
    return merge_article(session, article_id=gone.id, into_id=into.id, **values)


def solved(session: Session, article: Article, case: str) -> None:
    """A link, as it was made when the article's first revision was served."""
    assert article.released_revision_id is not None
    session.add(
        Link(
            id=new_id(),
            article_id=article.id,
            revision_id=article.released_revision_id,
            actor="operator",
            person_id=None,
            case_ref=case,
            query=f"پرسش {case}",
            linked_at=utc_now(),
        )
    )
    article.use_count += 1
    session.flush()


def cases(session: Session, article: Article) -> set[str]:
    return set(session.scalars(select(Link.case_ref).where(Link.article_id == article.id)))


def learnt(session: Session, article: Article) -> set[str]:
    return set(session.scalars(select(LearntQuery.text).where(LearntQuery.origin_id == article.id)))


def pair(session: Session) -> tuple[Article, Article]:
    gone = make_article(session, released=True, title="پس دادن", issue=["پسش بدم؟", "مشترک"])
    into = make_article(session, released=True, title="مرجوعی", issue=["مشترک"])
    for article, case in ((gone, "1"), (gone, "2"), (into, "2"), (into, "3")):
        solved(session, article, case)
    agent = make_person(session)
    given: dict[str, Any] = {"caller": agent, "origin_kind": OriginKind.ARTICLE, "origin_id": gone.id}
    learn_query(session, text="چجوری پس بدم", folded="چجوری پس بدم", **given)
    return gone, into


def test_the_preview_says_what_merging_then_does(any_database: Database) -> None:
    with any_database.transaction() as session:
        gone, into = pair(session)
        before = (gone.version, into.version)
        plan = preview_merge(session, caller=OPERATOR, article_id=gone.id, into_id=into.id)
        assert (plan.takes_words, plan.query_count, plan.link_count) == (True, 1, 1)
        assert plan.issue == ("پس دادن", "پسش بدم؟")
        assert (gone.version, into.version) == before
        merge(session, gone, into)
        assert into.issue == ["مشترک", *plan.issue]
        assert learnt(session, into) == {"چجوری پس بدم"}
        assert (cases(session, into), cases(session, gone)) == ({"1", "2", "3"}, {"2"})
        assert (gone.state, gone.merged_into_id, into.use_count) == (ArticleState.ARCHIVED, into.id, 4)


def test_restoring_undoes_the_redirect_and_gives_links_back(any_database: Database) -> None:
    with any_database.transaction() as session:
        gone, into = pair(session)
        merge(session, gone, into)
        version = into.version
        restore_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        assert (gone.merged_into_id, gone.state) == (None, ArticleState.NOT_VALIDATED)
        assert (cases(session, gone), cases(session, into)) == ({"1", "2"}, {"2", "3"})
        assert "پسش بدم؟" in into.issue  # issue lines are only ever added
        assert (into.use_count, into.version) == (3, version + 1)
    with any_database.reading() as session:
        assert verify_audit(session).problems == ()


def test_readers_are_led_on_over_several_merges(any_database: Database) -> None:
    with any_database.transaction() as session:
        first, second, third = (
            make_article(session, released=True, title=title, audience=Audience.PUBLIC) for title in "abc"
        )
        merge(session, first, second)
        merge(session, second, third)
        for gone in (first, second):
            assert merged_into(session, article_id=gone.id, caller_visibility=PUBLIC) == third.id
        archive_article(session, caller=OPERATOR, article_id=third.id, expected_version=None)
        assert merged_into(session, article_id=first.id, caller_visibility=PUBLIC) is None


def test_circles_and_impossible_merges_are_refused_and_nothing_changes(any_database: Database) -> None:
    with any_database.transaction() as session:
        one, other = (make_article(session, released=True, title=title) for title in "ab")
        archived = make_article(session, released=True)
        archive_article(session, caller=OPERATOR, article_id=archived.id, expected_version=None)
        for verb in (merge, lambda s, g, i: preview_merge(s, caller=OPERATOR, article_id=g.id, into_id=i.id)):
            with pytest.raises(CyclicMerge):
                verb(session, one, one)
            with pytest.raises(ImpossibleMove):
                verb(session, one, archived)
            with pytest.raises(ImpossibleMove):
                verb(session, archived, one)
        with pytest.raises(NotFound):
            merge_article(
                session, caller=OPERATOR, article_id=one.id, expected_version=None, into_id="nothing"
            )
        with pytest.raises(StaleEdit):
            merge(session, one, other, expected_version=9)
        assert (one.version, other.version) == (2, 2)
        merge(session, one, other)
        with pytest.raises(CyclicMerge):
            merge(session, other, one)


def test_merging_needs_rights_on_both(database: Database) -> None:
    with database.transaction() as session:
        gone = make_article(session, released=True)
        plain, bound = make_article(session), make_article(session, governance=Governance.COMPLIANCE)
        contributor = make_person(session, role=Role.CONTRIBUTOR)
        publisher = make_person(session, role=Role.PUBLISHER)
        for who, into in ((contributor, plain), (publisher, bound)):
            with pytest.raises(Forbidden):
                merge(session, gone, into, caller=who, expected_version=2)
        merge(session, gone, plain, caller=publisher, expected_version=2)


@pytest.mark.parametrize(
    ("gone_is", "into_is"),
    [
        ({"audience": Audience.INTERNAL}, {"audience": Audience.PUBLIC}),
        ({"segments": ["طلایی"]}, {}),
        ({"segments": ["طلایی"]}, {"segments": ["طلایی", "نقره‌ای"]}),
        ({"products": ["کیف پول"]}, {}),
        ({"products": ["کیف پول"]}, {"products": ["قسطی"]}),
    ],
)
def test_words_never_reach_readers_who_could_not_see_them(
    database: Database, gone_is: dict[str, Any], into_is: dict[str, Any]
) -> None:
    with database.transaction() as session:
        gone = make_article(session, released=True, title="راز", issue=["رازی"], **gone_is)
        into = make_article(session, released=True, **into_is)
        solved(session, gone, "7")
        assert not preview_merge(session, caller=OPERATOR, article_id=gone.id, into_id=into.id).takes_words
        merge(session, gone, into)
        assert (into.issue, cases(session, into)) == ([], set())
        if "audience" in gone_is:
            assert merged_into(session, article_id=gone.id, caller_visibility=PUBLIC) is None
        assert merged_into(session, article_id=gone.id, caller_visibility=EVERYTHING) == into.id


def test_a_visitor_previews_nothing(database: Database) -> None:
    with database.transaction() as session:
        gone, into = make_article(session), make_article(session)
        with pytest.raises(KbError) as refusal:
            preview_merge(session, caller=ANONYMOUS, article_id=gone.id, into_id=into.id)
        assert refusal.value.code == "not_signed_in"


def test_merges_of_each_into_the_other_at_once_leave_one(any_database: Database) -> None:
    with any_database.transaction() as session:
        ids = [make_article(session, released=True, title=title).id for title in "ab"]
    outcomes: list[str] = []

    def act(gone_id: str, into_id: str) -> None:
        try:
            with any_database.transaction() as session:
                merge_article(
                    session, caller=OPERATOR, article_id=gone_id, expected_version=None, into_id=into_id
                )
            outcomes.append("merged")
        except KbError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=act, args=pair) for pair in (ids, reversed(ids))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["cyclic_merge", "merged"]


def test_a_merged_article_is_not_revised(database: Database) -> None:
    with database.transaction() as session:
        gone, into = make_article(session, released=True), make_article(session, released=True)
        merge(session, gone, into)
        with pytest.raises(ImpossibleMove):
            revise_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None, title="x")


def attach(session: Session, article: Article, name: str, data: bytes) -> Attachment:
    return attach_file(session, caller=OPERATOR, article_id=article.id, filename=name, data=data)


def names(session: Session, article: Article) -> list[str]:
    rows = select(Attachment.filename).where(Attachment.article_id == article.id)
    return list(session.scalars(rows.order_by(Attachment.id)))


def read(session: Session, article: Article, attachment: Attachment) -> Attachment:
    """As a visitor would, by the address that it had."""
    return get_attachment(
        session,
        caller_visibility=PUBLIC,
        caller=ANONYMOUS,
        article_id=article.id,
        attachment_id=attachment.id,
    )


def public(session: Session, title: str) -> Article:
    return make_article(session, released=True, title=title, audience=Audience.PUBLIC)


def test_files_go_along_once_by_content_and_links_to_them_go_on(any_database: Database) -> None:
    with any_database.transaction() as session:
        gone, into = (public(session, title) for title in "ab")
        kept = attach(session, gone, "a.png", b"one")
        attach(session, gone, "twice.png", b"one")
        there = attach(session, gone, "b.png", b"two")
        attach(session, into, "its-own.png", b"two")
        plan = preview_merge(session, caller=OPERATOR, article_id=gone.id, into_id=into.id)
        assert plan.files == ("a.png",)
        merge(session, gone, into)
        assert names(session, into) == ["its-own.png", "a.png"]
        for file, name in ((kept, "a.png"), (there, "its-own.png")):
            found = read(session, gone, file)
            assert (found.article_id, found.filename, found.sha256) == (into.id, name, file.sha256)
        assert names(session, gone) == ["a.png", "twice.png", "b.png"]
        carried = read(session, gone, kept)
        detach_file(session, caller=OPERATOR, article_id=into.id, attachment_id=carried.id)
        with pytest.raises(NotFound):  # taken from readers by somebody who meant it
            read(session, gone, kept)


def test_undoing_a_merge_takes_its_files_back_and_nothing_else(any_database: Database) -> None:
    with any_database.transaction() as session:
        gone, into = (public(session, title) for title in "ab")
        kept = attach(session, gone, "a.png", b"one")
        attach(session, gone, "b.png", b"two")
        attach(session, into, "c.png", b"three")
        merge(session, gone, into)
        attach(session, into, "b.png", b"two")  # wanted for itself
        restore_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        assert names(session, into) == ["c.png", "b.png"]
        assert read(session, gone, kept).article_id == gone.id
        assert attachment_bytes(session, sha256=kept.sha256) == b"one"


def test_files_of_several_merges_come_back_one_by_one(any_database: Database) -> None:
    with any_database.transaction() as session:
        first, second, third = (public(session, title) for title in "abc")
        mine = attach(session, first, "first.png", b"1")
        attach(session, first, "shared.png", b"both")
        attach(session, second, "shared.png", b"both")
        attach(session, second, "second.png", b"2")
        merge(session, first, second)
        merge(session, second, third)
        assert sorted(names(session, third)) == ["first.png", "second.png", "shared.png"]
        assert read(session, first, mine).article_id == third.id
        restore_article(session, caller=OPERATOR, article_id=first.id, expected_version=None)
        assert sorted(names(session, third)) == ["second.png", "shared.png"]
        restore_article(session, caller=OPERATOR, article_id=second.id, expected_version=None)
        assert names(session, third) == []
        assert sorted(names(session, second)) == ["second.png", "shared.png"]


def test_what_two_merged_articles_have_stays_until_both_are_back(any_database: Database) -> None:
    with any_database.transaction() as session:
        one, other, into = (public(session, title) for title in "abc")
        for article in (one, other):
            attach(session, article, "shared.png", b"both")
            merge(session, article, into)
        for article, left in ((one, ["shared.png"]), (other, [])):
            restore_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
            assert names(session, into) == left


def test_files_never_reach_readers_who_could_not_see_them(any_database: Database) -> None:
    with any_database.transaction() as session:
        gone, into = make_article(session, released=True, title="a"), public(session, "b")
        file = attach(session, gone, "a.png", b"one")
        assert preview_merge(session, caller=OPERATOR, article_id=gone.id, into_id=into.id).files == ()
        merge(session, gone, into)
        assert names(session, into) == []
        with pytest.raises(NotFound):
            read(session, gone, file)


def test_as_many_files_go_along_as_there_is_room_for(database: Database) -> None:
    with database.transaction() as session:
        gone, into = (public(session, title) for title in "ab")
        for number in range(ATTACHMENT_LIMIT - 1):
            attach(session, into, f"{number}.txt", f"into {number}".encode())
        attach(session, gone, "first.txt", b"first")
        attach(session, gone, "second.txt", b"second")
        merge(session, gone, into)
        assert names(session, into)[-1] == "first.txt"
        assert len(names(session, into)) == ATTACHMENT_LIMIT
