"""A record with one of everything, written out and read in again, for tests of exports and imports."""

import io
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ingest.exchange.layout import read_files, read_people
from ingest.exchange.package import Archive
from kb.article import (
    Article,
    archive_article,
    merge_article,
    release_article,
    revise_article,
    schedule_article,
)
from kb.article.attaching import attach_file
from kb.article.template import ArticleTemplate
from kb.clock import new_id, utc_now
from kb.database import Database
from kb.exchange.plan import Plan
from kb.exchange.read import ExportScope
from kb.note import accept_note, answer_probe, capture_note, reject_note, tell_note
from kb.team import create_team
from kb.visibility import OPERATOR, Caller
from kb.vocabulary import (
    Audience,
    ConflictPolicy,
    Element,
    Governance,
    Language,
    OriginKind,
    Role,
)
from tests.factories import make_article, make_note, make_person
from workers.exporting import export_files
from workers.importing import Applied, apply_plan, attachments_of, plan_import

Files = dict[str, bytes]


@contextmanager
def fresh_record(template: Path, folder: Path) -> Iterator[Database]:
    path = folder / f"{new_id()}.sqlite3"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()
    path.unlink()


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


def edit(files: Files, article: Article, *pairs: tuple[str, str]) -> Files:
    name = f"articles/{article.id}.md"
    text = files[name].decode()
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return files | {name: text.encode()}
