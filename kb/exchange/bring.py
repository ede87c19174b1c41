"""Bringing in what is not here yet, as it was: with its id, its version, its times and who wrote it."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.attachment import ATTACHMENT_LIMIT, Attachment, AttachmentBlob
from kb.article.change import checked_days
from kb.article.diff import WORD_FIELDS
from kb.article.editing import record, set_due
from kb.article.media import clean_filename, sniffed_type
from kb.article.model import Article, ArticleRevision
from kb.article.verification import DEFAULT_DAYS
from kb.article.words import clean_cites, clean_group, clean_words, joined_issue
from kb.canonical import sha256_of
from kb.clock import new_id, utc_now
from kb.database import insert_new, serialise
from kb.errors import AlreadyExists, IncompleteArticle, InvalidInput
from kb.exchange.image import (
    ArticleImage,
    AttachmentImage,
    NoteImage,
    RevisionImage,
)
from kb.exchange.roster import Roster
from kb.note.editing import record as record_note
from kb.note.model import Note, NoteAnswer
from kb.outbox import enqueue
from kb.rights import require, require_placing, require_serving
from kb.text import (
    LINE_LIMIT_CHARS,
    TEXT_LIMIT_CHARS,
    clean_line,
    clean_products,
    clean_segments,
    clean_tags,
    clean_text,
    storable,
)
from kb.visibility import Caller
from kb.vocabulary import ArticleState, JobName, NoteState, Role, Scope

#: as ids are here, and addresses allow them
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
#: reads the bytes of an attachment that an import brings
BytesOf = Callable[[AttachmentImage], bytes]


def import_article(
    session: Session,
    *,
    caller: Caller,
    image: ArticleImage,
    roster: Roster,
    bytes_of: BytesOf,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Article:
    """Bring in an article that is not here yet, in the state and with the history that its image states.

    What it refers to has to be here before it. Whatever searchers are to find of it is indexed.

    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow: it is for managers, and keys that administer.
        AlreadyExists: its id or its external id is taken.
        IncompleteArticle: released without a resolution.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    require_bringing(caller, image)
    is_served = image.released and image.state is not ArticleState.ARCHIVED
    now = utc_now()
    article = _article(session, caller, image, roster, now)
    revisions = [image.words] if image.working is None else [image.words, image.working]
    rows = [_revision(article, caller, one, roster, image, text_limit, now) for one in revisions]
    if image.released and not rows[0].resolution.strip():
        raise IncompleteArticle(id=article.id)
    if image.working is not None and not image.working.number > image.words.number:
        raise InvalidInput(field="working", reason="its revision must be newer than what is released")
    article.released_revision_id = rows[0].id if image.released else None
    article.working_revision_id = None if image.released and len(rows) == 1 else rows[-1].id
    _check_times(image, has_working=article.working_revision_id is not None)
    article.scheduled_revision_id = article.working_revision_id if image.release_at else None
    session.add(article)
    session.flush()
    session.add_all(rows)
    if len(image.attachments) > ATTACHMENT_LIMIT:
        raise InvalidInput(field="attachments", reason=f"more than {ATTACHMENT_LIMIT} of them")
    for one in image.attachments:
        _attach(session, caller, article.id, one, roster, bytes_of(one), now)
    session.flush()
    if is_served:
        enqueue(session, name=JobName.INDEX_ARTICLE, subject_id=article.id)
    times = [at for at in (image.release_at, image.archive_at) if at is not None]
    if times:
        enqueue(session, name=JobName.MOVE_ARTICLE, subject_id=article.id, due_at=min(times))
    hashes = [row.content_hash for row in rows]
    record(session, caller, "import_article", article, {"content_hashes": hashes, "released": image.released})
    return article


