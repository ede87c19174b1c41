from collections.abc import Callable

import pytest

from kb.edition import LivePassage
from search.generate.check import LONGEST_ANSWER_CHARS, Refused, check
from search.generate.prompt import ABSTENTION

Make = Callable[..., LivePassage]


@pytest.fixture
def passages(passage: Make) -> list[LivePassage]:
    return [
        passage("پول ۳ تا ۵ روز کاری بعد به کارت برمی‌گردد.", title="برگشت پول", heading_path=("مهلت",)),
        passage("هزینهٔ ارسال ۴۵٬۰۰۰ تومان است.", title="ارسال"),
    ]


def test_marks_lead_to_passages_with_their_ids_and_offsets(passages: list[LivePassage]) -> None:
    made = check("ارسال ۴۵ هزار تومان است [2]. پول در ۳ تا ۵ روز می‌رسد [1].", passages)
    assert made is not None
    assert made.text == "ارسال ۴۵ هزار تومان است [1]. پول در ۳ تا ۵ روز می‌رسد [2]."
    first, second = made.citations
    assert (first.number, first.passage_id, first.origin_id, first.title) == (1, "p2", "o2", "ارسال")
    assert (second.number, second.edition_id, second.heading_path) == (2, "e1", ("مهلت",))
    assert (second.start, second.end) == (passages[0].start, passages[0].end)


@pytest.mark.parametrize("written", [ABSTENTION, f" {ABSTENTION}.\n", f"نمی‌دانم [1]. {ABSTENTION}"])
def test_a_model_that_finds_no_answer_gives_none(passages: list[LivePassage], written: str) -> None:
    assert check(written, passages) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "nothing"),
        (" \n\u202e\x00", "nothing"),
        ("[1]", "nothing"),
        ("<think>پول [1] و ۹۹</think>", "nothing"),
        ("پول برمی‌گردد.", "no passage is cited"),
        ("پول برمی‌گردد [3].", "no passage is cited"),
        ("پول ۷ روز بعد برمی‌گردد [1].", "1 figures"),
        ("پول ۴۵٬۰۰۰ تومان است [1].", "1 figures"),  # the other passage says so
        ("پول برمی‌گردد [1]؛ ببینید https://evil.example", "1 figures"),
        ("پول برمی‌گردد [1]. " * LONGEST_ANSWER_CHARS, "far too much"),
    ],
)
def test_what_cannot_be_relied_on_is_refused(passages: list[LivePassage], written: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check(written, passages)


def test_thoughts_controls_and_emphasis_are_taken_out_and_the_rest_stays(
    passages: list[LivePassage],
) -> None:
    written = "<think>۹۹؟</think>\n## **پول**\u202e برمی\u200cگردد\x07 👍 <b>زود</b> \ud83d\ude00\ud800 [1]."
    made = check(written, passages)
    assert made is not None
    assert made.text == "پول برمی\u200cگردد 👍 <b>زود</b> 😀\ufffd [1]."
