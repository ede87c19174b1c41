"""Every night each address is tried, and what is broken is listed for who may see the article."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from kb.article import archive_article, merge_article
from kb.article.attachment import Attachment, AttachmentBlob
from kb.clock import new_id, utc_now
from kb.database import Database
from kb.errors import Forbidden, NotSignedIn
from kb.hyperlink import list_hyperlinks
from kb.outbox import enqueue
from kb.visibility import ANONYMOUS, OPERATOR, Caller, visibility_of
from kb.vocabulary import Audience, JobName, JobState, Scope
from tests.factories import make_article, make_key, make_note, make_source
from tests.workers.conftest import the_job
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS


def check(resources: Resources) -> None:
    with resources.database.transaction() as session:
        job = enqueue(session, name=JobName.CHECK_HYPERLINKS, subject_id="")
    assert run_job(resources, TASKS, job_id=job.id)
    assert the_job(resources.database).state is JobState.DONE


def found(database: Database, caller: Caller = OPERATOR, **given: Any) -> dict[str, str]:
    with database.reading() as session:
        sight = visibility_of(caller, portal_public=False)
        page = list_hyperlinks(session, caller=caller, caller_visibility=sight, **given)
    return {row.address: row.outcome for row in page.items}


def attach(session: Session, article_id: str) -> str:
    attachment_id = new_id()
    session.add(AttachmentBlob(sha256=attachment_id, data=b"x"))
    session.flush()
    session.add(
        Attachment(
            id=attachment_id,
            article_id=article_id,
            filename="a.png",
            media_type="image/png",
            sha256=attachment_id,
            size_bytes=1,
            created_by=None,
            created_at=utc_now(),
        )
    )
    session.flush()
    return attachment_id


def test_what_leads_nowhere_is_found(resources: Resources) -> None:
    with resources.database.transaction() as session:
        target = make_article(session, released=True, resolution="## زمان\n\nسه روز.")
        merged = make_article(session, released=True)
        merge_article(
            session, caller=OPERATOR, article_id=merged.id, expected_version=None, into_id=target.id
        )
        gone = make_article(session, released=True)
        archive_article(session, caller=OPERATOR, article_id=gone.id, expected_version=None)
        draft = make_article(session)
        note, told = make_note(session, accepted=True), make_note(session)
        source, attachment = make_source(session), attach(session, target.id)
        good = {
            f"/articles/{target.id}",
            f"/articles/{target.id}#h-زمان",
            f"/articles/{merged.id}",
            "#h-خودم",
            f"/notes/{note.id}",
            f"/sources/{source.id}",
            f"/v1/articles/{target.id}/attachments/{attachment}",
            "mailto:a@example.org",
            "https://example.org/",
        }
        broken = {
            f"/articles/{target.id}#h-مکان": "no_such_heading",
            f"/articles/{gone.id}": "no_such_article",
            f"/articles/{draft.id}": "no_such_article",
            "/articles/none": "no_such_article",
            f"/notes/{told.id}": "no_such_page",
            f"/v1/articles/{target.id}/attachments/none": "no_such_file",
            "javascript:alert(1)": "unusable",
        }
        text = "## خودم\n\n" + "\n".join(f"- [پیوند](<{one}>)" for one in sorted(good | set(broken)))
        linking = make_article(session, released=True, resolution=text)
    check(resources)
    # What a page would not even show as a link is no link.
    broken.pop("javascript:alert(1)")
    decoded = {
        address.replace("%D9%85%DA%A9%D8%A7%D9%86", "مکان"): o
        for address, o in found(resources.database).items()
    }
    assert decoded == broken
    everything = found(resources.database, is_broken=None, article_id=linking.id, limit=200)
    assert everything["https://example.org/"] == "not_tried"
    assert len(everything) == len(good) + len(broken)


def test_readers_are_not_led_to_what_they_may_not_see(resources: Resources) -> None:
    with resources.database.transaction() as session:
        internal = make_article(session, released=True)
        golden = make_article(session, released=True, audience=Audience.PUBLIC, segments=["طلایی"])
        text = f"[یک](/articles/{internal.id}) [دو](/articles/{golden.id})"
        for audience in (Audience.PUBLIC, Audience.INTERNAL):
            make_article(session, released=True, audience=audience, resolution=text)
        own = make_article(
            session, released=True, audience=Audience.PUBLIC, segments=["طلایی"], resolution=text
        )
    check(resources)
    outcomes = found(resources.database, make_key(Scope.WRITE))
    assert set(outcomes) == {f"/articles/{internal.id}", f"/articles/{golden.id}"}
    assert set(found(resources.database, article_id=own.id)) == {f"/articles/{internal.id}"}
    with resources.database.reading() as session:
        page = list_hyperlinks(
            session,
            caller=OPERATOR,
            caller_visibility=visibility_of(OPERATOR, portal_public=False),
            is_broken=True,
            limit=200,
        )
    assert len(page.items) == 3


def test_what_is_put_right_or_gone_is_listed_no_more(resources: Resources) -> None:
    with resources.database.transaction() as session:
        one = make_article(session, released=True, resolution="[الف](/articles/none)")
    check(resources)
    assert len(found(resources.database)) == 1
    with resources.database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=one.id, expected_version=None)
    assert found(resources.database) == {}
    check(resources)
    assert found(resources.database, is_broken=None) == {}


def test_pages_of_the_list_hold_everything_once(resources: Resources) -> None:
    with resources.database.transaction() as session:
        for number in range(5):
            make_article(session, released=True, resolution=f"[الف](/articles/n{number})")
    check(resources)
    addresses: list[str] = []
    cursor = None
    while True:
        with resources.database.reading() as session:
            page = list_hyperlinks(
                session,
                caller=OPERATOR,
                caller_visibility=visibility_of(OPERATOR, portal_public=False),
                cursor=cursor,
                limit=2,
            )
        addresses += [row.address for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(addresses) == [f"/articles/n{number}" for number in range(5)]


@pytest.mark.parametrize("caller", [ANONYMOUS, make_key(Scope.READ)])
def test_readers_do_not_see_the_list(database: Database, caller: Caller) -> None:
    with pytest.raises((NotSignedIn, Forbidden)):
        found(database, caller)
