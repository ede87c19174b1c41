"""What every planter works with: the record, the world, and the places to plant in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cli.proving.askers import PRODUCT, SEGMENT
from cli.proving.planted import Bed, Reach, Thing, World
from kb.database import Database
from kb.visibility import Caller
from kb.vocabulary import Audience


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a thing is for: an audience, and one customer segment or one product, or none."""

    audience: Audience
    segment: str | None = None
    product: str | None = None

    def facets(self, bed: Bed, reach: Reach) -> dict[str, Any]:
        """As the record's verbs take them; their names are secrets, too."""
        more = [bed.sow("the name of a facet", reach)] if not self.is_plain else []
        return {
            "segments": [self.segment, *more] if self.segment else [],
            "products": [self.product, *more] if self.product else [],
        }

    @property
    def is_plain(self) -> bool:
        return self.segment is None and self.product is None

    def __str__(self) -> str:
        facet = " of the segment" if self.segment else " of the product" if self.product else ""
        return f"{self.audience.value}{facet}"


@dataclass(frozen=True, slots=True)
class Garden:
    """Where things are planted.

    Args:
        work: performs every job that is due and waits for the index.
        people: by name of their asker.
        quick: whether facets are crossed with the commonest state only.
    """

    database: Database
    world: World
    work: Callable[[], None]
    people: dict[str, Caller]
    quick: bool

    @property
    def author(self) -> Caller:
        """Who tells notes and writes drafts of their own."""
        return self.people["author of the drafts"]

    def bed(self) -> Bed:
        return Bed(self.world)

    def places(self, *, common: bool) -> Iterator[Place]:
        """Where to plant; a quick proof leaves the facets to what is `common`."""
        for audience in Audience:
            yield Place(audience)
            if common or not self.quick:
                yield Place(audience, segment=SEGMENT)
                yield Place(audience, product=PRODUCT)


def thing(
    kind: str, id: str, label: str, place: Place | None, reach: Reach, *, owner: str | None = None
) -> Thing:
    """A thing in its place; None: it has no audience of its own."""
    return Thing(
        kind=kind,
        id=id,
        label=f"{label} ({place})" if place else label,
        audience=place.audience.value if place else None,
        reach=reach,
        segment=place.segment if place else None,
        product=place.product if place else None,
        owner=owner,
    )


def place_of(article: Thing) -> Place:
    """Where a thing is that was planted before."""
    assert article.audience is not None
    return Place(Audience(article.audience), article.segment, article.product)
