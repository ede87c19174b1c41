"""The form of an article: what it sends, what it shows, and the verbs that take it."""

import re
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from api.service import Service
from api.web.desk.forms import Form, Typed, Version, joined, lines_of, names_of
from kb.article import UNCHANGED, Article, ArticleView, change_article, create_article, revise_article
from kb.article.template import Template
from kb.article.verification import DEFAULT_DAYS
from kb.errors import InvalidInput
from kb.text import storable
from kb.visibility import Caller
from kb.vocabulary import Audience, Governance, Language

#: in the order of the form; `article_<name>` is each one's label
WORDS = ("title", "environment", "resolution", "cause")
_ID_AT_END = re.compile(r"([0-9A-Za-z_-]{1,64})(?:/edit)?/?(?:[?#].*)?$")


class ArticleForm(Form):
    """Everything as it was typed; `then` is the button: keep it, or look at it first."""

    language: Language = Language.PERSIAN
    title: Typed = ""
    environment: Typed = ""
    resolution: Typed = ""
    cause: Typed = ""
    comment: Typed = ""
    add_issue: Typed = ""
    audience: Audience = Audience.INTERNAL
    governance: Governance = Governance.EXPERIENCE
    tags: Typed = ""
    products: Typed = ""
    segments: Typed = ""
    owner_id: Typed = ""
    owner_team_id: Typed = ""
    verify_every_days: Typed = ""
    translates: Typed = ""
    #: whether the translation follows the original as it is served now
    caught_up: bool = False
    version: Version = 0
    then: str = "save"

    @classmethod
    def of(cls, view: ArticleView) -> Self:
        """What the form shows of an article."""
        article, revision = view.article, view.revision
        days = article.verify_every_days
        return cls(
            language=article.language,
            **{field: getattr(revision, field) for field in WORDS},
            audience=article.audience,
            governance=article.governance,
            tags=joined(article.tags),
            products=joined(article.products),
            segments=joined(article.segments),
            owner_id=article.owner_id or "",
            owner_team_id=article.owner_team_id or "",
            verify_every_days="" if days is None else str(days),
            translates=article.translates_id or "",
            version=article.version,
        )

    @classmethod
    def from_template(cls, template: Template) -> Self:
        words = {field: getattr(template, field) for field in WORDS}
        days = str(DEFAULT_DAYS)
        return cls(language=template.language, tags=joined(template.tags), verify_every_days=days, **words)

    def words(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in WORDS}

    def metadata(self) -> dict[str, Any]:
        """What belongs to the article as a whole, as the verbs take it.

        Raises:
            InvalidInput: days that are no number.
        """
        return {
            "audience": self.audience,
            "governance": self.governance,
            "tags": names_of(self.tags),
            "products": names_of(self.products),
            "segments": names_of(self.segments),
            "owner_id": self.owner_id or None,
            "owner_team_id": self.owner_team_id or None,
            "verify_every_days": _days(self.verify_every_days),
        }

    @property
    def translates_id(self) -> str | None:
        return id_in(self.translates)


@dataclass(frozen=True, slots=True)
class Current:
    """A field of which the record holds something else by now."""

    name: str
    text: str


def id_in(text: str) -> str | None:
    """The id in what somebody gave, which may be the address of a page; None where nothing was given."""
    text = text.strip()
    found = _ID_AT_END.search(text)
    return found[1] if found else (text[:64] or None)


def begin_article(session: Session, *, caller: Caller, form: ArticleForm, service: Service) -> Article:
    """A new article from the form.

    Raises:
        As `create_article`.
    """
    return create_article(
        session,
        caller=caller,
        language=form.language,
        issue=lines_of(form.add_issue),
        translates_id=form.translates_id,
        comment=form.comment,
        text_limit=service.settings.text_limit_chars,
        **form.words(),
        **form.metadata(),
    )


def save_article(
    session: Session, *, caller: Caller, article_id: str, form: ArticleForm, service: Service
) -> Article:
    """Keep the form: new words as a working revision, the rest at once.

    Raises:
        As `revise_article` and `change_article`.
    """
    metadata = form.metadata()
    article = revise_article(
        session,
        caller=caller,
        article_id=article_id,
        expected_version=form.version,
        comment=form.comment,
        text_limit=service.settings.text_limit_chars,
        **form.words(),
    )
    translates = form.translates_id
    is_new_original = translates != article.translates_id
    return change_article(
        session,
        caller=caller,
        article_id=article_id,
        expected_version=article.version,
        add_issue=lines_of(form.add_issue),
        translates_id=translates if is_new_original or (form.caught_up and translates) else UNCHANGED,
        **metadata,
    )


def current_fields(form: ArticleForm, view: ArticleView) -> list[Current]:
    """What the record holds in fields where the form says something else; in the order of the form."""
    theirs = ArticleForm.of(view)
    names = (*WORDS, "tags", "products", "segments")
    return [
        Current(name, text)
        for name in names
        if (text := getattr(theirs, name)).strip() != getattr(form, name).strip()
    ]


def _days(text: str) -> int | None:
    text = storable(text).strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:  # Persian digits are decimal, too
        raise InvalidInput(field="verify_every_days", reason="1-3650")
    return int(text)
