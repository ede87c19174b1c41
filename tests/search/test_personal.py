"""What is personal data and what only looks like it: Persian (formal and spoken), English, mixed.

No number here is anybody's: they were made up and given a valid check digit.
"""

from collections.abc import Callable

import pytest

from search.personal import PersonalKind, PersonalSpan, find_personal, mask_personal
from search.personal.checks import is_iban, is_legal_id, is_national_id, passes_luhn

PERSONAL = [
    # cards
    ("شماره کارتم 6037991234567893 هست", "card 6037991234567893"),
    ("کارت به کارت کردم به ۶۲۱۹-۸۶۱۲-۳۴۵۶-۷۸۹۸ ولی نرسید", "card ۶۲۱۹-۸۶۱۲-۳۴۵۶-۷۸۹۸"),
    ("بزن به ٦١٠٤ ٣٣١٢ ٣٤٥٦ ٧٨٩٠ بی‌زحمت", "card ٦١٠٤ ٣٣١٢ ٣٤٥٦ ٧٨٩٠"),
    ("مبلغ را به 6273.5312.3456.7890 واریز کنید", "card 6273.5312.3456.7890"),
    ("۵۰۲۲۲۹ ۱۲ ۳۴۵۶ ۷۸۹۷ پاسارگاده", "card ۵۰۲۲۲۹ ۱۲ ۳۴۵۶ ۷۸۹۷"),
    ("my card is 4111 1112 3456 7892 and it was charged twice", "card 4111 1112 3456 7892"),
    ("amex card 3782 822463 10005", "card 3782 822463 10005"),
    ("refund به کارت 5894631234567899 بزنید لطفا", "card 5894631234567899"),
    # accounts
    ("شبام IR820540102680020817909002 به نام خودمه", "iban IR820540102680020817909002"),
    ("شبا: IR۸۲ ۰۵۴۰ ۱۰۲۶ ۸۰۰۲ ۰۸۱۷ ۹۰۹۰ ۰۲", "iban IR۸۲ ۰۵۴۰ ۱۰۲۶ ۸۰۰۲ ۰۸۱۷ ۹۰۹۰ ۰۲"),
    ("شماره شبا ۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۲", "iban ۰۵۰۱۷۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹۰۱۲"),
    ("send it to ir05-0170-0000-0012-3456-7890-12 please", "iban ir05-0170-0000-0012-3456-7890-12"),
    ("My IBAN is DE89 3704 0044 0532 0130 00.", "iban DE89 3704 0044 0532 0130 00"),
    # mobile
    ("شماره من ۰۹۱۲۳۴۵۶۷۸۹ است", "mobile ۰۹۱۲۳۴۵۶۷۸۹"),
    ("زنگ بزنید 0912 345 67 89 جواب میدم", "mobile 0912 345 67 89"),
    ("با ۰۹۳۵-۱۲۳-۴۵۶۷ هماهنگ کنید", "mobile ۰۹۳۵-۱۲۳-۴۵۶۷"),
    ("واتساپ +98 912 345 6789", "mobile +98 912 345 6789"),
    ("call me on 00989123456789", "mobile 00989123456789"),
    ("موبایل 9123456789", "mobile 9123456789"),
    ("شمارمو یادداشت کن٠٩٠١٢٣٤٥٦٧٨", "mobile ٠٩٠١٢٣٤٥٦٧٨"),
    ("سفارش ۱۲۳۴۵۶۷ به نام همسرم، ۰۹۱۲‌۳۴۵‌۶۷۸۹", "mobile ۰۹۱۲‌۳۴۵‌۶۷۸۹"),
    ("https://wa.me/989123456789", "mobile 989123456789"),
    # somebody's own landline
    ("شماره‌ام ۰۲۱-۸۸۷۷۶۶۵۵ است", "landline ۰۲۱-۸۸۷۷۶۶۵۵"),
    ("تلفن منزل: ۰۳۱ ۳۶۲۵ ۱۴۷۸", "landline ۰۳۱ ۳۶۲۵ ۱۴۷۸"),
    ("شماره تماس من ۰۵۱۳۸۴۵۶۷۸۹", "landline ۰۵۱۳۸۴۵۶۷۸۹"),
    ("شماره خونه 88776655 هر وقت بود زنگ بزنید", "landline 88776655"),
    ("۰۲۱۸۸۷۷۶۶۵۵ شماره منزلمونه", "landline ۰۲۱۸۸۷۷۶۶۵۵"),
    ("my number is +98 21 8877 6655", "landline +98 21 8877 6655"),
    ("شماره تماستون ۰۲۶-۳۲۵۱۴۷۸۹ درسته؟", "landline ۰۲۶-۳۲۵۱۴۷۸۹"),
    ("my number is +44 20 7946 0958", "landline +44 20 7946 0958"),
    ("my home phone (021) 88776655", "landline (021) 88776655"),
    # ids and postal codes
    ("کد ملی من ۰۰۱۲۳۴۵۶۷۹", "national_id ۰۰۱۲۳۴۵۶۷۹"),
    ("کدملیم 006-789123-3 ه", "national_id 006-789123-3"),
    ("کدملی=۰۰۱۲۳۴۵۶۷۹", "national_id ۰۰۱۲۳۴۵۶۷۹"),
    ("کد ملی: 12345679", "national_id 12345679"),
    ("national id 1276543212", "national_id 1276543212"),
    ("مشخصات: ۰۴۵۶۷۸۹۰۱۴ متولد ۱۳۷۰", "national_id ۰۴۵۶۷۸۹۰۱۴"),
    ("شماره سفارش ۵۵۱۲۳ و کد ملی ۰۰۱۲۳۴۵۶۷۹", "national_id ۰۰۱۲۳۴۵۶۷۹"),
    ("شناسه ملی شرکتمون ۱۰۳۸۰۲۸۴۷۹۰", "legal_id ۱۰۳۸۰۲۸۴۷۹۰"),
    ("کد پستی ۱۹۳۹۵-۴۷۸۱۲", "postal_code ۱۹۳۹۵-۴۷۸۱۲"),
    ("کدپستیم 1939547812 بود نه این", "postal_code 1939547812"),
    ("postal code: 1234567891", "postal_code 1234567891"),
    # addresses
    ("تهران، خیابان ولیعصر، کوچه ۵، پلاک ۱۲، واحد ۳", "address خیابان ولیعصر، کوچه ۵، پلاک ۱۲، واحد ۳"),
    ("بیارید خیابون آزادی کوچه سوم پلاک بیست و هفت زنگ دوم", "address خیابون آزادی کوچه سوم پلاک بیست و هفت"),
    ("نشونی: بلوار کشاورز روبروی پارک پلاک 110 طبقه 2", "address بلوار کشاورز روبروی پارک پلاک 110 طبقه 2"),
    ("Deliver to Valiasr Street, No. 27, Unit 4 please", "address Valiasr Street, No. 27, Unit 4"),
    ("I moved to 12 Shariati Ave.", "address 12 Shariati Ave."),
    # e-mail
    ("ایمیلم ali.rezaei.70@gmail.com است", "email ali.rezaei.70@gmail.com"),
    ("write to Sara_K+shop@mail.co.uk, thanks", "email Sara_K+shop@mail.co.uk"),
    ("ایمیلش sara@mail.irه", "email sara@mail.ir"),
    # names
    ("آقای راننده و خانم دکتر رفیعی", "name رفیعی"),
    ("جناب آقای حسین عباسی‌فر", "name حسین عباسی‌فر"),
    ("گفت آقای کریمیه", "name کریمیه"),
    ("تحویل آقای رحیمی نگهبان شد", "name رحیمی"),
    ("سلام خانم محمدی وقت بخیر", "name محمدی"),
    ("اینجانب علی رضایی درخواست مرجوعی دارم", "name علی رضایی"),
    ("جناب آقای دکتر محمد رضا کریمی", "name محمد رضا کریمی"),
    ("سرکار خانم فاطمه حسن زاده", "name فاطمه حسن زاده"),
    ("با آقای علی‌پور صحبت کردم", "name علی‌پور"),
    ("آقاي احمدي‌نژاد زنگ زد", "name احمدي‌نژاد"),
    ("I talked to Mr. Karimi yesterday", "name Karimi"),
    ("Ms Sara Ahmadi signed for it", "name Sara Ahmadi"),
]

