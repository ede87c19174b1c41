"""The language of patterns over words."""

import pytest

from codify.elicitation.pattern import BrokenPattern, compile_pattern, encode
from codify.elicitation.words import read_words

CLASSES = {"who": ["=مشتری", "بنده خدا"], "ask": ["@ask", "@tell"]}


def matched(pattern: str, text: str) -> str | None:
    """The words of `text` that the first match covers; the first word begins clause and sentence."""
    words = read_words(text).words
    encoded = encode(words, [("cl", "se") if at == 0 else () for at in range(len(words))])
    match = compile_pattern(pattern, CLASSES).search(encoded.text)
    if match is None:
        return None
    covered = [
        word.form
        for word, start in zip(words, encoded.starts, strict=True)
        if match.start() <= start < match.end()
    ]
    return " ".join(covered)


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("چون", "نشد چون دیر بود", "چون"),
        ("چون", "چونی دارد", None),
        ("چون*", "چونکه دیر بود", "چونکه"),
        ("تازه‌کار*", "تازه کارها میزنند", "تازه کارها"),
        ("تازه‌کار*", "تازه‌کارها میزنند", "تازهکارها"),
        ("=مشتری", "به مشتری‌ها گفت", "مشتریها"),
        ("@گفت", "بعد می گویند", "میگویند"),
        ("@گفت.1.past", "گفت و گفتم", "گفتم"),
        ("@.1.!neg", "نگفتم و رفتم", "رفتم"),
        ("<who> @گفت", "بنده خدا گفت", "بنده خدا گفت"),
        ("<ask>.past", "I ask and asked", "asked"),
        ("i (always)? check", "i check", "i check"),
        ("i (always)? check", "i always check", "i always check"),
        ("a .. d", "a b c d", "a b c d"),
        ("a .. d", "a b c c d", None),
        ("a ... d", "a b c c d", "a b c c d"),
        ("اگه ~ نیست", "اگه چراغ روشن نیست", "اگه چراغ روشن نیست"),
        ("اگه ~ نیست", "اگه زد روشن نیست", None),
        ("why !you|he *", "why you ask, why we ask", "why we"),
        ("^ ask", "ask him", "ask"),
        ("^ ask", "then ask him", None),
        ("off $", "turn it off", "off"),
        ("dont|never ask", "Don't ask", "dont ask"),
    ],
)
def test_a_pattern_matches_words(pattern: str, text: str, words: str | None) -> None:
    assert matched(pattern, text) == words


@pytest.mark.parametrize("pattern", ["<nobody> ask", "(a b", "a) b"])
def test_a_broken_pattern_is_named(pattern: str) -> None:
    with pytest.raises(BrokenPattern, match=r"nobody|brackets"):
        compile_pattern(pattern, CLASSES)
