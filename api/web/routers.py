"""Every router of the pages."""

from api.web import answering, describing, portal, reading, signing_in
from api.web.desk import (
    article_editing,
    article_files,
    article_history,
    article_moving,
    article_page,
    articles,
    findings,
    interviewing,
    merging,
    notes,
    overview,
    promoting,
    reviewing,
)

WEB_ROUTERS = (
    portal.router,
    reading.router,
    answering.router,
    signing_in.router,
    describing.router,
    overview.router,
    notes.router,
    interviewing.router,
    promoting.router,
    articles.router,
    article_editing.router,
    article_page.router,
    article_moving.router,
    article_history.router,
    article_files.router,
    merging.router,
    reviewing.router,
    findings.router,
)