NOT_PERSONAL = [
    # orders, invoices, tracking, amounts: valid check digits or not
    "شماره سفارش ۰۰۱۲۳۴۵۶۷۹",
    "کد رهگیری: 0067891233",
    "فاکتور ۱۲۷۶۵۴۳۲۱۲ صادر شد",
    "کد پیگیری پرداختم ۰۴۵۶۷۸۹۰۱۴ بود",
    "۱۲۳۴۵۶۷۸۹۱ تومان از حسابم کم شد",
    "مبلغ ۱۲٬۵۰۰٬۰۰۰ ریال",
    "order 1276543212 has not arrived",
    "tracking no. 0012345679",
    "invoice number: 1234567891",
    "شماره سفارش:\n۱۲۳۴۵۶۷۸۹۱",
    "سفارش SB-۴۰۲۱۱۸۷ هنوز نرسیده",
    "SB-0012345679",
    "کد مرجوعی R-۶۰۴۱۲۸ را روی کارتن بنویسید",
    "بارکد مرسوله ۱۱۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹۰۱۲",
    "https://shop.example/orders/0012345679?ref=1276543212",
    "سریال دستگاه 352099001761481",
    "imei 352099001761481 رجیستر نشده",
    # wrong check digits, too short, too long
    "کد ملی ۰۰۱۲۳۴۵۶۷۸ را نمی‌پذیرد",
    "شماره ۴۱۱۱۱۱۱۲۳۴۵۶۷۸۹۳ نامعتبر است",
    "IR830540102680020817909002",
    "60379912345678931",
    "کد ورود ۵ رقمی ۴۸۲۹۳ است",
    "1111111111",
    "12345679",
    "۱۹۳۹۵۴۷۸۱۱",
    # dates and times
    "۱۴۰۳/۰۵/۱۲ ۱۰:۳۰",
    "from 2024-09-12 1234567 times",
    # the shop's own lines and mailboxes
    "با ۰۲۱-۹۱۰۰۰۰۰۰ تماس بگیرید",
    "تلفن پشتیبانی: ۰۲۱-۹۱۰۰۰۰۰۰",
    "با شماره‌ام به ۰۲۱-۹۱۰۰۰۰۰۰ زنگ زدم",
    "شماره‌ام را به پشتیبانی ۰۲۱-۹۱۰۰۰۰۰۰ دادم",
    "شماره ما ۰۲۱۹۱۰۰۰۰۰۰ است",
    "شماره‌ام را عوض کردم. تلفن شما ۰۲۱-۹۱۰۰۰۰۰۰ بود؟",
    "از ۰۲۱-۹۱۰۰۰۰۰۰ به من زنگ زدند",
    "call our support line 021-91000000 every day",
    "سرشمارهٔ ۱۰۰۰۹۱",
    "به support@sabadineh.example بنویسید",
    "no-reply@shop.ir",
    "my account number is 88776655",
    "the hotline in London is +44 20 7946 0958",
    # streets that are no address
    "کوچه دوم، زنگ سوم",
    "خیابان شلوغ بود و پیک پلاک ۲۷ را پیدا نکرد",
    "پلاک را ننوشته بودم",
    "it is down the street",
    "2 orders on the road",
    # titles without a name
    "آقای پستچی بسته را گذاشت",
    "سلام خانم خسته نباشید",
    "سلام خانم من چهارده تا جریمه خوردم",
    "یه آقای میانسالی تحویل گرفت",
    "آقای محترم لطفاً پاسخ بدهید",
    "خانم‌ها و آقایان",
    "خانم مشتری عصبانی بود",
    "اینجانب درخواست بازگشت وجه دارم",
    "خانم عزیز سفارشتون تو راهه",
    "Mr Postman left it there",
    "متن بی‌هیچ دادهٔ شخصی",
    "",
]


