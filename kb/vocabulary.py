"""The product's words as enums and id types; everything else speaks them."""

from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", str)
RevisionId = NewType("RevisionId", str)
SourceId = NewType("SourceId", str)
NoteId = NewType("NoteId", str)
ConversationId = NewType("ConversationId", str)
EditionId = NewType("EditionId", str)
PassageId = NewType("PassageId", str)
JobId = NewType("JobId", str)
UserId = NewType("UserId", str)
KeyId = NewType("KeyId", str)


class Audience(StrEnum):
    """Who may see a thing, widest last: internal < partner < public."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"


class Language(StrEnum):
    PERSIAN = "fa"
    ENGLISH = "en"


class OriginKind(StrEnum):
    """What an edition's passages were cut from."""

    ARTICLE = "article"
    SOURCE = "source"
    NOTE = "note"
    CONVERSATION = "conversation"


class PassageField(StrEnum):
    """Which part of its origin a passage is: titles and requester's words are passages of their own."""

    BODY = "body"
    TITLE = "title"
    ISSUE = "issue"
    #: learnt: what people asked when this origin answered them
    QUERY = "query"


class EditionState(StrEnum):
    """staged: waits for the index; live: what searchers see; retired: waits for removal from the index."""

    STAGED = "staged"
    LIVE = "live"
    RETIRED = "retired"


class ArticleState(StrEnum):
    """Article confidence after KCS v6."""

    WORK_IN_PROGRESS = "work_in_progress"
    NOT_VALIDATED = "not_validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class OriginState(StrEnum):
    """How far what searchers find is trusted: an article's state or an accepted note; others have none."""

    WORK_IN_PROGRESS = "work_in_progress"
    NOT_VALIDATED = "not_validated"
    VALIDATED = "validated"
    ACCEPTED = "accepted"


class Governance(StrEnum):
    """experience: anyone licensed may fix it; compliance: named owners only."""

    EXPERIENCE = "experience"
    COMPLIANCE = "compliance"


class NoteState(StrEnum):
    CAPTURED = "captured"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class SourceStatus(StrEnum):
    """received: waits for a worker; staged: converted, waits for the index; indexed and failed are final."""

    RECEIVED = "received"
    STAGED = "staged"
    INDEXED = "indexed"
    FAILED = "failed"


class Role(StrEnum):
    """Lowest first; each may do what those before it may."""

    AGENT = "agent"
    CONTRIBUTOR = "contributor"
    PUBLISHER = "publisher"
    MANAGER = "manager"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key may do, besides its audience ceiling."""

    SEARCH = "search"
    READ = "read"
    WRITE = "write"
    RELEASE = "release"
    ADMIN = "admin"


class JobName(StrEnum):
    INGEST_SOURCE = "ingest_source"
    INDEX_ARTICLE = "index_article"
    INDEX_NOTE = "index_note"
    INDEX_CONVERSATION = "index_conversation"
    REINDEX = "reindex"


#: which work puts an origin's passages into the index anew
INDEX_JOBS: dict[OriginKind, JobName] = {
    OriginKind.ARTICLE: JobName.INDEX_ARTICLE,
    OriginKind.SOURCE: JobName.INGEST_SOURCE,
    OriginKind.NOTE: JobName.INDEX_NOTE,
    OriginKind.CONVERSATION: JobName.INDEX_CONVERSATION,
}


class JobState(StrEnum):
    """pending: due or waiting; running: leased to a worker; done and failed are final."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Channel(StrEnum):
    CHAT = "chat"
    CALL = "call"
    EMAIL = "email"


class Speaker(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
