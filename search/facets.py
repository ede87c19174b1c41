"""Which products, languages and kinds a caller could narrow a search to: only those that occur in sight.

For each value and group of readers a few editions that have it are remembered; a value is offered where the
record confirms one of them. So offering costs one look-up, however large the corpus is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database import batches
from kb.passage import Edition
from kb.sight import visible
from kb.visibility import Visibility
from kb.vocabulary import EditionState
from search.readers import group_of, possible_groups_of

#: editions remembered for each value: all of them would have to go for a value to be missed
SAMPLES = 2
#: products offered, by name
MOST_PRODUCTS = 200

#: (group of readers, facet, value) -> editions
Samples = Mapping[tuple[str, str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Facets:
    """Values that occur, sorted."""

    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def with_samples(
    samples: Samples, session: Session, edition_ids: list[str]
) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """`samples` and the values of more editions, of which the newest are kept."""
    grown = dict(samples)
    rows = session.execute(
        select(
            Edition.id,
            Edition.audience,
            Edition.segments,
            Edition.language,
            Edition.origin_kind,
            Edition.products,
        ).where(Edition.id.in_(edition_ids))
    )
    for edition_id, audience, segments, language, kind, products in rows:
        for facet, value in _values(language, kind, products):
            key = group_of(audience, segments), facet, value
            grown[key] = (edition_id, *grown.get(key, ()))[:SAMPLES]
    return grown


def visible_facets(session: Session, samples: Samples, visibility: Visibility) -> Facets:
    """What the record says the remembered editions have, of those live that `visibility` allows."""
    groups = possible_groups_of(visibility)
    wanted = {
        edition_id
        for (group, _, _), edition_ids in samples.items()
        if group in groups
        for edition_id in edition_ids
    }
    found: dict[str, set[str]] = {"product": set(), "language": set(), "kind": set()}
    for some in batches(sorted(wanted)):
        rows = session.execute(
            select(Edition.language, Edition.origin_kind, Edition.products).where(
                Edition.id.in_(some),
                Edition.state == EditionState.LIVE,
                visible(session, Edition, visibility),
            )
        )
        for language, kind, products in rows:
            for facet, value in _values(language, kind, products):
                found[facet].add(value)
    return Facets(
        products=tuple(sorted(found["product"])[:MOST_PRODUCTS]),
        languages=tuple(sorted(found["language"])),
        kinds=tuple(sorted(found["kind"])),
    )


def _values(language: str, kind: str, products: Iterable[str]) -> list[tuple[str, str]]:
    return [("language", language), ("kind", kind), *(("product", product) for product in products)]
