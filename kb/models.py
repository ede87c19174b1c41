"""Every table of the record: importing this makes `Base.metadata` complete."""

from kb.api_key import ApiKey
from kb.article import Article, ArticleRevision
from kb.audit import AuditEntry, AuditHead
from kb.conversation import Conversation, Turn
from kb.database import Base
from kb.idempotency import IdempotencyRecord
from kb.learnt_query import LearntQuery, QueryLink
from kb.note import Note
from kb.outbox import Job
from kb.passage import Edition, Passage, Vector
from kb.source import Source, SourceBlob
from kb.user import User, UserSession

__all__ = [
    "ApiKey",
    "Article",
    "ArticleRevision",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Conversation",
    "Edition",
    "IdempotencyRecord",
    "Job",
    "LearntQuery",
    "Note",
    "Passage",
    "QueryLink",
    "Source",
    "SourceBlob",
    "Turn",
    "User",
    "UserSession",
    "Vector",
]
