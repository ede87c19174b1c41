"""Situations in which verbs about articles, notes and their exchange change something."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb import (
    article,
    note,
)
from kb.article import checklist, release_check, template, upkeep
from kb.article.refusals import RevisionOvertaken
from kb.clock import utc_now
from kb.exchange import bring, templates, transfer
from kb.exchange.image import ArticleImage, NoteImage, RevisionImage, TemplateImage
from kb.exchange.roster import Roster
from kb.visibility import OPERATOR
from kb.vocabulary import (
    ContentItem,
    Element,
    TransferState,
)
from tests.audited.situation import FA, INTERNAL, Verb, of_new
from tests.factories import make_article, make_note, make_person


def of_article(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = make_article(session, released=verb is not article.release_article)
        if verb is article.restore_article:
            article.archive_article(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        return lambda: verb(session, caller=OPERATOR, article_id=made.id, expected_version=None, **given)

    return prepare


def reviewing(verb: Verb, *, requested: bool = True, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    """On an article with a working revision, under review unless the verb asks for one."""

    def prepare(session: Session) -> Callable[[], Any]:
        made = make_article(session)
        if requested and verb is not article.request_review:
            article.request_review(session, caller=OPERATOR, article_id=made.id, expected_version=None)
        return lambda: verb(session, caller=OPERATOR, article_id=made.id, expected_version=None, **given)

    return prepare


def merging(session: Session) -> Callable[[], Any]:
    gone, into = make_article(session, title="یکی"), make_article(session, title="دیگری")
    given: dict[str, Any] = {"article_id": gone.id, "expected_version": None, "into_id": into.id}
    return lambda: article.merge_article(session, caller=OPERATOR, **given)


def reverting(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    same: dict[str, Any] = {"caller": OPERATOR, "article_id": made.id, "expected_version": None}
    article.revise_article(session, title="نو", **same)
    return lambda: article.revert_article(session, number=1, **same)


def detaching(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    same: dict[str, Any] = {"caller": OPERATOR, "article_id": made.id}
    attached = article.attach_file(session, filename="a.txt", data=b"a", **same)
    return lambda: article.detach_file(session, attachment_id=attached.id, **same)


def attaching(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    given: dict[str, Any] = {"article_id": made.id, "filename": "a.txt", "data": b"a"}
    return lambda: article.attach_file(session, caller=OPERATOR, **given)


def of_template(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = template.create_template(session, caller=OPERATOR, name="الگو", language=FA)
        return lambda: verb(session, caller=OPERATOR, template_id=made.id, expected_version=None, **given)

    return prepare


def moving_when_due(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    at = utc_now() + timedelta(days=1)
    given: dict[str, Any] = {"article_id": made.id, "expected_version": None}
    article.schedule_article(session, caller=OPERATOR, release_at=at, **given)
    return lambda: article.move_when_due(session, article_id=made.id, now=at)


def leaving_unkept(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    given: dict[str, Any] = {"article_id": made.id, "expected_version": None}
    soon = utc_now() + timedelta(days=1)
    article.schedule_article(session, caller=OPERATOR, release_at=soon, **given)
    made.release_at = utc_now()
    refusal = RevisionOvertaken(id=made.id)
    return lambda: article.leave_unkept(session, article_id=made.id, error=refusal)


def of_note(verb: Verb) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        made = make_note(session)
        return lambda: verb(session, caller=OPERATOR, note_id=made.id)

    return prepare


def promoting(session: Session) -> Callable[[], Any]:
    told, written = make_note(session), make_article(session)
    return lambda: note.promote_note(session, caller=OPERATOR, note_id=told.id, article_id=written.id)


def of_draft(verb: Verb, **given: Any) -> Callable[[Session], Callable[[], Any]]:
    def prepare(session: Session) -> Callable[[], Any]:
        author = make_person(session)
        made = note.capture_note(session, caller=author, text="متن", language=FA, draft=True)
        same: dict[str, Any] = {"caller": author, "note_id": made.id}
        if verb is note.withdraw_answer:
            probe: dict[str, Any] = {"element": Element.CUE, "probe": "از کجا؟", "text": None}
            note.answer_probe(session, expected_version=1, **same, **probe)
        return lambda: verb(session, expected_version=made.version, **same, **given)

    return prepare


def reassigning(session: Session) -> Callable[[], Any]:
    leaving, staying = make_person(session), make_person(session)
    make_article(session, owner_id=leaving.id)
    owners: dict[str, Any] = {"from_owner_id": leaving.id, "to_owner_id": staying.id}
    return lambda: upkeep.reassign_articles(session, caller=OPERATOR, **owners)


def ticking(session: Session) -> Callable[[], Any]:
    made = make_article(session)
    about: dict[str, Any] = {"article_id": made.id, "revision_number": 1, "item": ContentItem.CLEAR}
    return lambda: checklist.tick_item(session, caller=OPERATOR, is_met=True, **about)


def applying(session: Session) -> Callable[[], Any]:
    given: dict[str, Any] = {"kept": timedelta(hours=1), "filename": "a.csv", "data": b"1"}
    made = transfer.request_import(session, caller=OPERATOR, **given)
    planned = TransferState.PLANNED
    transfer.finish_transfer(session, transfer_id=made.id, state=planned, report={"counts": {}})
    return lambda: transfer.request_applying(session, caller=OPERATOR, transfer_id=made.id)


def importing(verb: Verb, image: Any) -> Callable[[Session], Callable[[], Any]]:
    given: dict[str, Any] = {"caller": OPERATOR, "image": image, "roster": Roster()}
    if verb is bring.import_article:
        given["bytes_of"] = lambda _attachment: b""
    return lambda session: lambda: verb(session, **given)


ARTICLES: dict[Verb, Callable[[Session], Callable[[], Any]]] = {
    article.create_article: of_new(
        article.create_article, language=FA, title="عنوان", resolution="متن", audience=INTERNAL
    ),
    article.revise_article: of_article(article.revise_article, title="نو"),
    article.revert_article: reverting,
    article.change_article: of_article(article.change_article, tags=["نو"]),
    article.release_article: of_article(article.release_article),
    article.verify_article: of_article(article.verify_article),
    article.archive_article: of_article(article.archive_article),
    article.restore_article: of_article(article.restore_article),
    article.request_review: reviewing(article.request_review),
    article.approve_review: reviewing(article.approve_review),
    article.withdraw_review: reviewing(article.withdraw_review),
    article.request_changes: reviewing(article.request_changes, comment="کوتاه‌تر"),
    article.schedule_article: reviewing(
        article.schedule_article, release_at=utc_now() + timedelta(days=1), requested=False
    ),
    article.merge_article: merging,
    article.attach_file: attaching,
    article.detach_file: detaching,
    template.create_template: of_new(template.create_template, name="الگو", language=FA),
    template.change_template: of_template(template.change_template, title="نو"),
    template.delete_template: of_template(template.delete_template),
    release_check.request_check: reviewing(release_check.request_check, requested=False),
    article.move_when_due: moving_when_due,
    article.leave_unkept: leaving_unkept,
    upkeep.reassign_articles: reassigning,
    checklist.tick_item: ticking,
    note.capture_note: of_new(note.capture_note, text="متن", language=FA),
    note.edit_note: of_draft(note.edit_note, text="نو"),
    note.tell_note: of_draft(note.tell_note),
    note.discard_note: of_draft(note.discard_note),
    note.answer_probe: of_draft(note.answer_probe, element=Element.CUE, probe="از کجا؟", text="از صدا"),
    note.withdraw_answer: of_draft(note.withdraw_answer, number=1),
    note.promote_note: promoting,
    note.accept_note: of_note(note.accept_note),
    note.reject_note: of_note(note.reject_note),
    bring.import_article: importing(
        bring.import_article, ArticleImage(RevisionImage("عنوان", resolution="متن"))
    ),
    bring.import_note: importing(bring.import_note, NoteImage("متن")),
    transfer.request_export: of_new(transfer.request_export, kept=timedelta(hours=1)),
    transfer.request_import: of_new(
        transfer.request_import, kept=timedelta(hours=1), filename="a.csv", data=b"1"
    ),
    transfer.request_applying: applying,
    templates.import_template: of_new(templates.import_template, image=TemplateImage("نو")),
}
