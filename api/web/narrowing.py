"""The row above the hits that narrows them; it offers only what the reader could find."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.dependencies import visibility_for
from api.service import Service
from kb.visibility import Caller
from kb.vocabulary import Language, OriginKind
from search.facets import Facets, visible_facets


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of the row: its name in addresses, the values it offers, and the chosen one or ""."""

    name: str
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the reader chose; values that are not offered are taken as not chosen."""

    product: Choice
    language: Choice
    kind: Choice

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Those worth showing: a single value narrows nothing."""
        every = (self.product, self.language, self.kind)
        return tuple(choice for choice in every if len(choice.values) > 1 or choice.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """For addresses."""
        every = (self.product, self.language, self.kind)
        return {choice.name: choice.chosen for choice in every if choice.chosen}

    @property
    def filters(self) -> dict[str, list[str]]:
        """For a search request."""
        return {
            "products": [self.product.chosen] if self.product.chosen else [],
            "languages": [self.language.chosen] if self.language.chosen else [],
            "kinds": [self.kind.chosen] if self.kind.chosen else [],
        }

    def address(self, query: str, **more: object) -> str:
        """Of the results of `query`, narrowed like these."""
        return "/?" + urlencode({"q": query, **self.chosen, **more})


def narrowing_for(caller: Caller, service: Service, given: Mapping[str, str]) -> Narrowing:
    """The row for `caller`, with what the address says chosen."""
    with service.database.reading() as session:
        facets = visible_facets(
            session, service.search.vocabulary.snapshot.facets, visibility_for(caller, service)
        )
    return _narrowing(facets, given)


def _narrowing(facets: Facets, given: Mapping[str, str]) -> Narrowing:
    languages = tuple(one.value for one in Language if one in facets.languages)
    kinds = tuple(one.value for one in OriginKind if one in facets.kinds)

    def choice(name: str, values: tuple[str, ...]) -> Choice:
        chosen = given.get(name, "")
        return Choice(name, values, chosen if chosen in values else "")

    return Narrowing(
        product=choice("product", facets.products),
        language=choice("language", languages),
        kind=choice("kind", kinds),
    )
