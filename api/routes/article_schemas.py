"""What the article routes take and answer."""

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.fields import Body, IdValue, Products, ShortText, Shown, Tags, Text, Title, WrittenText
from kb.article import Article, ArticleRevision
from kb.vocabulary import ArticleState, Audience, Governance, Language

_EXAMPLE_ID = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"


class NewArticle(Body):
    """A new article; it begins as work in progress and is found once it is released."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "language": "fa",
                    "title": "مهلت مرجوعی کالا",
                    "resolution": "کالا را تا **۷ روز** پس از تحویل می‌توانید برگردانید.",
                    "audience": "public",
                    "issue": ["تا کی میشه پس داد؟"],
                    "tags": ["مرجوعی"],
                },
                {
                    "language": "en",
                    "title": "How long you have to return an item",
                    "resolution": "You can return an item within **7 days** of delivery.",
                    "audience": "public",
                    "issue": ["how many days to send it back"],
                    "tags": ["returns"],
                },
            ]
        }
    )

    language: Language
    title: Title
    resolution: WrittenText = Field(description="Markdown")
    audience: Audience
    issue: list[ShortText] = Field(
        default=[], max_length=200, description="The requester's own words / پرسش به زبان پرسنده"
    )
    environment: Text = Field(default="", description="Where and when it applies")
    cause: Text = Field(default="", description="Markdown")
    governance: Governance = Governance.EXPERIENCE
    tags: Tags = Field(default=[])
    products: Products = Field(default=[], description="Short names of what it is about / نام کوتاه محصول‌ها")
    translation_group: IdValue | None = Field(
        default=None, description="Articles that are translations of one another share it"
    )
    owner_id: IdValue | None = None
    cites: list[dict[str, Any]] = Field(default=[], max_length=100)
    comment: ShortText = ""


class _Change(Body):
    """At least one field must be there."""

    @model_validator(mode="after")
    def _names_something(self) -> "_Change":
        if not self.model_fields_set - {"comment"}:
            raise PydanticCustomError("no_change", "names nothing to change")
        return self


class NewRevision(_Change):
    """New words for an article; what is left out stays as it is. Readers see it after a release."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "resolution": "کالا را تا **۱۰ روز** پس از تحویل می‌توانید برگردانید.",
                    "comment": "مهلت تازه",
                },
                {"title": "Return window", "comment": "shorter title"},
            ]
        }
    )

    title: Title | None = None
    resolution: WrittenText | None = None
    environment: Text | None = None
    cause: Text | None = None
    comment: ShortText = ""


class ArticleChange(_Change):
    """New metadata; it holds at once, released or not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"audience": "internal"}, {"tags": ["returns"], "add_issue": ["refund?"]}]
        }
    )

    audience: Audience | None = None
    tags: Tags | None = None
    products: Products | None = None
    owner_id: IdValue | None = None
    add_issue: list[ShortText] = Field(default=[], max_length=200)
    state: ArticleState | None = None
    translation_group: IdValue | None = None


class Override(Body):
    """Why a revision is released though questions lose their answer; a publisher's to say."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"override": "این پرسش‌ها را مقالهٔ تازه پاسخ می‌دهد."},
                {"override": "The product is no longer sold."},
            ]
        }
    )

    override: ShortText = Field(min_length=1)


class RevisionShown(Shown):
    """One immutable version of an article's words."""

    id: str
    number: int
    title: str
    resolution: str
    environment: str
    cause: str
    comment: str
    author_id: str | None
    cites: list[dict[str, Any]]
    created_at: datetime


class ArticleShown(Shown):
    """An article with one of its revisions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": _EXAMPLE_ID, "version": 3, "language": "fa", "state": "validated"}]
        }
    )

    id: str
    version: int = Field(description="Grows with every change; the ETag is this in quotes")
    url: str
    language: Language
    audience: Audience
    state: ArticleState
    governance: Governance
    tags: list[str]
    products: list[str]
    issue: list[str]
    owner_id: str | None
    translation_group: str | None
    is_released: bool = Field(description="Whether readers are served some revision")
    has_working_revision: bool = Field(description="Whether there is a newer revision than the released one")
    revision: RevisionShown
    created_at: datetime
    updated_at: datetime
    released_at: datetime | None
    verified_at: datetime | None = Field(description="When somebody last said that it still holds")


class History(Shown):
    items: list[RevisionShown]


class DiffLineShown(Shown):
    kind: str = Field(description="same, added or removed")
    field: str
    text: str


class Diff(Shown):
    """What changed from one revision to another, field by field."""

    old_number: int
    new_number: int
    lines: list[DiffLineShown]


def shown_revision(revision: ArticleRevision, *, on_desk: bool) -> RevisionShown:
    """Readers get the words; who wrote them, why, and from what is the desk's."""
    return RevisionShown(
        id=revision.id,
        number=revision.number,
        title=revision.title,
        resolution=revision.resolution,
        environment=revision.environment,
        cause=revision.cause,
        comment=revision.comment if on_desk else "",
        author_id=revision.author_id if on_desk else None,
        cites=revision.cites if on_desk else [],
        created_at=revision.created_at,
    )


def shown_article(article: Article, revision: ArticleRevision, *, url: str, on_desk: bool) -> ArticleShown:
    """`on_desk`: whether the reader works on articles, and so sees more than what is served."""
    return ArticleShown(
        id=article.id,
        version=article.version,
        url=url,
        language=article.language,
        audience=article.audience,
        state=article.state,
        governance=article.governance,
        tags=article.tags,
        products=article.products,
        issue=article.issue,
        owner_id=article.owner_id if on_desk else None,
        translation_group=article.translation_group,
        is_released=article.released_revision_id is not None,
        has_working_revision=on_desk and article.working_revision_id is not None,
        revision=shown_revision(revision, on_desk=on_desk),
        created_at=article.created_at,
        updated_at=article.updated_at,
        released_at=article.released_at,
        verified_at=article.verified_at,
    )
