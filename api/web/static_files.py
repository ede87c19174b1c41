"""Style, script and fonts; nothing is ever loaded from elsewhere."""

from starlette.staticfiles import StaticFiles

from api.web.rendering import STATIC


def static_files() -> StaticFiles:
    """The application that serves `api/web/static`."""
    return StaticFiles(directory=STATIC)
