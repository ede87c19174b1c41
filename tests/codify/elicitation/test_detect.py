"""Detection: elements with their spans, in any spelling, in both languages and mixed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codify.elicitation.detect import detect
from codify.elicitation.element import Element

PERSIAN = (
    "مشتری زنگ زد که اینترنتش از دیشب قطع است. نشانه‌اش این بود که چراغ ADSL چشمک می‌زد. "
    "اول کابل را عوض کردم و مودم را ریست کردم. چون سوکت قدیمی نویز می‌گیرد. "
    "مگر اینکه مودم فیبر باشد. تازه‌کارها معمولاً سریع تیکت می‌زنند و مشتری معطل می‌شود."
)
ENGLISH = (
    "A customer called because her line was dead. The giveaway was the blinking amber light. "
    "I swapped the cable and restarted the modem. The old socket picks up noise, which is why it drops. "
    "This does not work on fibre. New colleagues usually send a technician right away and she waits for days."
)


@pytest.mark.parametrize("text", [PERSIAN, ENGLISH])
def test_a_complete_note_shows_all_six(text: str) -> None:
    assert detect(text).present == set(Element)


@pytest.mark.parametrize(
    "text",
    [
        PERSIAN.replace("\u200c", ""),
        PERSIAN.replace("\u200c", " "),
        PERSIAN.replace("ی", "ي").replace("ک", "ك"),
    ],
)
def test_spelling_makes_no_difference(text: str) -> None:
    assert detect(text).present == detect(PERSIAN).present


def test_a_span_is_cut_from_the_original_and_names_its_rule() -> None:
    found = detect(PERSIAN).strongest(Element.CUE)
    assert found is not None
    assert found.cut(PERSIAN) == "نشانه‌اش این بود که چراغ ADSL چشمک می‌زد"
    assert found.rules[0] == "fa.cue.sign"
    assert 0.0 < found.strength <= 1.0
    assert found.start <= found.at[0] < found.at[1] <= found.end


def test_mixed_text_is_read_by_the_rules_of_both_languages() -> None:
    found = detect("مشتری زنگ زد که ایمیلش قطعه. I restarted the server first.")
    assert {Element.SITUATION, Element.ACTION} <= found.present


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Thank you all, the party was lovely.", set(Element)),
        ("جشن فردا در سالن برگزار می‌شود، خوشحال می‌شویم بیایید.", {Element.CUE, Element.BOUNDARY}),
        ("Do not open the case.", {Element.NOVICE_ERROR}),
        ("", set(Element)),
        ("؟!", set(Element)),
    ],
)
def test_what_tells_nothing_of_the_kind_shows_nothing(text: str, absent: set[Element]) -> None:
    assert not absent & detect(text).present


@settings(max_examples=40)
@given(st.text(alphabet="abc چون اگه کردم customer called because,.؟\n", max_size=200))
def test_evidence_of_any_text_lies_in_it_and_does_not_overlap_its_own(text: str) -> None:
    detection = detect(text)
    for element in Element:
        end = 0
        for found in detection.of(element):
            assert end <= found.start < found.end <= len(text)
            assert found.rules
            end = found.end


def test_a_hostile_text_is_read_in_linear_time() -> None:
    short, long = "when customer " * 300, "when customer " * 1200
    assert len(detect(long).evidence) >= len(detect(short).evidence)
