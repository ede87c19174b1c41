"""Hyperlinks of a text: found with their places, understood, and judged by what is there. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from codify.anchors import heading_anchors, page_parser

#: longer ones are data, not addresses
LONGEST_ADDRESS = 2000
_ARTICLE = re.compile(r"/articles/([0-9A-Za-z_-]{1,64})/?")
_ATTACHMENT = re.compile(r"/v1/articles/([0-9A-Za-z_-]{1,64})/attachments/([0-9A-Za-z_-]{1,64})/?")
_OTHER_ORIGIN = re.compile(r"/(sources|notes|conversations)/([0-9A-Za-z_-]{1,64})/?")
_CONTACT = frozenset({"mailto", "tel"})
#: stands for the installation's own address where nobody has said what it is
_OWN = "https://own.invalid"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """An address in a text; offsets of where it is written, in code points."""

    address: str
    start: int
    end: int


class TargetKind(StrEnum):
    ARTICLE = "article"
    ATTACHMENT = "attachment"
    #: a document, a note or a conversation
    ORIGIN = "origin"
    #: another page of the installation
    PAGE = "page"
    EXTERNAL = "external"
    #: a mail address or a telephone number, which nobody tries
    CONTACT = "contact"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: `id` of what it is, `owner_id` the article of an attachment."""

    kind: TargetKind
    id: str = ""
    owner_id: str = ""
    fragment: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is there for the readers of the linking article.

    Attributes:
        articles: the anchors of each served article.
        attachments: the article of each attachment.
        origins: ids of documents, notes and conversations that are served.
    """

    articles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`is_broken` None: not known from here; `outcome` is a code, such as `no_such_heading`."""

    is_broken: bool | None
    outcome: str


OK = Verdict(False, "ok")
NOT_TRIED = Verdict(None, "not_tried")


def find_links(text: str) -> list[FoundLink]:
    """Addresses of links and images in Markdown as pages show it, in reading order; each place once."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: list[FoundLink] = []
    for token in _parser().parse(text):
        if token.type != "inline" or token.map is None:
            continue
        begin, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
        for address in _addresses(token):
            start = _place(text, address, begin, end)
            found.append(FoundLink(address, *start))
            if start[0] >= begin:
                begin = start[1]
    return found


def anchors_of(text: str) -> frozenset[str]:
    """The ids of the headings of a page."""
    return frozenset(heading_anchors(_parser().parse(text)).values())


def target_of(address: str, *, article_id: str, base_url: str | None) -> Target:
    """Where an address in an article leads.

    Args:
        base_url: where the installation is known to be; None: only relative addresses are its own.
    """
    own = (base_url or _OWN).rstrip("/")
    try:
        written = urlsplit(address.strip())
        url = urljoin(f"{own}/articles/{article_id}", address.strip())
        parts = urlsplit(url)
        # "https:///x" would be joined as if it were "/x"; no browser does that.
        host = "" if written.scheme in ("http", "https") and not written.netloc else parts.hostname
    except ValueError:
        return Target(TargetKind.UNUSABLE)
    if parts.scheme in _CONTACT:
        return Target(TargetKind.CONTACT)
    if parts.scheme not in ("http", "https") or not host or len(address) > LONGEST_ADDRESS:
        return Target(TargetKind.UNUSABLE)
    if parts.netloc != urlsplit(own).netloc:
        return Target(TargetKind.EXTERNAL, url=url.partition("#")[0])
    return _own_target(parts.path, unquote(parts.fragment))


def judge(target: Target, known: Known) -> Verdict:
    """Whether a link leads somewhere, as far as it can be said without asking others."""
    match target.kind:
        case TargetKind.UNUSABLE:
            return Verdict(True, "unusable")
        case TargetKind.ARTICLE:
            anchors = known.articles.get(target.id)
            if anchors is None:
                return Verdict(True, "no_such_article")
            if target.fragment.startswith("h-") and target.fragment not in anchors:
                return Verdict(True, "no_such_heading")
            return OK
        case TargetKind.ATTACHMENT:
            is_there = known.attachments.get(target.id) == target.owner_id
            return OK if is_there and target.owner_id in known.articles else Verdict(True, "no_such_file")
        case TargetKind.ORIGIN:
            return OK if target.id in known.origins else Verdict(True, "no_such_page")
        case TargetKind.EXTERNAL:
            return NOT_TRIED
        case _:
            return OK


def _own_target(path: str, fragment: str) -> Target:
    if match := _ARTICLE.fullmatch(path):
        return Target(TargetKind.ARTICLE, id=match[1], fragment=fragment)
    if match := _ATTACHMENT.fullmatch(path):
        return Target(TargetKind.ATTACHMENT, id=match[2], owner_id=match[1])
    if match := _OTHER_ORIGIN.fullmatch(path):
        return Target(TargetKind.ORIGIN, id=match[2])
    return Target(TargetKind.PAGE)


def _addresses(token: Token) -> Iterator[str]:
    for child in token.children or ():
        name = {"link_open": "href", "image": "src"}.get(child.type)
        address = str(child.attrGet(name) or "") if name else ""
        if address:
            yield address


def _place(text: str, address: str, begin: int, end: int) -> tuple[int, int]:
    """Where an address is written: in its block, else anywhere (a reference), else the block's beginning.

    The parser percent-encodes what people write as it is.
    """
    for written in dict.fromkeys((address, unquote(address), address.removeprefix("mailto:"))):
        for at in (text.find(written, begin, end), text.find(written)):
            if at >= 0:
                return at, at + len(written)
    return begin, begin


@cache
def _parser() -> MarkdownIt:
    return page_parser()
