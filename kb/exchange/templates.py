"""Bringing in templates that are not here yet."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.template import ArticleTemplate
from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import serialise
from kb.errors import AlreadyExists
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
    record_audit(
        session,
        caller=caller,
        verb="import_template",
        object_kind="template",
        object_id=template.id,
        data={"name": template.name, "version": template.version},
    )
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