def require_bringing(caller: Caller, image: ArticleImage | NoteImage) -> None:
    """Refuse who may not bring this in; asked when it is planned, too.

    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    require_placing(caller, image.audience, segments=image.segments, products=image.products)
    if isinstance(image, ArticleImage):
        is_served = image.released and image.state is not ArticleState.ARCHIVED
    else:
        is_served = image.state is NoteState.ACCEPTED
    if is_served:
        require_serving(caller, image.audience)


def import_note(
    session: Session,
    *,
    caller: Caller,
    image: NoteImage,
    roster: Roster,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> Note:
    """Bring in a note that is not here yet, with what its author was asked and answered.

    Raises:
        NotSignedIn, Forbidden, AudienceTooNarrow: it is for managers, and keys that administer.
        AlreadyExists: its id is taken.
        InvalidInput, EmptyText, TextTooLong: names the field.
    """
    require_bringing(caller, image)
    if image.state is NoteState.DRAFT:
        raise InvalidInput(field="state", reason="a draft is its author's alone")
    if image.article is not None and session.get(Article, image.article) is None:
        raise InvalidInput(field="article", reason=f"there is no article {image.article}")
    now = utc_now()
    note = Note(
        id=_free_id(session, Note, image.id, "note"),
        text=clean_text("text", image.text, text_limit),
        language=image.language,
        audience=image.audience,
        state=image.state,
        tags=clean_tags(image.tags),
        products=clean_products(image.products),
        segments=clean_segments(image.segments),
        author_id=roster.author_id(image.author) if "author" in image.given else caller.person_id,
        article_id=image.article,
        version=_positive("version", image.version),
        created_at=image.created_at or now,
        updated_at=image.updated_at or now,
    )
    session.add(note)
    session.flush()
    _add_answers(session, note, image, text_limit, now)
    if note.state is NoteState.ACCEPTED:
        enqueue(session, name=JobName.INDEX_NOTE, subject_id=note.id)
    record_note(session, caller, "import_note", note, {"answers": len(image.answers)})
    return note


def _attach(
    session: Session,
    caller: Caller,
    article_id: str,
    image: AttachmentImage,
    roster: Roster,
    data: bytes,
    now: datetime,
) -> None:
    """Keep a file of an article; part of importing it.

    Raises:
        AlreadyExists: its id is taken. InvalidInput: the bytes are not the ones that the image names.
    """
    serialise(session, "attachments")
    sha256 = hashlib.sha256(data).hexdigest()
    if not _ID.fullmatch(image.id):
        raise InvalidInput(field="attachments", reason=f"{image.id[:100]} is no id")
    if image.sha256 != sha256:
        raise InvalidInput(
            field=image.path, reason="its content is not what the article's file says (sha256)"
        )
    if session.get(Attachment, image.id) is not None:
        raise AlreadyExists(what="attachment", name=image.id)
    insert_new(session, AttachmentBlob, [{"sha256": sha256, "data": data}])
    session.add(
        Attachment(
            id=image.id,
            article_id=article_id,
            filename=clean_filename(storable(image.filename)),
            # Told from the bytes, whatever the file says: browsers act on it.
            media_type=sniffed_type(data),
            sha256=sha256,
            size_bytes=len(data),
            created_by=roster.author_id(image.author) or caller.person_id,
            created_at=image.created_at or now,
        )
    )
    session.flush()


def _article(session: Session, caller: Caller, image: ArticleImage, roster: Roster, now: datetime) -> Article:
    is_new = image.version is None  # written by hand, or from elsewhere: nothing is known of its past
    verified = now if is_new and image.state is ArticleState.VALIDATED else image.verified_at
    days = image.verify_every_days if "verify_every_days" in image.given else DEFAULT_DAYS
    owner_id = roster.owner_id(image.owner) if "owner" in image.given else caller.person_id
    article = Article(
        id=_free_id(session, Article, image.id, "article"),
        language=image.language,
        audience=image.audience,
        state=image.state,
        governance=image.governance,
        owner_id=owner_id,
        owner_team_id=roster.team_id(image.team),
        translation_group=clean_group(image.translation_group),
        tags=clean_tags(image.tags),
        products=clean_products(image.products),
        segments=clean_segments(image.segments),
        issue=joined_issue([], image.issue),
        released_revision_id=None,
        working_revision_id=None,
        version=_positive("version", image.version),
        created_at=image.created_at or now,
        updated_at=image.updated_at or now,
        released_at=image.released_at or (now if image.released else None),
        verified_at=verified,
        verify_every_days=checked_days(days),
        verify_due_at=image.verify_due_at,
        last_used_at=image.last_used_at,
        use_count=max(image.use_count, 0),
        release_at=image.release_at,
        archive_at=image.archive_at,
        scheduled_by=roster.author_id(image.scheduled_by),
        merged_into_id=_merged_into(session, image),
        external_id=_external_id(session, image),
        **_translation(session, image),
    )
    if is_new and image.released:
        set_due(article, since=now)
    return article


def _revision(
    article: Article,
    caller: Caller,
    image: RevisionImage,
    roster: Roster,
    whole: ArticleImage,
    text_limit: int,
    now: datetime,
) -> ArticleRevision:
    words = clean_words({field: getattr(image, field) for field in WORD_FIELDS}, text_limit)
    is_new = whole.version is None
    cites = [{"kind": kind, "id": origin_id} for kind, origin_id in image.cites]
    return ArticleRevision(
        id=new_id(),
        article_id=article.id,
        number=_positive("revision", image.number),
        **words,
        comment=clean_text("comment", image.comment, LINE_LIMIT_CHARS, required=False),
        content_hash=sha256_of([words[field] for field in WORD_FIELDS]),
        cites=clean_cites(cites),
        author_id=caller.person_id if is_new and image.author is None else roster.author_id(image.author),
        created_at=image.created_at or now,
    )


def _check_times(image: ArticleImage, *, has_working: bool) -> None:
    if image.release_at is not None and not has_working:
        raise InvalidInput(field="release_at", reason="there is no working revision to release then")
    if image.release_at and image.archive_at and image.archive_at <= image.release_at:
        raise InvalidInput(field="archive_at", reason="it must come after release_at")
    if image.state is ArticleState.ARCHIVED and (image.release_at or image.archive_at):
        raise InvalidInput(field="release_at", reason="an archived article is not scheduled")


def _merged_into(session: Session, image: ArticleImage) -> str | None:
    if image.merged_into is None:
        return None
    if image.state is not ArticleState.ARCHIVED:
        raise InvalidInput(field="merged_into", reason="only an archived article leads to another")
    if image.merged_into == image.id or session.get(Article, image.merged_into) is None:
        raise InvalidInput(field="merged_into", reason=f"there is no article {image.merged_into} to lead to")
    return image.merged_into


def _translation(session: Session, image: ArticleImage) -> dict[str, Any]:
    """What is translated; the revision that it follows may be one that was left behind."""
    if image.translates is None:
        return {"translates_id": None, "translates_number": None}
    original = session.get(Article, image.translates)
    if original is None or original.language is image.language:
        raise InvalidInput(
            field="translates", reason=f"there is no article {image.translates} in another language"
        )
    number = _positive("translates_number", image.translates_number)
    return {"translates_id": image.translates, "translates_number": number}


def _add_answers(session: Session, note: Note, image: NoteImage, text_limit: int, now: datetime) -> None:
    numbers = [answer.number for answer in image.answers]
    if len(set(numbers)) < len(numbers):
        raise InvalidInput(field="answers", reason="two have the same number")
    for answer in image.answers:
        session.add(
            NoteAnswer(
                id=new_id(),
                note_id=note.id,
                number=_positive("number", answer.number),
                element=answer.element,
                probe=clean_line("probe", answer.probe, LINE_LIMIT_CHARS),
                text=None if answer.text is None else clean_text("text", answer.text, text_limit),
                answered_at=answer.answered_at or now,
            )
        )
    session.flush()


def _free_id(session: Session, model: type[Any], id: str | None, what: str) -> str:
    if id is None:
        return new_id()
    if not _ID.fullmatch(id):
        raise InvalidInput(field="id", reason="it has signs that no id has")
    if session.scalar(select(model.id).where(model.id == id)) is not None:
        raise AlreadyExists(what=what, name=id)
    return id


def _external_id(session: Session, image: ArticleImage) -> str | None:
    if image.external_id is None:
        return None
    external_id = clean_line("external_id", image.external_id, 255)
    if session.scalar(select(Article.id).where(Article.external_id == external_id)) is not None:
        raise AlreadyExists(what="article", name=external_id)
    return external_id


def _positive(field: str, number: int | None) -> int:
    if number is None:
        return 1
    if not 1 <= number < 2**31:
        raise InvalidInput(field=field, reason="it must be a number from 1 on")
    return number
