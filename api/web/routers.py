"""Every router of the pages."""

from api.web import answering, describing, flagging, portal, provider, reading, signing_in
from api.web.desk import flags, hyperlinks, interviewing, notes, overview, promoting, reminders, upkeep
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
    reminders.router,
    upkeep.router,
    notes.router,
    interviewing.router,
    promoting.router,
    account.router,
    choosing.router,
    # before the accounts, whose ids its addresses would be taken for
    teams.router,
    accounts.router,
)
