"""What is like a text that somebody is writing: what searches find, compared fact by fact."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.service import Service
from codify.duplicates import Comparison, compare
from codify.profile import read_profile
from kb.edition import edition_words, live_edition
from kb.visibility import Visibility
from kb.vocabulary import OriginKind
from search.results import Filters, Hit

#: of the text, so much is searched for: its title and beginning say what it is about
QUERY_CHARS = 400
MOST = 8
#: longer texts are compared by their beginning
COMPARED_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Similar:
    """Something that says alike, the most alike first."""

    hit: Hit
    comparison: Comparison


def find_similar(
    service: Service,
    *,
    title: str,
    text: str,
    visibility: Visibility,
    kinds: Iterable[OriginKind] = (OriginKind.ARTICLE, OriginKind.NOTE),
    exclude_id: str | None = None,
) -> list[Similar]:
    """Origins that say what is being written, at most eight; nothing that `visibility` does not allow.

    Args:
        exclude_id: the very thing that is being written.
    Raises:
        IndexUnavailable, EmbeddingUnavailable.
    """
    query = " ".join(f"{title}\n{text}".split())[:QUERY_CHARS].strip()
    if not query:
        return []
    filters = Filters(origin_kinds=frozenset(kind.value for kind in kinds))
    found = service.search.searcher.search(
        text=query, visibility=visibility, filters=filters, limit=MOST + 1, repair=False
    )
    analyzer = service.search.counter.analyzer
    own = read_profile(text[:COMPARED_CHARS], title=title, analyzer=analyzer)
    similar = []
    for hit in found.hits:
        if hit.origin_id == exclude_id:
            continue
        with service.database.reading() as session:
            edition = live_edition(session, origin_kind=OriginKind(hit.origin_kind), origin_id=hit.origin_id)
            if edition is None or not visibility.allows(edition):
                continue
            words = edition_words(session, edition=edition)
        body = "\n".join([*words.issue, words.body])[:COMPARED_CHARS]
        theirs = read_profile(body, title=words.title, analyzer=analyzer)
        similar.append(Similar(hit, compare(own, theirs)))
    return sorted(similar[:MOST], key=lambda one: -one.comparison.score)