@pytest.mark.parametrize(("text", "expected"), PERSONAL)
def test_personal_data_is_found_exactly(text: str, expected: str) -> None:
    assert [f"{span.kind} {text[span.start : span.end]}" for span in find_personal(text)] == [expected]


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert find_personal(text) == []
    assert mask_personal(text) == text


def test_the_tables_show_every_kind() -> None:
    assert {expected.split()[0] for _, expected in PERSONAL} == {str(kind) for kind in PersonalKind}


def test_several_kinds_come_in_reading_order() -> None:
    text = "آقای کریمی، ۰۹۱۲۳۴۵۶۷۸۹، کد ملی ۰۰۱۲۳۴۵۶۷۹، کد پستی ۱۹۳۹۵۴۷۸۱۲، k@x.ir"
    kinds = [span.kind for span in find_personal(text)]
    assert kinds == ["name", "mobile", "national_id", "postal_code", "email"]


def test_numbers_standing_side_by_side_are_told_apart() -> None:
    text = "6037991234567893 09123456789"
    assert find_personal(text) == [
        PersonalSpan(PersonalKind.CARD, 0, 16),
        PersonalSpan(PersonalKind.MOBILE, 17, 28),
    ]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("کارتم 6037991234567893 بود", "کارتم [شماره کارت] بود"),
        ("my card 6037 9912 3456 7893 was charged", "my card [card number] was charged"),
        ("ایمیلم long.latin.address@gmail.com ه", "ایمیلم [ایمیل] ه"),
        ("I wrote to سبدینه from k@x.ir yesterday", "I wrote to سبدینه from [email] yesterday"),
        ("۰۹۱۲۳۴۵۶۷۸۹", "[شماره موبایل]"),
        ("09123456789", "[mobile number]"),
        ("آقای کریمی (021) 88776655 شماره منزل", "آقای [نام] [شماره تلفن] شماره منزل"),
        ("شبا IR820540102680020817909002، کد ملی 12345679", "شبا [شماره شبا]، کد ملی [کد ملی]"),
    ],
)
def test_marks_are_in_the_language_of_the_text(text: str, masked: str) -> None:
    assert mask_personal(text) == masked


