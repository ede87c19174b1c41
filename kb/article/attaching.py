"""Attaching files to articles, reading them, taking them away."""

import hashlib

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from kb.article.attachment import ATTACHMENT_LIMIT, Attachment, AttachmentBlob
from kb.article.editing import load_for_change, move, record
from kb.article.media import clean_filename, sniffed_type
from kb.article.merge import merged_into
from kb.article.model import Article
from kb.article.read import get_article
from kb.clock import new_id, utc_now
from kb.database import insert_new, serialise
from kb.errors import InvalidInput, NotFound
from kb.lifecycle import ArticleVerb
from kb.rights import require_serving
from kb.text import storable
from kb.visibility import Caller, Visibility
from kb.vocabulary import ArticleState


def attach_file(
    session: Session, *, caller: Caller, article_id: str, filename: str, data: bytes
) -> Attachment:
    """Put a file beside an article; whoever sees the article sees it, at once.

    The same bytes under the same name are there once. Its type is told from the bytes. The article's version
    stays: whoever writes on it meanwhile is not in the way.

    Raises:
        NotFound, NotSignedIn, ImpossibleMove.
        Forbidden: also where the public would see it at once, and the caller may not release.
        InvalidInput: it is empty, or the article has 100 already.
    """
    article = load_for_change(session, caller, article_id, None, blindly=True)
    move(ArticleVerb.CHANGE, article, caller)
    if _is_served(article):
        require_serving(caller, article.audience)
    if not data:
        raise InvalidInput(field="file", reason="it is empty")
    name, sha256 = clean_filename(storable(filename)), hashlib.sha256(data).hexdigest()
    # One at a time: bytes that are being removed elsewhere must not count as there.
    serialise(session, "attachments")
    same = select(Attachment).where(
        Attachment.article_id == article_id, Attachment.sha256 == sha256, Attachment.filename == name
    )
    present = session.scalar(same)
    if present is not None:
        present.merged_from_id = None  # attached for itself, it stays if the merge that brought it is undone
        return present
    count = select(func.count()).select_from(Attachment).where(Attachment.article_id == article_id)
    if (session.scalar(count) or 0) >= ATTACHMENT_LIMIT:
        raise InvalidInput(field="file", reason=f"the article has {ATTACHMENT_LIMIT} attachments already")
    insert_new(session, AttachmentBlob, [{"sha256": sha256, "data": data}])
    attachment = Attachment(
        id=new_id(),
        article_id=article_id,
        filename=name,
        media_type=sniffed_type(data),
        sha256=sha256,
        size_bytes=len(data),
        created_by=caller.person_id,
        created_at=utc_now(),
    )
    session.add(attachment)
    session.flush()
    particulars = {"attachment_id": attachment.id, "sha256": sha256, "size_bytes": len(data)}
    record(session, caller, "attach_file", article, particulars)
    return attachment


def detach_file(session: Session, *, caller: Caller, article_id: str, attachment_id: str) -> None:
    """Take a file away; its bytes go where nothing else has them.

    Raises:
        NotFound: the article or the file. NotSignedIn, Forbidden, ImpossibleMove.
    """
    article = load_for_change(session, caller, article_id, None, blindly=True)
    move(ArticleVerb.CHANGE, article, caller)
    serialise(session, "attachments")
    attachment = _of_article(session, article_id, attachment_id)
    session.delete(attachment)
    session.flush()
    in_use = exists().where(Attachment.sha256 == AttachmentBlob.sha256)
    session.execute(
        delete(AttachmentBlob)
        .where(AttachmentBlob.sha256 == attachment.sha256, ~in_use)
        .execution_options(synchronize_session=False)
    )
    particulars = {"attachment_id": attachment_id, "sha256": attachment.sha256}
    record(session, caller, "detach_file", article, particulars)


def list_attachments(
    session: Session, *, caller_visibility: Visibility, caller: Caller, article_id: str
) -> list[Attachment]:
    """An article's files, oldest first; at most 100.

    Raises:
        NotFound: the article is absent, or not visible to this caller.
    """
    get_article(session, caller_visibility=caller_visibility, caller=caller, article_id=article_id)
    statement = select(Attachment).where(Attachment.article_id == article_id).order_by(Attachment.id)
    return list(session.scalars(statement))


def get_attachment(
    session: Session,
    *,
    caller_visibility: Visibility,
    caller: Caller,
    article_id: str,
    attachment_id: str,
) -> Attachment:
    """One file of an article.

    Who asks for a file of a merged article gets that of the one it is merged into: links in what was written
    before go on.

    Raises:
        NotFound: the article or the file is absent, or not visible to this caller.
    """
    into_id = merged_into(session, article_id=article_id, caller_visibility=caller_visibility)
    if into_id is not None:
        file = _of_article(session, article_id, attachment_id)
        same = Attachment.article_id == into_id, Attachment.sha256 == file.sha256
        carried = session.scalar(select(Attachment).where(*same).order_by(Attachment.id).limit(1))
        if carried is not None:
            return carried
    get_article(session, caller_visibility=caller_visibility, caller=caller, article_id=article_id)
    return _of_article(session, article_id, attachment_id)


def attachment_bytes(session: Session, *, sha256: str) -> bytes:
    """The bytes as received.

    Raises:
        NotFound: nothing has them (any more).
    """
    data = session.scalar(select(AttachmentBlob.data).where(AttachmentBlob.sha256 == sha256))
    if data is None:
        raise NotFound(what="blob", id=sha256)
    return data


def _of_article(session: Session, article_id: str, attachment_id: str) -> Attachment:
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.article_id != article_id:
        raise NotFound(what="attachment", id=attachment_id)
    return attachment


def _is_served(article: Article) -> bool:
    return article.released_revision_id is not None and article.state is not ArticleState.ARCHIVED
