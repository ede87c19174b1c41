"""Every router of the portal."""

from api.web import answering, describing, portal, provider, reading, signing_in

WEB_ROUTERS = (
    portal.router,
    reading.router,
    answering.router,
    signing_in.router,
    provider.router,
    describing.router,
)