def test_a_mark_lends_no_context_to_the_number_beside_it() -> None:
    masked = mask_personal("کد ملی ۰۰۱۲۳۴۵۶۷۹")
    assert masked == "کد ملی [کد ملی]"
    assert find_personal("[کد ملی] 12345679") == []


@pytest.mark.parametrize(
    ("valid", "accepts"),
    [
        (
            "0012345679",
            is_national_id,
        ),  # 1*8 + 2*7 + 3*6 + 4*5 + 5*4 + 6*3 + 7*2 = 112, 112 mod 11 = 2, 11 - 2 = 9
        ("0499370899", is_national_id),
        ("4111111111111111", passes_luhn),
        ("ir820540102680020817909002", is_iban),
        ("gb29nwbk60161331926819", is_iban),
    ],
)
def test_one_changed_digit_breaks_a_checksum(valid: str, accepts: Callable[[str], bool]) -> None:
    assert accepts(valid)
    for place in range(4, len(valid)):
        if valid[place].isdigit():
            assert not accepts(valid[:place] + str((int(valid[place]) + 1) % 10) + valid[place + 1 :])


def test_a_legal_id_has_one_check_digit() -> None:
    # each digit + 9 + 2: 12*29 + 11*27 + 14*23 + 19*19 + 11*17 + 13*29 + 19*27 + 15*23 + 18*19 + 20*17
    # = 3432 = 312 * 11
    assert [digit for digit in "0123456789" if is_legal_id("1038028479" + digit)] == ["0"]
