"""Repeating an author's clause to its author."""

import pytest

from codify.elicitation.detect import detect
from codify.elicitation.element import Element, Evidence
from codify.elicitation.saying import LONGEST_CHARS, Saying, saying_of


def say(text: str) -> Saying | None:
    """Of the whole text, as if its last word had made a rule fire."""
    return saying_of(text, Evidence(Element.ACTION, 0, len(text), ("x",), 1.0, (0, len(text))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("اول مودم را ریست کردم.", "اول مودم را ریست کردید"),
        ("من کابل رو عوض کردیم", "کابل رو عوض کردید"),
        ("همیشه اول شماره رو چک می‌کنم", "همیشه اول شماره رو چک می‌کنید"),
        ("از همان اول تاریخ می‌گویم", "از همان اول تاریخ می‌گویید"),
        ("برایش لینک فرستاده‌ام", "برایش لینک فرستاده‌اید"),
        ("I restarted my modem first.", "you restarted your modem first"),
        ("So I told him to wait for us", "you told him to wait for you"),
        ("restarted the modem", "you restarted the modem"),
        ("I was at the desk", "you were at the desk"),
    ],
)
def test_the_first_person_becomes_the_second(text: str, said: str) -> None:
    saying = say(text)
    assert saying is not None
    assert saying.said == said


@pytest.mark.parametrize(
    "text",
    ["به سرپرستم خبر دادم", "گفتم بیاد", "همیشه کابل رو عوض کنید", "ازش خواستم بهم بگه",
     "Ask for the serial number", "I told him you would call"],
)  # fmt: skip
def test_where_grammar_cannot_be_guaranteed_the_words_are_only_quoted(text: str) -> None:
    saying = say(text)
    assert saying is not None
    assert saying.said is None
    assert saying.quote in text


@pytest.mark.parametrize(
    "text",
    ["کردم", "درسی که گرفتم", "گفت «برو» و رفتم؟", "what I do", "I **reset** it", "x " * LONGEST_CHARS, ""],
)
def test_what_would_be_clumsy_is_not_repeated(text: str) -> None:
    assert say(text) is None


def test_of_several_clauses_the_one_that_fired_is_repeated() -> None:
    text = "کابل رو عوض کردم و مودم رو ریست کردم، بعد زنگ زدم"
    fired = text.index("ریست کردم") + len("ریست کردم")
    saying = saying_of(text, Evidence(Element.ACTION, 0, len(text), ("x",), 1.0, (0, fired)))
    assert saying == Saying("مودم رو ریست کردم", "مودم رو ریست کردید")


def test_a_detected_action_can_be_said_back() -> None:
    text = "A customer called. I restarted the modem first."
    (evidence,) = detect(text).of(Element.ACTION)
    assert saying_of(text, evidence) == Saying("restarted the modem first", "you restarted the modem first")
