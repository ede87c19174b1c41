"""The policy: one question for the most valuable missing thing, never twice, in the author's words."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codify.elicitation.element import Element
from codify.elicitation.probe import (
    DIRECTORY,
    MOST_PROBES,
    ORDER,
    Probe,
    next_element,
    next_probe,
    word_probe,
)
from codify.elicitation.telling import PastProbe, telling_of
from kb.vocabulary import Language

PERSIAN = "یه مشتری زنگ زد که نتش قطعه. اول مودم را ریست کردم."
ENGLISH = "A customer called because her line was dead. I restarted the modem first."


def ask(text: str, past: list[PastProbe] | None = None, *, note_id: str = "n1") -> Probe | None:
    return next_probe(text, past or [], note_id=note_id, language=Language.PERSIAN)


def test_the_first_missing_element_in_the_order_is_asked_for() -> None:
    probe = ask(PERSIAN)
    assert probe is not None
    assert probe.element is Element.CUE
    bare = ask("سلام به همه")
    assert bare is not None
    assert bare.element is Element.SITUATION


def test_a_skipped_or_emptily_answered_element_is_never_asked_again() -> None:
    past = [PastProbe(Element.CUE, None), PastProbe(Element.REASON, "نمیدونم")]
    probe = ask(PERSIAN, past)
    assert probe is not None
    assert probe.element is Element.BOUNDARY


def test_the_interview_ends_when_all_is_told_asked_or_the_maximum_is_reached() -> None:
    answered = [PastProbe(element, "چراغش قرمز بود") for element in ORDER[2:]]
    assert ask(PERSIAN, answered) is None
    skipped = [PastProbe(element, None) for element in ORDER[2:]]
    assert ask(PERSIAN, skipped) is None
    assert next_element(telling_of(""), [PastProbe(one, None) for one in ORDER[:MOST_PROBES]]) is None


def test_an_edit_that_tells_the_element_makes_the_probe_another() -> None:
    probe = ask(f"{PERSIAN} نشونه‌ش این بود که چراغ قرمز می‌زد.")
    assert probe is not None
    assert probe.element is Element.REASON


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (PERSIAN, Language.PERSIAN, "اول مودم را ریست کردید"),
        (ENGLISH, Language.ENGLISH, "you restarted the modem first"),
    ],
)
def test_the_question_is_about_what_the_author_said_in_the_authors_language(
    text: str, language: Language, said: str
) -> None:
    probe = ask(text)
    assert probe is not None
    assert (probe.language, probe.about) == (language, Element.ACTION)
    assert said in probe.text


def test_an_action_told_in_an_answer_is_referred_to_as_well() -> None:
    probe = ask("یه مشتری زنگ زد که نتش قطعه.", [PastProbe(Element.ACTION, "کابل را عوض کردم")])
    assert probe is not None
    assert "کابل را عوض کردید" in probe.text


def test_where_nothing_can_be_said_back_the_question_is_general() -> None:
    probe = ask("-", [])
    assert probe is not None
    assert (probe.about, probe.quote) == (None, "")


def test_the_wording_is_the_same_for_the_same_note_and_varies_between_notes() -> None:
    wordings = set()
    for number in range(20):
        first, again = ask(PERSIAN, note_id=str(number)), ask(PERSIAN, note_id=str(number))
        assert first is not None
        assert first == again
        wordings.add(first.text)
    assert len(wordings) > 1


@pytest.mark.parametrize("language", list(Language))
def test_every_wording_is_one_short_question(language: Language) -> None:
    stated = yaml.safe_load((Path(DIRECTORY) / f"{language}.yml").read_text("utf-8"))
    assert set(stated) == {element.value for element in Element}
    for forms in stated.values():
        assert len(forms["plain"]) >= 3
        for form in (form for group in forms.values() for form in group):
            text = form.format(said="you did it", quote="it")
            assert len(re.findall("[?؟]", text)) == 1
            assert re.search("[?؟]$", text)
            assert len(text) < 160


@given(
    text=st.sampled_from(
        [PERSIAN, ENGLISH, "", "چراغ قرمز بود؟", "I *did* <b>it</b>?", "مشتری customer زنگ زد called"]
    ),
    element=st.sampled_from(list(Element)),
    note_id=st.text(max_size=8),
)
def test_any_probe_is_one_question_without_gaps(text: str, element: Element, note_id: str) -> None:
    probe = word_probe(element, text, telling=telling_of(text), note_id=note_id, language=Language.ENGLISH)
    assert len(re.findall("[?؟]", probe.text)) == 1
    assert "{" not in probe.text
    assert len(probe.text) <= 240
    assert probe.quote in text
