"""Articles: codified knowledge with immutable revisions, the released and the working one apart."""

from kb.article.attaching import (
    attach_file,
    attachment_bytes,
    detach_file,
    get_attachment,
    list_attachments,
)
from kb.article.attachment import Attachment
from kb.article.change import UNCHANGED, change_article
from kb.article.diff import WORD_FIELDS, DiffLine, DiffWord, diff_revisions
from kb.article.merge import MergePlan, merge_article, merged_into, preview_merge
from kb.article.model import Article, ArticleRevision, RevisionIsImmutable
from kb.article.move import archive_article, release_article, restore_article, verify_article
from kb.article.narrowing import Narrowing
from kb.article.queue import list_reviews
from kb.article.read import (
    ArticleView,
    article_history,
    article_translations,
    get_article,
    list_articles,
)
from kb.article.review import (
    approve_review,
    article_reviews,
    open_review,
    request_changes,
    request_review,
    withdraw_review,
)
from kb.article.schedule import keep_after_all, leave_unkept, move_when_due, schedule_article
from kb.article.write import create_article, revert_article, revise_article

__all__ = [
    "UNCHANGED",
    "WORD_FIELDS",
    "Article",
    "ArticleRevision",
    "ArticleView",
    "Attachment",
    "DiffLine",
    "DiffWord",
    "MergePlan",
    "Narrowing",
    "RevisionIsImmutable",
    "approve_review",
    "archive_article",
    "article_history",
    "article_reviews",
    "article_translations",
    "attach_file",
    "attachment_bytes",
    "change_article",
    "create_article",
    "detach_file",
    "diff_revisions",
    "get_article",
    "get_attachment",
    "keep_after_all",
    "leave_unkept",
    "list_articles",
    "list_attachments",
    "list_reviews",
    "merge_article",
    "merged_into",
    "move_when_due",
    "open_review",
    "preview_merge",
    "release_article",
    "request_changes",
    "request_review",
    "restore_article",
    "revert_article",
    "revise_article",
    "schedule_article",
    "verify_article",
    "withdraw_review",
]
