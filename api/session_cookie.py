"""The cookie that holds a session's token."""

from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import SESSION_COOKIE
from api.links import is_https
from api.service import Service
from kb.user import Origin, SignIn

_AGENT_LIMIT_CHARS = 300


def origin_of(request: Request) -> Origin:
    """Where a sign-in comes from, for the person's own list of sign-ins."""
    agent = request.headers.get("user-agent", "")[:_AGENT_LIMIT_CHARS]
    return Origin(user_agent=agent, address=request.client.host if request.client else "")


def set_session_cookie(response: Response, signed_in: SignIn, request: Request, service: Service) -> None:
    """The token, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        expires=signed_in.expires_at,
        httponly=True,
        samesite="lax",
        secure=is_https(request, service),
        path="/",
    )


def drop_session_cookie(response: Response, request: Request, service: Service) -> None:
    response.delete_cookie(
        SESSION_COOKIE, httponly=True, samesite="lax", secure=is_https(request, service), path="/"
    )
