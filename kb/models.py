"""Every table of the record: importing this makes `Base.metadata` complete."""

from kb.api_key import ApiKey
from kb.article import Article, ArticleRevision
from kb.article.attachment import Attachment, AttachmentBlob
from kb.article.checklist import ChecklistTick
from kb.article.release_check import ReleaseCheck
from kb.article.review import Review
from kb.article.template import ArticleTemplate
from kb.audit import AuditEntry, AuditHead
from kb.conversation import Conversation, Turn
from kb.database import Base
from kb.exchange.transfer import Transfer, TransferBlob
from kb.finding import Finding
from kb.flag import Flag
from kb.hyperlink import Hyperlink
from kb.idempotency import IdempotencyRecord
from kb.learnt_query import LearntQuery, QueryLink
from kb.link import Link
from kb.note import Note, NoteAnswer
from kb.outbox import Job
from kb.passage import Edition, Passage, Vector
from kb.reminder import Reminder
from kb.source import Source, SourceBlob
from kb.team import Team, TeamMember
from kb.user import PasswordReset, SignInAttempt, User, UserSession

__all__ = [
    "ApiKey",
    "Article",
    "ArticleRevision",
    "ArticleTemplate",
    "Attachment",
    "AttachmentBlob",
    "AuditEntry",
    "AuditHead",
    "Base",
    "ChecklistTick",
    "Conversation",
    "Edition",
    "Finding",
    "Flag",
    "Hyperlink",
    "IdempotencyRecord",
    "Job",
    "LearntQuery",
    "Link",
    "Note",
    "NoteAnswer",
    "Passage",
    "PasswordReset",
    "QueryLink",
    "ReleaseCheck",
    "Reminder",
    "Review",
    "SignInAttempt",
    "Source",
    "SourceBlob",
    "Team",
    "TeamMember",
    "Transfer",
    "TransferBlob",
    "Turn",
    "User",
    "UserSession",
    "Vector",
]
