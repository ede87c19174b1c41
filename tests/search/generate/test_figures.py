import pytest

from search.generate.figures import invented

PASSAGES = (
    "هزینهٔ ارسال ۴۵٬۰۰۰ تومان است و سقف جبران ۵۰۰ هزار تومان. تا بیست و چهار ساعت یا سه روز، "
    "از ۱۴۰۳/۰۵/۱۲ ساعت 9:30. وزن 2.5 kg، نسخهٔ 1.2.3. twenty-one days. info@shop.ir https://shop.ir/a?b=1"
)


@pytest.mark.parametrize(
    "answer",
    [
        "45,000 تومان",
        "٤٥٠٠٠ تومان",
        "۴۵ هزار تومان",
        "45.000 تومان",
        "۵۰۰٬۰۰۰ تومان",
        "0.5 میلیون",
        "۲۴ ساعت",
        "۳ روز و 21 days",
        "در 12/05/1403 ساعت ۰۹:۳۰",
        "2.50 کیلو یا ۲٫۵",
        "نسخهٔ ۱٫۲٫۳",
        "1. نخست\n2) سپس\n۳- پایان",
        "بنویسید به info@shop.ir یا https://shop.ir/a?b=1.",
        "بدون عدد",
    ],
)
def test_what_the_passages_say_in_any_spelling_is_not_invented(answer: str) -> None:
    assert invented(answer, PASSAGES) == []


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("۴۵ تومان", ["45"]),
        ("450,000 تومان", ["450,000"]),
        ("۵۰۰ تومان", ["500"]),
        ("۵۰۰ میلیون", ["500 میلیون"]),
        ("۷ روز", ["7"]),
        ("در ۱۴۰۴/۰۵/۱۲", ["1404/05/12"]),
        ("نسخهٔ 1.2.4", ["1.2.4"]),
        ("سال 2024 و ۲۴ ساعت", ["2024"]),
        ("99999999999999999999999999999945000", ["99999999999999999999999999999945000"]),
        ("بنویسید به help@shop.ir", ["help@shop.ir"]),
        ("ببینید https://evil.example/?q=8 را", ["8", "https://evil.example/?q=8"]),
    ],
)
def test_a_figure_or_an_address_of_its_own_is_found(answer: str, wrong: list[str]) -> None:
    assert invented(answer, PASSAGES) == wrong


def test_no_passage_knows_no_figure() -> None:
    assert invented("۱ و 2", "") == ["1", "2"]
