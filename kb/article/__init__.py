"""Articles: codified knowledge with immutable revisions, the released and the working one apart."""

from kb.article.diff import WORD_FIELDS, DiffLine, diff_revisions
from kb.article.model import Article, ArticleRevision, RevisionIsImmutable
from kb.article.move import archive_article, release_article, restore_article, verify_article
from kb.article.read import (
    ArticleView,
    article_history,
    article_translations,
    get_article,
    list_articles,
)
from kb.article.write import change_article, create_article, revise_article

__all__ = [
    "WORD_FIELDS",
    "Article",
    "ArticleRevision",
    "ArticleView",
    "DiffLine",
    "RevisionIsImmutable",
    "archive_article",
    "article_history",
    "article_translations",
    "change_article",
    "create_article",
    "diff_revisions",
    "get_article",
    "list_articles",
    "release_article",
    "restore_article",
    "revise_article",
    "verify_article",
]
