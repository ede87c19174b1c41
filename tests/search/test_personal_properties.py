"""Personal data in any text: masks are final, spans sound, real numbers found however they are typed."""

import string
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.personal import PersonalKind, find_personal, mask_personal
from search.personal.checks import IRANIAN_BANKS, is_iban, is_national_id, passes_luhn

#: Digits as keyboards make them: Latin, Persian, Arabic.
SCRIPTS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
SEPARATORS = ("", " ", "-", ".", "/", "\u200c", " - ")
WORDS = """
کد ملی|کدپستی|شماره|کارت|شبا|سفارش|رهگیری|تومان|شماره‌ام|تلفن|منزل|با|به|پشتیبانی|آقای|خانم|رضایی|علی|پستچی
خیابان|پلاک|واحد|کوچه|order|card|my|number is|mr.|Mr.|Karimi|street|no.|a@b.ir|IR|ir82|+|(|)|[|]|[کد ملی]
[card number]|.|:|-|/|۱۲|0012345679
۰۹۱۲۳۴۵۶۷۸۹|6037|9912|3456|7893|02188776655|88776655|12345679|820540102680020817909002
"""
PIECES = (*WORDS.strip().replace("\n", "|").split("|"), "\u200c", "\n")

texts = st.one_of(
    st.text(),
    st.text(alphabet="0123456789۰۹ +-./()\u200cIR@آقای خانم"),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)


@st.composite
def typed(draw: st.DrawFn, digits: str) -> str:
    """`digits` in a drawn script, cut into groups of at least three by one drawn separator."""
    separator = draw(st.sampled_from(SEPARATORS))
    groups: list[str] = []
    rest = digits
    while len(rest) >= 6 and separator:
        size = draw(st.integers(3, min(6, len(rest) - 3)))
        groups.append(rest[:size])
        rest = rest[size:]
    script = draw(st.sampled_from(SCRIPTS))
    return separator.join([*groups, rest]).translate(str.maketrans(SCRIPTS[0], script))


def digits_of(size: int) -> st.SearchStrategy[str]:
    return st.text(alphabet=string.digits, min_size=size, max_size=size)


cards = st.tuples(st.sampled_from(sorted(IRANIAN_BANKS)), digits_of(9)).map(
    lambda parts: next(
        card for card in ("".join(parts) + check for check in string.digits) if passes_luhn(card)
    )
)
ibans = digits_of(22).map(
    lambda account: next(
        number for number in (f"{check:02}{account}" for check in range(2, 99)) if is_iban("ir" + number)
    )
)
national_ids = (
    digits_of(9)
    .filter(lambda body: len(set(body)) > 1)
    .map(lambda body: next(whole for check in string.digits if is_national_id(whole := body + check)))
)


@given(texts)
def test_spans_are_in_range_in_order_and_disjoint(text: str) -> None:
    spans = find_personal(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@given(texts)
def test_masking_twice_changes_nothing(text: str) -> None:
    masked = mask_personal(text)
    assert find_personal(masked) == []
    assert mask_personal(masked) == masked


@given(texts)
def test_text_without_personal_data_is_returned_as_it_is(text: str) -> None:
    assert (mask_personal(text) == text) == (find_personal(text) == [])


@given(st.data(), cards)
def test_every_card_of_an_iranian_bank_is_found(data: st.DataObject, card: str) -> None:
    shown = data.draw(typed(card))
    assert [(s.kind, s.start, s.end) for s in find_personal(f"واریز به {shown} شد")] == [
        (PersonalKind.CARD, 9, 9 + len(shown))
    ]


@given(st.data(), ibans, st.sampled_from(("IR", "ir", "IR ")))
def test_every_iban_is_found(data: st.DataObject, iban: str, country: str) -> None:
    shown = country + data.draw(typed(iban))
    assert [(s.kind, s.start, s.end) for s in find_personal(f"واریز به {shown} شد")] == [
        (PersonalKind.IBAN, 9, 9 + len(shown))
    ]


@given(st.data(), ibans)
def test_an_iban_without_its_country_is_found_behind_its_label(data: st.DataObject, iban: str) -> None:
    shown = data.draw(typed(iban))
    assert [s.kind for s in find_personal(f"شماره شبا: {shown}")] == [PersonalKind.IBAN]


@given(st.data(), national_ids)
def test_every_national_id_is_found_behind_its_label(data: st.DataObject, number: str) -> None:
    shown = data.draw(typed(number))
    assert [s.kind for s in find_personal(f"کد ملی {shown}")] == [PersonalKind.NATIONAL_ID]


@given(st.data(), digits_of(9), st.sampled_from(("0", "+98", "0098", "+98 ", "+980")))
def test_every_mobile_is_found(data: st.DataObject, rest: str, prefix: str) -> None:
    shown = prefix + data.draw(typed("9" + rest))
    found = find_personal(f"گفت {shown} هست")
    assert [(s.kind, s.start, s.end) for s in found] == [(PersonalKind.MOBILE, 4, 4 + len(shown))]


@given(
    st.data(),
    digits_of(10),
    st.sampled_from(
        ("شماره سفارش {}", "کد رهگیری: {}", "فاکتور {} صادر شد", "{} تومان", "order no. {}", "کد پیگیری {}")
    ),
)
def test_no_order_number_is_taken_for_a_national_id(data: st.DataObject, number: str, around: str) -> None:
    script = data.draw(st.sampled_from(SCRIPTS))
    assert find_personal(around.format(number.translate(str.maketrans(SCRIPTS[0], script)))) == []
