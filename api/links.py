"""Where a thing can be read: addresses of pages."""

from urllib.parse import quote

from starlette.requests import Request

from api.service import Service
from codify.anchors import heading_anchor
from kb.vocabulary import OriginKind

_PAGES = {
    OriginKind.ARTICLE: "articles",
    OriginKind.SOURCE: "sources",
    OriginKind.NOTE: "notes",
    OriginKind.CONVERSATION: "conversations",
}


def page_path(
    kind: OriginKind | str, origin_id: str, *, passage_id: str = "", heading_path: tuple[str, ...] = ()
) -> str:
    """The path of the page of an origin, at the passage or under the heading that was found."""
    path = f"/{_PAGES[OriginKind(kind)]}/{quote(origin_id, safe='')}"
    if kind == OriginKind.ARTICLE:
        return f"{path}#{quote(heading_anchor(heading_path[-1]))}" if heading_path else path
    if kind == OriginKind.SOURCE and passage_id:
        # Long documents are shown in parts; the query picks the part, the fragment the place.
        passage = quote(passage_id, safe="")
        return f"{path}?passage={passage}#p-{passage}"
    return path


def edit_path(article_id: str) -> str:
    """The path of the page that an article is edited on."""
    return f"/desk/articles/{quote(article_id, safe='')}/edit"


def base_url(request: Request, service: Service) -> str:
    """Scheme and host that links start with, without a slash at the end."""
    configured = service.settings.public_url
    return (configured or str(request.base_url)).rstrip("/")


def is_https(request: Request, service: Service) -> bool:
    """Whether callers reach us through TLS, by a proxy or directly."""
    return base_url(request, service).startswith("https://")
