"""The product's words as enums; everything else speaks them."""

from enum import StrEnum


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
    """staged: waits for the index; live: what searchers see; retired: waits for removal from the index.

    proposed: of a revision that is not released; never in the index, nobody finds it.
    """

    PROPOSED = "proposed"
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
    """draft: its author still writes; captured: told, waits for somebody to accept it."""

    DRAFT = "draft"
    CAPTURED = "captured"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Element(StrEnum):
    """What a note of an incident should hold.

    Source: Critical Decision Method (Klein, Calderwood, MacGregor 1989), Applied Cognitive Task Analysis
    (Militello, Hutton 1998).
    """

    SITUATION = "situation"
    CUE = "cue"
    ACTION = "action"
    REASON = "reason"
    #: when it does not hold
    BOUNDARY = "boundary"
    NOVICE_ERROR = "novice_error"


class ReviewState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    #: its author took it back, or a newer revision took its place
    WITHDRAWN = "withdrawn"


class ContentItem(StrEnum):
    """What an article should be before others rely on it: the content standard (KCS v6)."""

    #: nothing else says the same
    UNIQUE = "unique"
    #: says what to do, and in whose words it is asked for
    COMPLETE = "complete"
    #: short sentences, steps as lists
    CLEAR = "clear"
    #: the title tells what it is about
    TITLE = "title"
    #: every link leads somewhere
    LINKS = "links"
    #: language, owner, tags and products are right
    METADATA = "metadata"


class FlagReason(StrEnum):
    WRONG = "wrong"
    UNCLEAR = "unclear"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    OTHER = "other"


class FlagState(StrEnum):
    OPEN = "open"
    #: what it said was put right
    FIXED = "fixed"
    #: nothing was wrong
    DISMISSED = "dismissed"


class FindingKind(StrEnum):
    """What was found between two articles, notes or documents without anybody looking for it."""

    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"


class FindingState(StrEnum):
    OPEN = "open"
    #: a person saw it and said that both may stand
    DISMISSED = "dismissed"
    #: it is not there any more
    GONE = "gone"


class CheckState(StrEnum):
    """waiting: its passages are being computed; done: every query was replayed; failed: it could not be."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


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


class SignInWay(StrEnum):
    """What a person proved themselves with."""

    PASSWORD = "password"  # noqa: S105
    #: by the identity provider (OpenID Connect)
    PROVIDER = "provider"


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
    #: compute the passages of a working revision, so that its release can be checked
    PROPOSE_ARTICLE = "propose_article"
    #: compare everything that is served
    FIND_CONFLICTS = "find_conflicts"
    #: release or archive at the time that was set
    MOVE_ARTICLE = "move_article"
    #: try every address in what is served
    CHECK_HYPERLINKS = "check_hyperlinks"
    #: tell people what waits for them
    REMIND = "remind"
    #: forget what has expired
    PURGE = "purge"
    #: make an export, plan an import, do it
    EXPORT_KNOWLEDGE = "export_knowledge"
    PLAN_IMPORT = "plan_import"
    APPLY_IMPORT = "apply_import"


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


class ConflictPolicy(StrEnum):
    """Of an import: which side counts where both were edited."""

    FAIL = "fail"
    #: the file's
    THEIRS = "theirs"
    #: the knowledge base's
    OURS = "ours"
    #: the file becomes an article of its own
    NEW = "new"


class ImportFormat(StrEnum):
    #: whichever of the others it is
    AUTO = "auto"
    #: what an export writes
    MARKDOWN = "markdown"
    ZENDESK = "zendesk"
    ZAMMAD = "zammad"
    #: a table of questions and answers
    FAQ = "faq"


class ExportFormat(StrEnum):
    #: everything, a file each
    MARKDOWN = "markdown"
    ZENDESK = "zendesk"
    ZENDESK_CSV = "zendesk-csv"
    ZAMMAD = "zammad"


class TransferKind(StrEnum):
    EXPORT = "export"
    IMPORT = "import"


class TransferState(StrEnum):
    """Of an export: waiting, then done; of an import: waiting, planned, applying, then done."""

    WAITING = "waiting"
    PLANNED = "planned"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
