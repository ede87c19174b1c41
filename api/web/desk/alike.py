"""What is like a text that is being written, as its page shows it."""

from dataclasses import dataclass

from api.dependencies import visibility_for
from api.links import page_path
from api.service import Service
from api.similar import Similar, find_similar
from codify.contradictions import Contradiction
from codify.duplicates import Verdict
from kb.errors import Unavailable
from kb.visibility import Caller
from kb.vocabulary import OriginKind

#: fewer letters are about anything
_LEAST_CHARS = 12
_MOST = 5
#: what shares less of its telling words with the text is about something else, though searches found it
_ON_TOPIC = 0.015


@dataclass(frozen=True, slots=True)
class Alike:
    """Something that says nearly the same, or is about the same."""

    kind: OriginKind
    id: str
    title: str
    href: str
    verdict: Verdict
    percent: int
    shared: tuple[str, ...]
    differing: tuple[Contradiction, ...]


def alike_of(
    service: Service, caller: Caller, *, title: str, text: str, exclude_id: str | None
) -> list[Alike] | None:
    """At most five, duplicates first; None where the text is too short, or nothing can be searched."""
    if len(f"{title}{text}".strip()) < _LEAST_CHARS:
        return None
    try:
        found = find_similar(
            service,
            title=title[:1000],
            text=text,
            visibility=visibility_for(caller, service),
            exclude_id=exclude_id,
        )
    except Unavailable:
        return None
    return [_alike(one) for one in found if one.comparison.score >= _ON_TOPIC][:_MOST]


def _alike(one: Similar) -> Alike:
    kind = OriginKind(one.hit.origin_kind)
    return Alike(
        kind=kind,
        id=one.hit.origin_id,
        title=one.hit.title,
        href=page_path(kind, one.hit.origin_id),
        verdict=one.comparison.verdict,
        percent=round(100 * one.comparison.score),
        shared=one.comparison.shared[:6],
        differing=one.comparison.differing[:4],
    )
