"""Every router of the portal."""

from api.web import describing, portal, reading, signing_in

WEB_ROUTERS = (portal.router, reading.router, signing_in.router, describing.router)
