"""Doing what a plan says, one file at a time: through the verbs, with their rights and their audit rows."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from kb.article.template import change_template
from kb.errors import InvalidInput
from kb.exchange.alter import ArticleAlteration, alter_note
from kb.exchange.bring import BytesOf, import_article, import_note
from kb.exchange.image import ArticleImage, Image, NoteImage, TemplateImage
from kb.exchange.plan import IMPORT_COMMENT, PlanItem, PlanStatus
from kb.exchange.roster import Roster
from kb.exchange.templates import import_template
from kb.text import TEXT_LIMIT_CHARS
from kb.visibility import Caller
from kb.vocabulary import ConflictPolicy


@dataclass(frozen=True, slots=True)
class Import:
    """Who imports, and how: the same for every file of one import."""

    caller: Caller
    roster: Roster
    bytes_of: BytesOf
    policy: ConflictPolicy = ConflictPolicy.FAIL
    text_limit: int = TEXT_LIMIT_CHARS


def apply_item(session: Session, item: PlanItem, importing: Import) -> str | None:
    """Do what the plan says of one file; in a transaction of the caller's, or in a part of one.

    Returns:
        The id of what was made or changed; None where nothing was to do.
    Raises:
        KbError: whatever the verbs raise; StaleEdit where it was edited since the plan was made.
    """
    image = item.image
    if item.status is PlanStatus.SKIPPED:
        return None
    if image is None or item.status is PlanStatus.FAILED:
        raise item.error or InvalidInput(field=item.filename, reason=item.reason)
    match item.status, importing.policy:
        case (PlanStatus.UNCHANGED, _) | (PlanStatus.CONFLICT, ConflictPolicy.OURS):
            return None
        case PlanStatus.NEW, _:
            return _bring(session, image, importing)
        case PlanStatus.CONFLICT, ConflictPolicy.NEW:
            return _bring(session, _apart(image), importing)
        case PlanStatus.CONFLICT, ConflictPolicy.FAIL:
            raise InvalidInput(field=item.filename, reason=item.reason)
        case _:
            return _alter(session, item, image, importing)


def _bring(session: Session, image: Image, importing: Import) -> str:
    given: dict[str, Any] = {"caller": importing.caller, "text_limit": importing.text_limit}
    match image:
        case ArticleImage():
            given |= {"roster": importing.roster, "bytes_of": importing.bytes_of}
            return import_article(session, image=_signed(image), **given).id
        case NoteImage():
            return import_note(session, image=image, roster=importing.roster, **given).id
        case TemplateImage():
            return import_template(session, image=image, **given).id


def _alter(session: Session, item: PlanItem, image: Image, importing: Import) -> str:
    match image:
        case ArticleImage():
            return ArticleAlteration(
                session,
                importing.caller,
                item,
                image,
                importing.roster,
                importing.bytes_of,
                importing.text_limit,
            ).apply()
        case NoteImage():
            return alter_note(session, importing.caller, item, image, importing.text_limit)
        case TemplateImage():
            assert item.current_id is not None
            values = {change.field: change.after for change in item.changes}
            return change_template(
                session,
                caller=importing.caller,
                template_id=item.current_id,
                expected_version=item.current_version,
                **values,
            ).id


def _apart(image: Any) -> Any:
    """The image of something of its own: nothing ties it to what is here."""
    fresh: dict[str, Any] = {"id": None, "version": None, "given": image.given - {"id", "version"}}
    if isinstance(image, ArticleImage):
        fresh |= {"external_id": None, "attachments": ()}
    if isinstance(image, TemplateImage):
        fresh["name"] = f"{image.name} (2)"
    return replace(image, **fresh)


def _signed(image: ArticleImage) -> ArticleImage:
    """What comes from elsewhere says so in its revision, until somebody writes another."""
    if image.version is not None or image.words.comment:
        return image
    return replace(image, words=replace(image.words, comment=IMPORT_COMMENT))
