"""Numbers that get their unit from elsewhere: the header of a table's column."""

from collections.abc import Sequence

from codify.facts.find import Spotted, bare_quantity
from codify.facts.quantities import Bare, quantity
from codify.facts.units import unit_in
from codify.facts.value import FactKind
from search.analysis.fold import fold


def cell_fact(cell: str, bare: Sequence[Bare], header: str) -> list[Spotted]:
    """The one number of a cell in the unit of its column's header; a count of nothing named without one."""
    if len(bare) != 1 or bare[0].noun_at is not None:
        return []
    number = bare[0]
    folded = fold(cell)
    start, end = folded.span(number.start, number.end)
    unit = unit_in(fold(header).text.replace("\u200c", " "))
    if unit is None:
        return [Spotted(FactKind.COUNT, start, end, bare_quantity(number))]
    return [Spotted(FactKind(unit.kind), start, end, quantity(number.low, number.high, unit, number.bound))]
