"""Files beside articles: kept once, told by their bytes, seen by whoever sees the article."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.article import (
    archive_article,
    attach_file,
    attachment_bytes,
    detach_file,
    get_attachment,
    list_attachments,
)
from kb.article.attachment import ATTACHMENT_LIMIT, AttachmentBlob
from kb.article.media import clean_filename, sniffed_type
from kb.database import Database
from kb.errors import Forbidden, ImpossibleMove, InvalidInput, KbError, NotFound
from kb.visibility import ANONYMOUS, OPERATOR, Visibility
from kb.vocabulary import Audience, Role, Scope
from tests.factories import make_article, make_key, make_person

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
PUBLIC: dict[str, Any] = {
    "caller_visibility": Visibility(frozenset({Audience.PUBLIC})),
    "caller": ANONYMOUS,
}


def attach(session: Session, article_id: str, data: bytes = PNG, **given: Any) -> Any:
    values: dict[str, Any] = {"caller": OPERATOR, "filename": "عکس.png"} | given
    return attach_file(session, article_id=article_id, data=data, **values)


def blobs(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AttachmentBlob)) or 0


def test_equal_bytes_are_kept_once_and_go_with_their_last_attachment(any_database: Database) -> None:
    with any_database.transaction() as session:
        one, other = make_article(session), make_article(session)
        first = attach(session, one.id)
        assert attach(session, one.id).id == first.id
        renamed, second = attach(session, one.id, filename="b.png"), attach(session, other.id)
        assert (blobs(session), one.version) == (1, 1)
        assert attachment_bytes(session, sha256=first.sha256) == PNG
        for made in (first, renamed):
            detach_file(session, caller=OPERATOR, article_id=one.id, attachment_id=made.id)
        assert blobs(session) == 1
        detach_file(session, caller=OPERATOR, article_id=other.id, attachment_id=second.id)
        assert blobs(session) == 0
        with pytest.raises(NotFound):
            attachment_bytes(session, sha256=first.sha256)


def test_who_sees_the_article_sees_its_files_and_nobody_else(any_database: Database) -> None:
    with any_database.transaction() as session:
        public = make_article(session, released=True, audience=Audience.PUBLIC)
        hidden = [
            make_article(session, released=True),
            make_article(session, audience=Audience.PUBLIC),
            make_article(session, released=True, audience=Audience.PUBLIC, segments=["طلایی"]),
        ]
        gone = make_article(session, released=True, audience=Audience.PUBLIC)
        ids = {article.id: attach(session, article.id).id for article in (public, *hidden, gone)}
        archive_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
    with any_database.reading() as session:
        (seen,) = list_attachments(session, article_id=public.id, **PUBLIC)
        assert seen.id == ids[public.id]
        for article in (*hidden, gone):
            with pytest.raises(NotFound):
                list_attachments(session, article_id=article.id, **PUBLIC)
            with pytest.raises(NotFound):
                get_attachment(session, article_id=article.id, attachment_id=ids[article.id], **PUBLIC)
        with pytest.raises(NotFound):  # by way of an article that may be seen
            get_attachment(session, article_id=public.id, attachment_id=ids[hidden[0].id], **PUBLIC)


def test_what_the_public_would_see_at_once_needs_a_publisher(database: Database) -> None:
    with database.transaction() as session:
        public = make_article(session, released=True, audience=Audience.PUBLIC)
        draft = make_article(session, audience=Audience.PUBLIC)
        contributor = make_person(session, role=Role.CONTRIBUTOR)
        with pytest.raises(Forbidden):
            attach(session, public.id, caller=contributor)
        attach(session, draft.id, caller=contributor)
        attach(session, public.id, caller=make_person(session, role=Role.PUBLISHER))
        with pytest.raises(Forbidden):
            attach(session, draft.id, caller=make_person(session, role=Role.AGENT))
        with pytest.raises(NotFound):
            attach(session, make_article(session).id, caller=make_key(*Scope))
        archive_article(session, caller=OPERATOR, article_id=public.id, expected_version=None)
        with pytest.raises(ImpossibleMove):
            attach(session, public.id)


def test_an_empty_file_and_one_too_many_are_refused(database: Database) -> None:
    with database.transaction() as session:
        made = make_article(session)
        with pytest.raises(InvalidInput):
            attach(session, made.id, data=b"")
        for number in range(ATTACHMENT_LIMIT):
            attach(session, made.id, data=str(number).encode())
        with pytest.raises(InvalidInput):
            attach(session, made.id, data=b"more")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 12, "image/jpeg"),
        (b"GIF89a" + b"\0" * 8, "image/gif"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "text/plain"),
        ("متن".encode(), "text/plain"),
        ("متن".encode("utf-16"), "application/octet-stream"),
        (b"\0\1\2", "application/octet-stream"),
        (b"#!/bin/sh\nrm -rf /", "text/plain"),
    ],
)
def test_a_type_is_told_by_the_bytes_alone(data: bytes, media_type: str) -> None:
    assert sniffed_type(data) == media_type


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("عکس.png", "عکس.png"),
        ("راهنمای می\u200cشود.pdf", "راهنمای می\u200cشود.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a b.txt", "a b.txt"),
        ("cod\u202egnp.exe", "codgnp.exe"),
        ('a"\r\nSet-Cookie: x=1.png', 'a"Set-Cookie: x=1.png'),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("\x00\x1f", "unnamed"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_names_lose_what_nobody_sees_and_where_they_lay(sent: str, kept: str) -> None:
    assert clean_filename(sent) == kept


def test_the_same_bytes_sent_and_removed_at_once_leave_nothing_broken(any_database: Database) -> None:
    with any_database.transaction() as session:
        ids = [make_article(session).id for _ in range(6)]
        first = attach(session, ids[0]).id
    failures: list[str] = []

    def act(number: int) -> None:
        try:
            with any_database.transaction() as session:
                if number == 0:
                    detach_file(session, caller=OPERATOR, article_id=ids[0], attachment_id=first)
                else:
                    attach(session, ids[number])
        except KbError as error:
            failures.append(error.code)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with any_database.reading() as session:
        assert blobs(session) == 1
