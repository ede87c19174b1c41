"""What was told: the note, the answers, and what each contributed."""

from hypothesis import given
from hypothesis import strategies as st

from codify.elicitation.element import Element
from codify.elicitation.telling import ASKED, PastProbe, telling_of

NOTE = "یه مشتری زنگ زد که نتش قطعه. اول کابل رو عوض کردم."


def test_a_note_alone_is_as_complete_as_its_elements() -> None:
    telling = telling_of(NOTE)
    assert telling.present == {Element.SITUATION, Element.ACTION}
    assert telling.completeness == 2
    assert telling.missing == (Element.CUE, Element.REASON, Element.BOUNDARY, Element.NOVICE_ERROR)


def test_an_answer_shows_what_was_asked_whatever_its_words() -> None:
    telling = telling_of(NOTE, [PastProbe(Element.CUE, " تجربه ")])
    (found,) = [one for one in telling.found if one.probe == 0]
    assert found.evidence.element is Element.CUE
    assert found.evidence.rules == (ASKED,)
    assert found.evidence.cut(" تجربه ") == "تجربه"
    assert telling.contributed == (frozenset({Element.CUE}),)
    assert telling.completeness == 3


def test_skipped_probes_and_empty_answers_contribute_nothing() -> None:
    past = [
        PastProbe(Element.CUE, None),
        PastProbe(Element.REASON, "نمیدونم"),
        PastProbe(Element.BOUNDARY, "-"),
    ]
    telling = telling_of(NOTE, past)
    assert telling.contributed == (frozenset(),) * 3
    assert telling.completeness == 2


def test_an_answer_may_tell_more_than_was_asked_and_counts_once() -> None:
    past = [
        PastProbe(Element.CUE, "چراغش چشمک می‌زد. تازه‌کارها این را نمی‌بینند و سریع تیکت می‌زنند."),
        PastProbe(Element.CUE, "صدایش عوض شد"),
    ]
    telling = telling_of(NOTE, past)
    assert telling.contributed[0] == {Element.CUE, Element.NOVICE_ERROR}
    assert telling.contributed[1] == frozenset()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Element)), st.none() | st.sampled_from(["چون گرم بود", "نه", "the light"])
        )
    )
)
def test_answers_never_make_a_note_less_complete(probes: list[tuple[Element, str | None]]) -> None:
    past = [PastProbe(element, answer) for element, answer in probes]
    counts = [telling_of(NOTE, past[:upto]).completeness for upto in range(len(past) + 1)]
    assert counts == sorted(counts)
