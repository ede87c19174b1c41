"""Every router of the pages."""

from api.web import answering, describing, flagging, portal, provider, reading, signing_in
from api.web.desk import (
    article_editing,
    article_files,
    article_history,
    article_moving,
    article_page,
    articles,
    findings,
    flags,
    hyperlinks,
    interviewing,
    merging,
    notes,
    overview,
    promoting,
    reviewing,
    upkeep,
)
from api.web.people import account, accounts, choosing, teams

WEB_ROUTERS = (
    portal.router,
    reading.router,
    answering.router,
    signing_in.router,
    provider.router,
    describing.router,
    overview.router,
    flagging.router,
    flags.router,
    hyperlinks.router,
    upkeep.router,
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
    account.router,
    choosing.router,
    # before the accounts, whose ids its addresses would be taken for
    teams.router,
    accounts.router,
)
