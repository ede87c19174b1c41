"""What the article routes take and answer."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.fields import (
    Body,
    IdValue,
    Products,
    Segments,
    ShortText,
    Shown,
    Tags,
    Text,
    Title,
    WrittenText,
)
from kb.article import Article, ArticleRevision, ArticleView, DiffLine
from kb.article.unkept import why_unkept
from kb.article.verification import DEFAULT_DAYS, MOST_DAYS, Standing, verification
from kb.clock import utc_now
from kb.errors import MessageLanguage
from kb.vocabulary import ArticleState, Audience, Governance, Language

_EXAMPLE_ID = "0199f2c4-7c1e-7b1a-8f00-3a5d9e6b1c22"
#: null: nobody has to
_Days = Annotated[
    int | None, Field(ge=1, le=MOST_DAYS, description="Days until somebody must verify it again")
]


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
    translates_id: IdValue | None = Field(default=None, description="The article that it translates")
    segments: Segments = Field(default=[], description="Customer segments that it is for; none: all")
    owner_id: IdValue | None = None
    owner_team_id: IdValue | None = None
    verify_every_days: _Days = DEFAULT_DAYS
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


class Reversion(Body):
    """Why earlier words come back; may be left out."""

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
    segments: Segments | None = None
    owner_id: IdValue | None = Field(default=None, description="null: nobody / تهی: هیچ‌کس")
    owner_team_id: IdValue | None = Field(default=None, description="null: no team / تهی: هیچ تیمی")
    verify_every_days: _Days = None
    add_issue: list[ShortText] = Field(
        default=[], max_length=200, description="Requester's words; they are only ever added"
    )
    state: ArticleState | None = None
    governance: Governance | None = Field(
        default=None, description="compliance: only its owners and managers change it; a manager's to say"
    )
    translation_group: IdValue | None = None
    translates_id: IdValue | None = Field(
        default=None, description="The article that it translates; null: none any more"
    )
    translates_number: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Which of its revisions the newest one here follows; the released one unless given",
    )


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


class TranslationShown(Shown):
    """Which article this one translates, and whether it has fallen behind it."""

    original_id: str
    number: int = Field(description="The revision of the original that it follows")
    served_number: int = Field(description="The revision of the original that is served")
    is_behind: bool


class UnkeptShown(Shown):
    """A set time that came without its move being made."""

    at: datetime
    code: str
    message: str = Field(description="Why, in the reader's language / چرا، به زبان خواننده")


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
    owner_team_id: str | None
    segments: list[str] = Field(description="Customer segments that it is for; the desk only")
    translation_group: str | None
    translation: TranslationShown | None = Field(description="Where it translates something that is served")
    is_released: bool = Field(description="Whether readers are served some revision")
    has_working_revision: bool = Field(description="Whether there is a newer revision than the released one")
    revision: RevisionShown
    created_at: datetime
    updated_at: datetime
    released_at: datetime | None
    verified_at: datetime | None = Field(description="When somebody last said that it still holds")
    standing: Standing | None = Field(description="Whether somebody vouches for it; the desk only")
    verify_every_days: int | None
    verify_due_at: datetime | None
    last_used_at: datetime | None
    use_count: int
    release_at: datetime | None = Field(description="When a revision is released by itself")
    scheduled_revision_id: str | None = Field(
        description="The revision that is released then; nothing is where another is the working one by then"
    )
    archive_at: datetime | None = Field(description="When it is archived by itself")
    unkept: UnkeptShown | None = Field(
        description="Until the time is set anew, taken back, or the move made by hand"
    )
    merged_into_id: str | None = Field(description="Where its readers are led")


class History(Shown):
    items: list[RevisionShown]


class DiffWordShown(Shown):
    kind: str = Field(description="same, added or removed")
    text: str


class DiffLineShown(Shown):
    kind: str = Field(description="same, added or removed")
    field: str
    text: str
    direction: str = Field(description="rtl or ltr, by its first letter")
    words: list[DiffWordShown] = Field(
        description="Joined, the line; in a changed line what changed inside it is marked"
    )


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


def shown_article(view: ArticleView, *, url: str, on_desk: bool, language: MessageLanguage) -> ArticleShown:
    """`on_desk`: whether the reader works on articles, and so sees more than what is served."""
    article, standing = view.article, view.translation
    translation = None
    if standing is not None:
        translation = TranslationShown(
            original_id=standing.original_id,
            number=standing.number,
            served_number=standing.served_number,
            is_behind=standing.is_behind,
        )
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
        translation_group=article.translation_group,
        translation=translation,
        is_released=article.released_revision_id is not None,
        has_working_revision=on_desk and article.working_revision_id is not None,
        revision=shown_revision(view.revision, on_desk=on_desk),
        created_at=article.created_at,
        updated_at=article.updated_at,
        released_at=article.released_at,
        verified_at=article.verified_at,
        **_of_the_desk(article, on_desk=on_desk, language=language),
    )


def _of_the_desk(article: Article, *, on_desk: bool, language: MessageLanguage) -> dict[str, Any]:
    """Who is responsible, for whom it is, and what is going to happen to it."""
    standing = verification(
        verified_at=article.verified_at,
        due=article.verify_due_at,
        every_days=article.verify_every_days,
        now=utc_now(),
    ).standing
    shown = {
        "owner_id": article.owner_id,
        "owner_team_id": article.owner_team_id,
        "standing": standing,
        "verify_every_days": article.verify_every_days,
        "verify_due_at": article.verify_due_at,
        "last_used_at": article.last_used_at,
        "release_at": article.release_at,
        "scheduled_revision_id": article.scheduled_revision_id,
        "archive_at": article.archive_at,
        "unkept": _unkept(article, language),
        "merged_into_id": article.merged_into_id,
    }
    if on_desk:
        return {**shown, "segments": article.segments, "use_count": article.use_count}
    return {**dict.fromkeys(shown), "segments": [], "use_count": 0}


def _unkept(article: Article, language: MessageLanguage) -> UnkeptShown | None:
    error = why_unkept(article)
    if article.unkept_at is None or error is None:
        return None
    return UnkeptShown(
        at=article.unkept_at, code=article.unkept_code or error.code, message=error.message(language)
    )


def shown_line(line: DiffLine) -> DiffLineShown:
    return DiffLineShown(
        kind=line.kind,
        field=line.field,
        text=line.text,
        direction=line.direction,
        words=[DiffWordShown(kind=word.kind, text=word.text) for word in line.words],
    )
