"""Bringing in templates, and letting those that are here say what their files say."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.template import ArticleTemplate
from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import serialise
from kb.errors import AlreadyExists, NotFound, StaleEdit
from kb.exchange.image import TemplateImage
from kb.rights import require
from kb.text import TEXT_LIMIT_CHARS, TITLE_LIMIT_CHARS, clean_line, clean_tags, clean_text
from kb.visibility import Caller
from kb.vocabulary import Role, Scope


def import_template(
    session: Session, *, caller: Caller, image: TemplateImage, text_limit: int = TEXT_LIMIT_CHARS
) -> ArticleTemplate:
    """Bring in a template that is not here yet.

    Raises:
        NotSignedIn, Forbidden: it is for managers, and keys that administer.
        AlreadyExists: its id or its name is taken. EmptyText, TextTooLong, InvalidInput: names the field.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    serialise(session, "templates")
    if image.id is not None and session.get(ArticleTemplate, image.id) is not None:
        raise AlreadyExists(what="template", name=image.id)
    now = utc_now()
    template = ArticleTemplate(
        id=image.id or new_id(),
        language=image.language,
        version=max(image.version or 1, 1),
        created_at=image.created_at or now,
        updated_at=image.updated_at or now,
        **_clean(image, text_limit),
    )
    _require_free_name(session, template.name, apart_from=template.id)
    session.add(template)
    session.flush()
    _record(session, caller, "import_template", template)
    return template


def rewrite_template(
    session: Session,
    *,
    caller: Caller,
    template_id: str,
    expected_version: int | None,
    image: TemplateImage,
    text_limit: int = TEXT_LIMIT_CHARS,
) -> ArticleTemplate:
    """Let a template say what its file says; what the file does not state stays.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, EmptyText, TextTooLong, InvalidInput.
        AlreadyExists: another has the name.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    serialise(session, "templates")
    template = session.get(ArticleTemplate, template_id, populate_existing=True)
    if template is None:
        raise NotFound(what="template", id=template_id)
    if expected_version not in (None, template.version):
        raise StaleEdit(expected=str(expected_version), current=str(template.version))
    values = _clean(image, text_limit) | {"language": image.language}
    _require_free_name(session, values["name"], apart_from=template_id)
    for name, value in values.items():
        if name in image.given:
            setattr(template, name, value)
    template.version += 1
    template.updated_at = utc_now()
    session.flush()
    _record(session, caller, "rewrite_template", template)
    return template


def _clean(image: TemplateImage, text_limit: int) -> dict[str, Any]:
    texts = {
        name: clean_text(name, getattr(image, name), text_limit, required=False)
        for name in ("environment", "resolution", "cause")
    }
    title = clean_line("title", image.title, TITLE_LIMIT_CHARS, required=False)
    name = clean_line("name", image.name, TITLE_LIMIT_CHARS)
    return texts | {"name": name, "title": title, "tags": clean_tags(image.tags)}


def _require_free_name(session: Session, name: str, *, apart_from: str) -> None:
    taken = select(ArticleTemplate.id).where(ArticleTemplate.name == name, ArticleTemplate.id != apart_from)
    if session.scalar(taken) is not None:
        raise AlreadyExists(what="template", name=name)


def _record(session: Session, caller: Caller, verb: str, template: ArticleTemplate) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="template",
        object_id=template.id,
        data={"name": template.name, "version": template.version},
    )
