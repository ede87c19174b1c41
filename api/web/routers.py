"""Every router of the pages."""

from api.web import answering, describing, flagging, portal, provider, reading, signing_in
from api.web.desk import flags, hyperlinks, interviewing, notes, overview, promoting, reminders, upkeep

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
)
