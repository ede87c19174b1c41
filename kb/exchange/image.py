"""What an export says of each thing: plain values, the same wherever they were read.

People stand under their logins and teams under their names, which mean the same in another installation.
`given` names the fields that a file states; the others hold defaults when something new is made, and stay as
they are when something is changed.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from kb.vocabulary import ArticleState, Audience, Element, Governance, Language, NoteState

#: what a note, conversation or source was to a revision: kind and id
Cite = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RevisionImage:
    title: str
    environment: str = ""
    resolution: str = ""
    cause: str = ""
    number: int = 1
    comment: str = ""
    author: str | None = None
    cites: tuple[Cite, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttachmentImage:
    """`path` is the file's name within the export, `sha256` that of its bytes."""

    id: str
    filename: str
    media_type: str
    sha256: str
    size_bytes: int
    path: str
    author: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArticleImage:
    """An article with the revision that is served, or its only one, and the working one beside it."""

    words: RevisionImage
    id: str | None = None
    version: int | None = None
    external_id: str | None = None
    language: Language = Language.PERSIAN
    audience: Audience = Audience.INTERNAL
    state: ArticleState = ArticleState.WORK_IN_PROGRESS
    governance: Governance = Governance.EXPERIENCE
    owner: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    translation_group: str | None = None
    translates: str | None = None
    translates_number: int | None = None
    merged_into: str | None = None
    #: whether `words` is what is served
    released: bool = False
    released_at: datetime | None = None
    verify_every_days: int | None = None
    verified_at: datetime | None = None
    verify_due_at: datetime | None = None
    release_at: datetime | None = None
    archive_at: datetime | None = None
    scheduled_by: str | None = None
    use_count: int = 0
    last_used_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    attachments: tuple[AttachmentImage, ...] = ()
    working: RevisionImage | None = None
    given: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return (self.working or self.words).title

    @property
    def references(self) -> tuple[str, ...]:
        """The articles that have to be there before this one."""
        return tuple(id for id in (self.translates, self.merged_into) if id is not None)


@dataclass(frozen=True, slots=True)
class AnswerImage:
    element: Element
    probe: str
    #: None: skipped
    text: str | None
    number: int
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteImage:
    text: str
    id: str | None = None
    version: int | None = None
    language: Language = Language.PERSIAN
    audience: Audience = Audience.INTERNAL
    state: NoteState = NoteState.CAPTURED
    author: str | None = None
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    #: the article it was promoted to
    article: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    answers: tuple[AnswerImage, ...] = ()
    given: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return self.text.split("\n", 1)[0]

    @property
    def references(self) -> tuple[str, ...]:
        return () if self.article is None else (self.article,)


@dataclass(frozen=True, slots=True)
class TemplateImage:
    name: str
    title: str = ""
    environment: str = ""
    resolution: str = ""
    cause: str = ""
    id: str | None = None
    version: int | None = None
    language: Language = Language.PERSIAN
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    given: frozenset[str] = frozenset()

    @property
    def references(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class PersonImage:
    """Somebody whom what is exported names; nothing that they sign in with."""

    login: str
    name: str
    language: Language
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleImage:
    """The people and the teams that the files of an export name."""

    people: tuple[PersonImage, ...] = ()
    teams: tuple[str, ...] = ()


Image = ArticleImage | NoteImage | TemplateImage


def field_names(image: type[Image]) -> frozenset[str]:
    """Everything that an image of this kind can state."""
    return frozenset(field.name for field in fields(image)) - {"given"}


def files_extension(filename: str) -> str:
    """The ending of a file's name where it is a plain one, with its dot; else nothing."""
    ending = filename.rpartition(".")[2]
    plain = ending.isascii() and ending.isalnum() and len(ending) <= 10 and "." in filename
    return f".{ending.lower()}" if plain else ""
