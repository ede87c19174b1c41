"""Templates: what a new article begins with; built in, or of the installation's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.article.builtin_templates import BUILTIN_TEMPLATES, BuiltinTemplate
from kb.audit import record_audit
from kb.clock import new_id, utc_now
from kb.database import Base, serialise
from kb.errors import AlreadyExists, Conflict, InvalidInput, NotFound, StaleEdit, VersionMissing
from kb.rights import require
from kb.text import TEXT_LIMIT_CHARS, TITLE_LIMIT_CHARS, clean_line, clean_tags, clean_text
from kb.visibility import Caller, CallerKind
from kb.vocabulary import Language, Role, Scope

NAME_LIMIT_CHARS = 100
#: of the installation's own
TEMPLATE_LIMIT = 200


class ArticleTemplate(Base):
    __tablename__ = "article_template"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    language: Mapped[Language] = mapped_column()
    title: Mapped[str] = mapped_column(Text)
    environment: Mapped[str] = mapped_column(Text)
    resolution: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column()
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()


@dataclass(frozen=True, slots=True)
class Template:
    """A template as people choose it; `version` is None where it is built in and cannot be changed."""

    id: str
    name: str
    language: Language
    title: str
    environment: str
    resolution: str
    cause: str
    tags: tuple[str, ...]
    version: int | None


def list_templates(session: Session, *, language: Language | None = None) -> list[Template]:
    """The installation's own by name, then those that are built in; whoever writes may know them."""
    own = session.scalars(select(ArticleTemplate).order_by(ArticleTemplate.name)).all()
    every = [_of_row(row) for row in own] + [_of_builtin(one) for one in BUILTIN_TEMPLATES]
    return [one for one in every if language in (None, one.language)]


def get_template(session: Session, *, template_id: str) -> Template:
    """One template.

    Raises:
        NotFound: there is none.
    """
    for one in BUILTIN_TEMPLATES:
        if one.id == template_id:
            return _of_builtin(one)
    row = session.get(ArticleTemplate, template_id)
    if row is None:
        raise NotFound(what="template", id=template_id)
    return _of_row(row)


def create_template(
    session: Session,
    *,
    caller: Caller,
    name: str,
    language: Language,
    title: str = "",
    environment: str = "",
    resolution: str = "",
    cause: str = "",
    tags: Sequence[str] = (),
) -> Template:
    """Keep a template of the installation's own.

    Raises:
        NotSignedIn, Forbidden, EmptyText, TextTooLong.
        AlreadyExists: the name is taken. InvalidInput: more than 200 templates.
    """
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    name = _free_name(session, name)
    if len(session.scalars(select(ArticleTemplate.id).limit(TEMPLATE_LIMIT)).all()) == TEMPLATE_LIMIT:
        raise InvalidInput(field="name", reason=f"there are {TEMPLATE_LIMIT} templates already")
    words = {"title": title, "environment": environment, "resolution": resolution, "cause": cause}
    now = utc_now()
    row = ArticleTemplate(
        id=new_id(),
        name=name,
        language=language,
        **_clean_words(words),
        tags=clean_tags(tags),
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, caller, "create_template", row)
    return _of_row(row)


def change_template(
    session: Session,
    *,
    caller: Caller,
    template_id: str,
    expected_version: int | None,
    name: str | None = None,
    language: Language | None = None,
    tags: Sequence[str] | None = None,
    **words: str | None,
) -> Template:
    """Change one of the installation's own; what is not given stays.

    Args:
        words: title, environment, resolution, cause.
    Raises:
        NotFound, NotSignedIn, Forbidden, EmptyText, TextTooLong, StaleEdit, VersionMissing.
        AlreadyExists: the name is taken. Conflict: it is built in.
    """
    row = _locked(session, caller, template_id, expected_version)
    given: dict[str, Any] = _clean_words({key: text for key, text in words.items() if text is not None})
    if name is not None and clean_line("name", name, NAME_LIMIT_CHARS) != row.name:
        given["name"] = _free_name(session, name)
    if language is not None:
        given["language"] = language
    if tags is not None:
        given["tags"] = clean_tags(tags)
    changed = {field: value for field, value in given.items() if getattr(row, field) != value}
    if not changed:
        return _of_row(row)
    for field, value in changed.items():
        setattr(row, field, value)
    row.version += 1
    row.updated_at = utc_now()
    session.flush()
    _record(session, caller, "change_template", row)
    return _of_row(row)


def delete_template(
    session: Session, *, caller: Caller, template_id: str, expected_version: int | None
) -> None:
    """Remove one of the installation's own; articles that began with it stay as they are.

    Raises:
        NotFound, NotSignedIn, Forbidden, StaleEdit, VersionMissing. Conflict: it is built in.
    """
    row = _locked(session, caller, template_id, expected_version)
    session.delete(row)
    session.flush()
    _record(session, caller, "delete_template", row)


def _locked(
    session: Session, caller: Caller, template_id: str, expected_version: int | None
) -> ArticleTemplate:
    require(caller, role=Role.MANAGER, scope=Scope.ADMIN)
    if any(one.id == template_id for one in BUILTIN_TEMPLATES):
        raise Conflict(reason="the template is built in; make one of your own from it")
    row = session.get(ArticleTemplate, template_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(what="template", id=template_id)
    if expected_version is None:
        if caller.kind is not CallerKind.OPERATOR:
            raise VersionMissing
    elif expected_version != row.version:
        raise StaleEdit(expected=str(expected_version), current=str(row.version))
    return row


def _free_name(session: Session, name: str) -> str:
    name = clean_line("name", name, NAME_LIMIT_CHARS)
    serialise(session, "templates")
    taken = session.scalar(select(ArticleTemplate.id).where(ArticleTemplate.name == name))
    if taken is not None or any(one.name == name for one in BUILTIN_TEMPLATES):
        raise AlreadyExists(what="template", name=name)
    return name


def _clean_words(words: dict[str, str]) -> dict[str, str]:
    return {
        field: clean_line(field, text, TITLE_LIMIT_CHARS, required=False)
        if field == "title"
        else clean_text(field, text, TEXT_LIMIT_CHARS, required=False)
        for field, text in words.items()
    }


def _of_row(row: ArticleTemplate) -> Template:
    return Template(
        id=row.id,
        name=row.name,
        language=row.language,
        title=row.title,
        environment=row.environment,
        resolution=row.resolution,
        cause=row.cause,
        tags=tuple(row.tags),
        version=row.version,
    )


def _of_builtin(one: BuiltinTemplate) -> Template:
    return Template(
        id=one.id,
        name=one.name,
        language=one.language,
        title=one.title,
        environment=one.environment,
        resolution=one.resolution,
        cause=one.cause,
        tags=one.tags,
        version=None,
    )


def _record(session: Session, caller: Caller, verb: str, row: ArticleTemplate) -> None:
    record_audit(
        session,
        caller=caller,
        verb=verb,
        object_kind="template",
        object_id=row.id,
        data={"name": row.name, "version": row.version},
    )
