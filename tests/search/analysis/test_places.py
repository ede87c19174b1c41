"""Places survive packing, and what is shown does not depend on whether they were kept."""

from hypothesis import given
from hypothesis import strategies as st

from search.analysis.analyzer import Analyzer
from search.analysis.places import Place, pack_places, places_of, unpack_places

ANALYZER = Analyzer()


@given(st.text(alphabet="کتاب‌های نرم‌افزار order-12 را می‌خوانیم.؟ abc", max_size=300))
def test_packed_places_unpack_to_the_same(text: str) -> None:
    places = places_of(ANALYZER.analyze(text))
    packed = pack_places(places)
    assert packed is not None
    assert unpack_places(packed) == places


def test_a_compound_may_be_found_by_its_pieces() -> None:
    (whole,) = places_of(ANALYZER.analyze("نرم‌افزار"))
    pieces = {term for place in places_of(ANALYZER.analyze("نرم، افزار")) for term in place.terms}
    assert pieces <= set(whole.terms)


def test_offsets_beyond_two_bytes_are_not_packed() -> None:
    assert pack_places([Place(65_530, 65_540, (1,))]) is None
    assert pack_places([Place(65_530, 65_535, (1,))]) is not None
