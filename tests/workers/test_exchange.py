"""The whole knowledge base out and in again: the same bytes, the same record, and nothing half-done."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.exchange.foreign import Defaults
from ingest.exchange.formats import SingleFile, read_import
from ingest.exchange.layout import read_files, read_people
from ingest.exchange.package import Archive
from kb.article import (
    Article,
    archive_article,
    change_article,
    get_article,
    merge_article,
    release_article,
    revise_article,
    schedule_article,
)
from kb.article.attaching import attach_file
from kb.article.attachment import AttachmentBlob
from kb.article.template import ArticleTemplate
from kb.audit import verify_audit
from kb.clock import new_id, utc_now
from kb.database import Database
from kb.errors import EmptyText, Forbidden, KbError, StaleEdit
from kb.exchange.plan import Plan, PlanStatus
from kb.exchange.read import ExportScope, article_images, export_scope, exported_article_ids
from kb.note import accept_note, answer_probe, capture_note, reject_note, tell_note
from kb.outbox import Job
from kb.team import create_team
from kb.visibility import EVERYTHING, OPERATOR, Caller
from kb.vocabulary import (
    ArticleState,
    Audience,
    ConflictPolicy,
    Element,
    ExportFormat,
    Governance,
    ImportFormat,
    JobName,
    Language,
    NoteState,
    OriginKind,
    Role,
    Scope,
)
from tests.factories import make_article, make_key, make_note, make_person
from workers.exporting import export_articles, export_files
from workers.importing import NOBODY, Applied, apply_plan, attachments_of, plan_import

Files = dict[str, bytes]
_SIGNS = "\u200c\u200e\u202e\u2066\ufeff\x85\u2028\t \n-#:'\"|>{}&*!%@`😀می\r"
awkward = st.text(st.one_of(st.sampled_from(_SIGNS), st.characters(exclude_categories=["Cs"])), max_size=60)


@contextmanager
def fresh_record(template: Path, folder: Path) -> Iterator[Database]:
    path = folder / f"{new_id()}.sqlite3"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()
    path.unlink()


@pytest.fixture
def other(_migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """Another installation, empty."""
    with fresh_record(_migrated_file, tmp_path) as database:
        yield database


def exported(database: Database, scope: ExportScope | None = None) -> Files:
    with database.reading() as session:
        return dict(export_files(session, scope or ExportScope()))


def package_of(files: Mapping[str, bytes]) -> Archive:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    packed.seek(0)
    return Archive("x.zip", packed, unpacked_limit_bytes=10**9)


def planned(database: Database, files: Mapping[str, bytes], **options: Any) -> Plan:
    return plan_import(database, **({"caller": OPERATOR} | options), files=read_files(package_of(files)))


def imported(
    database: Database,
    files: Mapping[str, bytes],
    *,
    policy: ConflictPolicy = ConflictPolicy.FAIL,
    **options: Any,
) -> list[Applied]:
    package = package_of(files)
    common = {"caller": OPERATOR, "coming": read_people(package)} | options
    return apply_plan(
        database,
        plan_import(database, files=read_files(package), **common),
        bytes_of=attachments_of(package, limit_bytes=10**7),
        policy=policy,
        text_limit=1_000_000,
        **common,
    )


def outcomes(applied: list[Applied]) -> dict[str, str]:
    return {one.item.filename: one.outcome for one in applied}


def statuses(plan: Plan) -> list[str]:
    return [item.status.value for item in plan.items]


def of(article: Article) -> dict[str, Any]:
    return {"caller": OPERATOR, "article_id": article.id, "expected_version": article.version}


def everything(session: Session) -> dict[str, Article]:
    """A record with one of every kind of thing and state that an export knows."""
    owner = make_person(session, login="negar", role=Role.PUBLISHER)
    author = make_person(session, login="reza")
    team = create_team(session, caller=OPERATOR, name="پرداخت")
    plain = make_article(session, released=True, tags=["ارسال"], issue=["کِی می‌رسه؟", "no"], caller=owner)
    edited = make_article(
        session,
        title="بازپرداخت",
        audience=Audience.PUBLIC,
        governance=Governance.COMPLIANCE,
        owner_team_id=team.id,
        environment="---\nفقط تهران\n  تورفته",
        cause="\tچون",
        segments=["طلایی"],
        products=["کیف پول"],
        verify_every_days=None,
        cites=[{"kind": OriginKind.NOTE, "id": "n1"}],
    )
    release_article(session, **of(edited))
    revise_article(session, **of(edited), resolution="نوتر\n\n---\n", comment="مهلت")
    schedule_article(session, **of(edited), release_at=utc_now() + timedelta(days=2))
    english = make_article(session, language=Language.ENGLISH, title="Returns", translates_id=plain.id)
    draft = make_article(session, title="1e3", resolution="")
    merged = make_article(session, title="تکراری", released=True)
    merge_article(session, **of(merged), into_id=plain.id)
    gone = make_article(session, title="کهنه", released=True)
    archive_article(session, **of(gone))
    _attach(session, plain, owner)
    _notes(session, author, plain)
    session.add(
        ArticleTemplate(
            id=new_id(),
            name="چگونه",
            language=Language.PERSIAN,
            title="",
            environment="",
            resolution="۱. \n۲. ",
            cause="",
            tags=["راهنما"],
            version=3,
            created_at=utc_now(),
            updated_at=utc_now(),
        )
    )
    return {"plain": plain, "edited": edited, "english": english, "draft": draft, "merged": merged}


def _attach(session: Session, article: Article, author: Caller) -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
    attach_file(session, caller=author, article_id=article.id, filename="عکس صفحه.PNG", data=data)


def _notes(session: Session, author: Caller, article: Article) -> None:
    note = capture_note(
        session, caller=author, text="مودم را خاموش کردم", language=Language.PERSIAN, draft=True
    )
    given: dict[str, Any] = {"caller": author, "note_id": note.id}
    probes: list[tuple[Element, str | None]] = [(Element.CUE, "چراغ\n---\nقرمز"), (Element.REASON, None)]
    for element, text in probes:
        answer_probe(
            session, **given, expected_version=note.version, element=element, probe="از کجا؟", text=text
        )
    tell_note(session, **given, expected_version=note.version)
    accept_note(session, caller=OPERATOR, note_id=note.id)
    note.article_id = article.id
    reject_note(session, caller=OPERATOR, note_id=make_note(session, text="نه").id)
    capture_note(session, caller=author, text="پیش‌نویس محرمانه", language=Language.PERSIAN, draft=True)


def test_out_in_and_out_again_is_the_same_to_the_byte(any_database: Database, other: Database) -> None:
    with any_database.transaction() as session:
        everything(session)
    files = exported(any_database)
    assert exported(any_database) == files
    applied = imported(other, files)
    assert {one.outcome for one in applied} == {"created"}
    assert exported(other) == files
    for database in (any_database, other):
        with database.reading() as session:
            ids = exported_article_ids(session, ExportScope())
            images = list(article_images(session, ids))
            assert len(images) == 6
            if database is any_database:
                kept = images
            assert images == kept
            assert verify_audit(session).problems == ()
    assert not any("پیش‌نویس محرمانه".encode() in data for data in files.values())


@settings(max_examples=25)
@given(
    texts=st.lists(st.tuples(awkward, awkward, awkward, awkward, st.lists(awkward, max_size=3)), max_size=3),
    told=awkward,
)
def test_awkward_texts_come_back_as_they_were(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[Any],
    told: str,
) -> None:
    folder = tmp_path_factory.mktemp("records")
    template = request.getfixturevalue("_migrated_file")
    with fresh_record(template, folder) as here, fresh_record(template, folder) as there:
        with here.transaction() as session:
            for title, resolution, environment, cause, lines in texts:
                try:
                    made = make_article(
                        session,
                        title=title,
                        resolution=resolution,
                        environment=environment,
                        cause=cause,
                        issue=[line for line in lines if line.split()],
                    )
                    release_article(session, **of(made))
                    revise_article(session, **of(made), resolution=environment, title=title + "۲")
                except KbError as refused:
                    assert refused.code in {"empty_text", "incomplete_article"}  # noqa: PT017
            if told.split():
                make_note(session, text=told)
        files = exported(here)
        assert {one.outcome for one in imported(there, files)} <= {"created"}
        assert exported(there) == files
        with here.reading() as one, there.reading() as two:
            ids = exported_article_ids(one, ExportScope())
            assert list(article_images(one, ids)) == list(article_images(two, ids))


def test_a_change_of_one_article_changes_one_file(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    before = exported(database)
    with database.transaction() as session:
        change_article(session, **of(made["plain"]), add_issue=["یه پرسش دیگه"])
    after = exported(database)
    assert [name for name in after if after[name] != before.get(name)] == [f"articles/{made['plain'].id}.md"]
    assert before.keys() == after.keys()


def test_what_comes_in_is_indexed_and_scheduled(database: Database, other: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
    imported(other, exported(database))
    with other.reading() as session:
        jobs = {(job.name, job.subject_id) for job in session.scalars(select(Job))}
    assert (JobName.INDEX_ARTICLE, made["plain"].id) in jobs
    assert (JobName.MOVE_ARTICLE, made["edited"].id) in jobs
    assert (JobName.INDEX_ARTICLE, made["merged"].id) not in jobs
    assert (JobName.INDEX_ARTICLE, made["draft"].id) not in jobs


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


def edit(files: Files, article: Article, *pairs: tuple[str, str]) -> Files:
    name = f"articles/{article.id}.md"
    text = files[name].decode()
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return files | {name: text.encode()}


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


def test_only_managers_import_and_export(database: Database, caller: Callable[[Role], Caller]) -> None:
    for who in (caller(Role.PUBLISHER), make_key(Scope.WRITE, Scope.RELEASE, ceiling=Audience.INTERNAL)):
        with pytest.raises(Forbidden):
            export_scope(who)
        with pytest.raises(Forbidden):
            planned(database, {}, caller=who)
    assert not export_scope(caller(Role.MANAGER)).is_outside


def test_an_export_for_outside_shows_what_readers_there_see_and_nothing_else(database: Database) -> None:
    secret = "رازنگفتنی"
    with database.transaction() as session:
        made = everything(session)
        public = make_article(session, audience=Audience.PUBLIC, title="همگانی", released=True)
        revise_article(session, **of(public), resolution=secret, comment=secret)
        make_article(session, audience=Audience.PUBLIC, title=secret)
        make_article(session, audience=Audience.PUBLIC, title=secret, released=True, segments=["طلایی"])
        make_note(session, text=secret, accepted=True)
        make_note(session, text=secret, audience=Audience.PUBLIC)
    files = exported(database, export_scope(OPERATOR, audience=Audience.PUBLIC))
    whole = b"".join(files.values()).decode()
    assert sorted(files) == [f"articles/{public.id}.md", "manifest.json"]
    for hidden in (secret, "negar", "operator", "compliance", made["plain"].id):
        assert hidden not in whole
    golden = exported(database, export_scope(OPERATOR, audience=Audience.PUBLIC, segments=["طلایی"]))
    assert len(golden) == 4
    key = make_key(Scope.ADMIN, ceiling=Audience.PUBLIC)
    assert exported(database, export_scope(key)) == files
    assert exported(database, export_scope(key, audience=Audience.INTERNAL)) == files


def test_what_an_export_leaves_out_stays_when_it_comes_back(database: Database) -> None:
    with database.transaction() as session:
        made = everything(session)
        public = make_article(
            session, audience=Audience.PUBLIC, language=Language.ENGLISH, translates_id=made["plain"].id
        )
        release_article(session, **of(public))
    for scope in (
        export_scope(OPERATOR, audience=Audience.PUBLIC),
        export_scope(OPERATOR, states=[ArticleState.WORK_IN_PROGRESS]),
    ):
        files = exported(database, scope)
        assert len(files) > 1
        assert set(statuses(planned(database, files))) == {"unchanged"}


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


def test_an_export_for_another_program_holds_what_its_audience_sees(database: Database) -> None:
    with database.transaction() as session:
        everything(session)
        public = make_article(session, audience=Audience.PUBLIC, title="همگانی", released=True)
        revise_article(session, **of(public), resolution="رازنگفتنی")
    scope = export_scope(OPERATOR, audience=Audience.PUBLIC)
    with database.reading() as session:
        for kind in (ExportFormat.ZENDESK, ExportFormat.ZENDESK_CSV, ExportFormat.ZAMMAD):
            data = export_articles(session, scope, kind).decode()
            assert "همگانی" in data
            for hidden in ("رازنگفتنی", "بازپرداخت", "negar", "کهنه"):
                assert hidden not in data


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
