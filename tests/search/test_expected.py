"""What a question asks for, and whether a sentence gives it."""

import pytest

from search.expected import Expected, expected_of, holds_expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("پولم کی برمی‌گرده؟", (Expected.TIME,)),
        ("چند روز طول می‌کشه", (Expected.TIME,)),
        ("مهلت مرجوعي چقدر است", (Expected.TIME, Expected.MONEY)),
        ("در چه سالی تاسیس شد", (Expected.TIME,)),
        ("how long does a refund take", (Expected.TIME,)),
        ("how many working days", (Expected.COUNT,)),
        ("هزینهٔ ارسال به شهرستان", (Expected.MONEY,)),
        ("how much is delivery", (Expected.MONEY,)),
        ("قیمتش چقدره؟", (Expected.MONEY,)),
        ("ارسال چه‌قدر؟", (Expected.MONEY,)),
        ("چقدر طول می‌کشد", (Expected.TIME,)),
        ("whenever I sign in", ()),
        ("شمارهٔ پشتیبانی", (Expected.COUNT,)),
        ("تندیس چند کیلوگرم است", (Expected.COUNT,)),
        ("چطور رمزم را عوض کنم", ()),
        ("این شعر از کیست", ()),
    ],
)
def test_the_kind_of_quantity_is_read_from_the_question(
    question: str, expected: tuple[Expected, ...]
) -> None:
    assert expected_of(question) == expected


@pytest.mark.parametrize(
    ("text", "kind", "holds"),
    [
        ("کارت بانکی · ۳ تا ۵ روز کاری", Expected.TIME, True),
        ("سه روز بعد", Expected.TIME, True),
        ("within 48 hours", Expected.TIME, True),
        ("در سال ۱۳۹۵", Expected.TIME, True),
        ("هر روز", Expected.TIME, False),
        ("open all day", Expected.TIME, False),
        ("a few days", Expected.TIME, True),
        ("یکسال", Expected.TIME, True),
        ("25 dollars", Expected.MONEY, True),
        ("5 European countries", Expected.MONEY, False),
        ("۴۵٬۰۰۰ تومان", Expected.MONEY, True),
        ("ارسال رایگان است", Expected.MONEY, True),
        ("ارسال گران است", Expected.MONEY, False),
        ("داخلی ٢", Expected.COUNT, True),
    ],
)
def test_a_sentence_gives_a_quantity_or_does_not(text: str, kind: Expected, holds: bool) -> None:
    assert holds_expected(text, (kind,)) is holds


def test_nothing_is_expected_of_other_questions() -> None:
    assert not holds_expected("۳ روز", ())
