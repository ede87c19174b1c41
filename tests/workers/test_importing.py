"""Imports: a plan first, then edits through the verbs, what cannot be done said file by file."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import select

from ingest.exchange.foreign import Defaults
from ingest.exchange.formats import SingleFile, read_import
from kb.article import (
    Article,
    archive_article,
    change_article,
    get_article,
    release_article,
    revise_article,
    schedule_article,
)
from kb.article.attachment import AttachmentBlob
from kb.audit import verify_audit
from kb.clock import utc_now
from kb.database import Database
from kb.errors import EmptyText, StaleEdit
from kb.exchange.plan import PlanStatus
from kb.exchange.read import ExportScope, article_images, exported_article_ids
from kb.visibility import EVERYTHING, OPERATOR
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    ImportFormat,
    NoteState,
)
from tests.exchanging import (
    edit,
    everything,
    exported,
    imported,
    of,
    outcomes,
    package_of,
    planned,
    statuses,
)
from tests.factories import make_article, make_note, make_person
from workers.importing import NOBODY, apply_plan, attachments_of, plan_import


def test_importing_what_is_here_does_nothing_and_writes_nothing(database: Database) -> None:
    with database.transaction() as session:
        everything(session)
    files = exported(database)
    assert set(statuses(planned(database, files))) == {"unchanged"}
    with database.reading() as session:
        count = verify_audit(session).count
    assert {one.outcome for one in imported(database, files)} == {"unchanged"}
    with database.reading() as session:
        assert verify_audit(session).count == count


def test_an_interrupted_import_goes_on_where_it_stopped(database: Database, other: Database) -> None:
    with database.transaction() as session:
        everything(session)
    files = exported(database)
    part = {name: data for name, data in files.items() if "notes/" not in name}
    imported(other, part)
    again = imported(other, files)
    assert {one.outcome for one in again} == {"created", "unchanged"}
    assert exported(other) == files


def test_edits_of_a_file_go_through_the_verbs(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
        other_owner = make_person(session, login="sara")
    files = edit(
        exported(database),
        made["plain"],
        ("title: بازگرداندن کالا", "title: پس دادن کالا"),
        ("state: validated", "state: not_validated"),
        ("owner: negar", "owner: sara"),
        ("audience: internal", "audience: partner"),
        ("  - ارسال", "  - ارسال\n  - no"),
        ("  - کِی می‌رسه؟", "  - کِی می‌رسه؟\n  - کجاست؟"),
        ("برای بازگرداندن", "برای پس دادن"),
    )
    (item,) = [one for one in planned(database, files).items if one.status is PlanStatus.CHANGED]
    assert sorted(change.field for change in item.changes) == [
        "audience", "issue", "owner", "resolution", "state", "tags", "title",
    ]  # fmt: skip
    (applied,) = [one for one in imported(database, files) if one.outcome != "unchanged"]
    assert applied.error is None
    with database.reading() as session:
        view = get_article(
            session, caller_visibility=EVERYTHING, caller=OPERATOR, article_id=made["plain"].id
        )
        assert (view.revision.title, view.is_released) == ("پس دادن کالا", True)
        article = view.article
        assert (article.state, article.audience) == (ArticleState.NOT_VALIDATED, Audience.PARTNER)
        assert (article.owner_id, article.tags) == (other_owner.id, ["ارسال", "no"])
        assert set(article.issue) >= {"کِی می‌رسه؟", "کجاست؟", "no"}
    assert statuses(planned(database, exported(database))).count("changed") == 0


def test_an_edit_of_a_working_revision_stays_unreleased(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    files = edit(exported(database), made["edited"], ("نوتر", "نوترین"))
    assert "changed" in outcomes(imported(database, files)).values()
    with database.reading() as session:
        (image,) = article_images(session, [made["edited"].id])
    assert image.working is not None
    assert image.working.resolution == "نوترین\n\n---"
    assert image.words.resolution.startswith("برای بازگرداندن")
    assert image.release_at is not None


def test_both_revisions_of_a_file_can_be_edited_at_once(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
        schedule_article(session, **of(made["edited"]), release_at=None)
    files = edit(exported(database), made["edited"], ("نوتر", "نوترین"), ("برای بازگرداندن", "برای پس دادن"))
    imported(database, files)
    with database.reading() as session:
        (image,) = article_images(session, [made["edited"].id])
    assert image.words.resolution.startswith("برای پس دادن")
    assert image.working is not None
    assert image.working.resolution == "نوترین\n\n---"


def test_archiving_merging_and_bringing_back_are_edits_of_state(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    files = exported(database)
    files = edit(
        files,
        made["merged"],
        ("state: archived", "state: not_validated"),
        ("merged_into: " + made["plain"].id, "merged_into: null"),
    )
    files = edit(files, made["draft"], ("state: work_in_progress", "state: archived"))
    assert sorted(set(outcomes(imported(database, files)).values())) == ["changed", "unchanged"]
    with database.reading() as session:
        states = {name: session.get_one(Article, made[name].id).state for name in ("merged", "draft")}
    assert states == {"merged": ArticleState.NOT_VALIDATED, "draft": ArticleState.ARCHIVED}


@pytest.mark.parametrize(
    ("policy", "outcome", "title"),
    [
        (ConflictPolicy.OURS, "skipped", "اینجا"),
        (ConflictPolicy.THEIRS, "changed", "آنجا"),
        (ConflictPolicy.NEW, "created", "اینجا"),
        (ConflictPolicy.FAIL, "failed", "اینجا"),
    ],
)
def test_where_both_were_edited_the_policy_decides(
    database: Database, policy: ConflictPolicy, outcome: str, title: str
) -> None:
    with database.transaction() as session:
        article = make_article(session, released=True)
    files = edit(exported(database), article, ("title: بازگرداندن کالا", "title: آنجا"))
    with database.transaction() as session:
        revised = revise_article(session, **of(article), title="اینجا")
        release_article(session, **of(revised))
    plan = planned(database, files)
    assert statuses(plan) == ["conflict"]
    assert plan.items[0].reason == "exported as version 2, here it is 4"
    assert plan.blocks(ConflictPolicy.FAIL)
    assert not plan.blocks(policy) or policy is ConflictPolicy.FAIL
    (applied,) = imported(database, files, policy=policy)
    assert applied.outcome == outcome
    with database.reading() as session:
        (image,) = article_images(session, [article.id])
        assert image.title == title
        assert len(exported_article_ids(session, ExportScope())) == (2 if outcome == "created" else 1)


def test_what_is_edited_after_the_plan_was_made_is_not_overwritten(database: Database) -> None:
    with database.transaction() as session:
        article, second = make_article(session, released=True), make_article(session, title="دوم")
    files = edit(exported(database), article, ("title: بازگرداندن کالا", "title: آنجا"))
    files = edit(files, second, ("title: دوم", "title: سوم"))
    plan = planned(database, files)
    with database.transaction() as session:
        change_article(session, **of(article), tags=["دیرتر"])
    applied = apply_plan(
        database,
        plan,
        caller=OPERATOR,
        bytes_of=attachments_of(package_of(files), limit_bytes=10),
        policy=ConflictPolicy.THEIRS,
        text_limit=1000,
    )
    assert [one.outcome for one in applied] == ["failed", "changed"]
    assert isinstance(applied[0].error, StaleEdit)
    with database.reading() as session:
        assert [image.title for image in article_images(session, [article.id, second.id])] == [
            "بازگرداندن کالا",
            "سوم",
        ]


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("language: fa", "language: en"), "language of an article that is here stays fa"),
        (("governance: experience", "governance: compliance"), "governance"),
        (("released: true", "released: false"), "archived, not taken back"),
        (("  - کِی می‌رسه؟\n", ""), "lines of issue are only ever added"),
        (("media_type: image/png", "media_type: image/png\n    size: 3"), "size is no field"),
        (("sha256: ", "sha256: 0"), "attachments that are here cannot be changed"),
        (("translates: null", "translates: nowhere"), "There is no article nowhere here"),
        (("owner: negar", "owner: nobody"), "These are not here: nobody"),
        (("team: null", "team: هیچ‌کس"), "These are not here: هیچ‌کس"),
        (("title: بازگرداندن کالا", "title: ''"), "title is empty"),
        (("state: validated", "state: done"), "line 7: state must be one of"),
        (("title: بازگرداندن کالا", "title: " + "دراز" * 100), "title has 400 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_said_before_anything_is_done(
    database: Database, pair: tuple[str, str], said: str
) -> None:
    with database.transaction() as session:
        made = everything(session)
    plan = planned(database, edit(exported(database), made["plain"], pair))
    (item,) = [one for one in plan.items if one.status is not PlanStatus.UNCHANGED]
    assert item.status is PlanStatus.FAILED
    assert said in (item.error.message() if item.error else item.reason)
    assert plan.blocks(ConflictPolicy.THEIRS)


def test_unknown_owners_have_somebody_stand_in_and_authors_have_nobody(
    database: Database, other: Database
) -> None:
    with database.transaction() as session:
        made = everything(session)
    with other.transaction() as session:
        make_person(session, login="sara")
    files = exported(database)
    assert set(statuses(planned(other, files))) == {"new", "failed"}
    imported(other, files, stand_in="sara", coming=NOBODY)
    with other.reading() as session:
        (image,) = article_images(session, [made["plain"].id])
    assert (image.owner, image.words.author, image.team) == ("sara", None, None)
    assert set(statuses(planned(other, files, stand_in="sara"))) == {"unchanged"}


def test_one_bad_file_of_a_batch_is_undone_alone(database: Database, other: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    files = exported(database)
    name = next(one for one in files if one.startswith("attachments/"))
    applied = imported(other, files | {name: b"something else"})
    failed = [one for one in applied if one.outcome == "failed"]
    # What refers to the failed one cannot come in either.
    assert {one.item.image.id for one in failed if one.item.image is not None} >= {made["plain"].id}
    assert "sha256" in str(failed[0].error)
    with other.reading() as session:
        assert made["plain"].id not in exported_article_ids(session, ExportScope())
        assert made["edited"].id in exported_article_ids(session, ExportScope())
        assert session.scalars(select(AttachmentBlob)).all() == []
        assert verify_audit(session).problems == ()


def test_a_file_written_by_hand_is_one_article_however_often_it_is_imported(database: Database) -> None:
    text = "---\nlanguage: fa\ntitle: دست‌نویس\nstate: validated\n---\nمتن\n"
    assert outcomes(imported(database, {"articles/new.md": text.encode()})) == {"articles/new.md": "created"}
    assert statuses(planned(database, {"articles/new.md": text.encode()})) == ["unchanged"]
    changed = {"articles/new.md": text.replace("متن", "متن نو").encode()}
    assert outcomes(imported(database, changed)) == {"articles/new.md": "changed"}
    with database.transaction() as session:
        (article_id,) = exported_article_ids(session, ExportScope())
        (image,) = article_images(session, [article_id])
        assert (image.released, image.state, image.words.resolution) == (
            True,
            ArticleState.VALIDATED,
            "متن نو",
        )
        revise_article(
            session, caller=OPERATOR, article_id=article_id, expected_version=None, title="ویرایش ما"
        )
    assert statuses(planned(database, {"articles/new.md": text.encode()})) == ["conflict"]


def test_notes_and_templates_are_changed_as_their_verbs_allow(database: Database) -> None:
    with database.transaction() as session:
        everything(session)
        waiting = make_note(session, text="منتظر")
    files = exported(database)
    name = f"notes/{waiting.id}.md"
    files[name] = files[name].replace("منتظر".encode(), "منتظر تأیید".encode())
    files[name] = files[name].replace(b"state: captured", b"state: accepted")
    template = next(one for one in files if one.startswith("templates/"))
    files[template] = files[template].replace("چگونه".encode(), "چه‌گونه".encode())
    answered = next(one for one in files if b"number: 2" in files[one])
    files[answered] = files[answered].replace("از کجا؟".encode(), "چرا؟".encode())
    said = {item.filename: item for item in planned(database, files).items}
    assert said[answered].status is PlanStatus.FAILED
    assert "interview" in said[answered].reason
    applied = outcomes(imported(database, files))
    assert (applied[name], applied[template], applied[answered]) == ("changed", "changed", "failed")
    after = exported(database)
    assert b"version: 4" in after[template]
    assert NoteState.ACCEPTED.value.encode() in after[name]


def test_an_empty_title_is_the_errors_own_field(database: Database) -> None:
    files = {"articles/a.md": b"---\nlanguage: fa\ntitle: ' '\n---\nx\n"}
    (applied,) = imported(database, files)
    assert isinstance(applied.error, EmptyText)
    assert applied.error.data["field"] == "title"


def of_zendesk(database: Database, title: str, body: str, **options: Any) -> list[str]:
    """Import a help centre of one article; gives the outcome, or what stands against it."""
    whole = {"articles": [{"id": 7, "title": title, "locale": "fa", "body": body, "label_names": ["یک"]}]}
    package = SingleFile("guide.json", json.dumps(whole).encode())
    files = list(read_import(package, ImportFormat.AUTO, Defaults(), now=utc_now()))
    plan = plan_import(database, caller=OPERATOR, files=files)
    if plan.blocks(options.get("policy", ConflictPolicy.FAIL)):
        return [item.reason for item in plan.items]
    given: dict[str, Any] = {"policy": ConflictPolicy.FAIL, "text_limit": 1000, "caller": OPERATOR} | options
    applied = apply_plan(database, plan, bytes_of=attachments_of(package, limit_bytes=1), **given)
    return [one.outcome for one in applied]


def test_an_article_of_another_program_is_followed_until_somebody_writes_here(database: Database) -> None:
    assert of_zendesk(database, "یک", "<p>متن</p>") == ["created"]
    assert of_zendesk(database, "یک", "<p>متن</p>") == ["unchanged"]
    with database.transaction() as session:
        (article,) = session.scalars(select(Article))
        change_article(session, **of(article), tags=["ما"], audience=Audience.INTERNAL)
    # What people here said about it stays as they said it.
    assert of_zendesk(database, "یک", "<p>متن</p>") == ["unchanged"]
    assert of_zendesk(database, "یک", "<p>متن <b>نو</b></p>") == ["changed"]
    with database.transaction() as session:
        (image,) = article_images(session, [article.id])
        assert (image.words.resolution, image.released, image.working) == ("متن **نو**", True, None)
        assert (image.tags, image.audience) == (("ما",), Audience.INTERNAL)
        revise_article(session, caller=OPERATOR, article_id=article.id, expected_version=None, cause="ما")
    assert of_zendesk(database, "دو", "<p>متن</p>") == ["its words were edited here since they were imported"]
    assert of_zendesk(database, "دو", "<p>متن</p>", policy=ConflictPolicy.THEIRS) == ["changed"]
    with database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=article.id, expected_version=None)
    assert of_zendesk(database, "سه", "<p>متن</p>") == ["it was archived here"]
    assert of_zendesk(database, "سه", "<p>متن</p>", policy=ConflictPolicy.THEIRS) == ["changed"]
    with database.reading() as session:
        (image,) = article_images(session, [article.id])
    assert (image.title, image.state) == ("سه", ArticleState.VALIDATED)


def test_a_file_that_a_folder_adds_is_attached_once(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session)
    data = b"%PDF-1.4 nothing"
    listed = (
        "attachments:\n  - id: new\n    filename: a.pdf\n    path: attachments/a.pdf\n"
        f"    media_type: text/html\n    sha256: {hashlib.sha256(data).hexdigest()}\n"
    )
    files = edit(exported(database), article, ("attachments: []\n", listed)) | {"attachments/a.pdf": data}
    assert "changed" in outcomes(imported(database, files)).values()
    assert set(statuses(planned(database, files))) == {"unchanged"}
    with database.reading() as session:
        (image,) = article_images(session, [article.id])
    assert [(one.filename, one.media_type) for one in image.attachments] == [("a.pdf", "application/pdf")]
