"""Every router of the pages."""

from api.web import answering, describing, portal, provider, reading, signing_in
from api.web.desk import interviewing, notes, overview, promoting

WEB_ROUTERS = (
    portal.router,
    reading.router,
    answering.router,
    signing_in.router,
    provider.router,
    describing.router,
    overview.router,
    notes.router,
    interviewing.router,
    promoting.router,
)
