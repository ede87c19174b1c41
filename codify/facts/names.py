"""Telephone numbers, links, e-mail addresses, dial and labelled codes, versions in folded text."""

import re
from collections.abc import Iterator, Sequence

from codify.facts.value import Bound, FactKind, Found, Name

_GAP = "[ \t]*"
_L = "a-z\u0621-\u063a\u0641-\u064a\u067e-\u06cc"
_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'()،؛«»]+"
    r"|(?<![\w@./-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|ir|org|net|io|dev|app|example|shop|co|me|info|help)"
    r"(?:/[^\s<>\"'()،؛«»]*)?(?![\w@])"
)
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
_DIAL = re.compile(r"(?<![\w*∗#])(?:[*∗]\d{1,5}(?:[*∗]\d{1,16}){0,4}#|#\d{2,5}#)")
_PHONE = re.compile(
    r"(?<![\w.,/:*+-])(?:\+|00)?\(?\d{1,5}\)?(?:[ \t.-]{0,2}\(?\d{2,10}\)?){0,5}(?![\w%]|[.,:/]\d)"
)
_SHORT = re.compile(r"(?<![\w.,/:-])(\d{3,6})(?![\w%]|[.,:/-]\d)")
_CALL = re.compile(
    rf"(?<![{_L}])(?:تماس|تلفن|شماره|زنگ|سامانه|پیامک|call|phone|tel|telephone|dial|hotline|helpline|sms|text|number)"
    rf"(?![{_L}])[^.؟?!\d]{{0,40}}\Z"
)
_CALL_AFTER = re.compile(rf"{_GAP}(?:تماس|زنگ|پیامک|را بگیرید|بگیرید)")
_UNIT_AFTER = re.compile(
    rf"{_GAP}-?{_GAP}(?:تومان|تومن|ریال|هزار|میلیون|روز|ساعت|دقیقه|ماه|سال|هفته|درصد|نفر|بار|عدد|رقم|کاراکتر|گرم|کیلو"
    r"|toman|rial|days?|hours?|minutes?|months?|years?|percent|times|users|digits?|characters|\$|€|usd|eur)"
)
_LABELS = {
    "extension": r"داخلی|extension|ext\.?",
    "port": "پورت|port",
    "floor": "طبقه|floor",
    "plaque": "پلاک",
    "unit": "واحد|suite|room|اتاق",
    "option": "گزینه|عدد|کلید|option|press|key",
    "error": "خطای|خطا|ارور|error(?: code)?|status(?: code)?",
    "code": "کد(?: دستوری| خطای?| پیش فرض)?|code|pin|promo code|coupon|shortcode|rule|فرم|form",
    "gate": "باجه|گیشه|درب|gate|counter",
    "line": "خط|line",
    "level": "سطح|لایه|tier|level|class|کلاس|دسته",
}
_QUOTES = r"[ \t:#«\"'`]"
_OWNER = rf"(?:(?<=داخلی )(?:[{_L}]+ ){{1,3}}|(?<=extension )(?:(?:for|of|the) [{_L} ]{{2,30}} is )?)?"
_LABELLED = [
    (
        label,
        re.compile(
            rf"(?<![{_L}])(?:{words})(?: شماره)?{_QUOTES}*(?:is |of )?{_OWNER}"
            r"((?=[a-z0-9_-]*\d)[a-z0-9]+(?:[-_][a-z0-9]+)*)(?![\w]|[.:,/]\d)"
        ),
    )
    for label, words in _LABELS.items()
]
_COUPON = re.compile(
    rf"(?<![{_L}])(?:کد تخفیف|کد|coupon(?: code)?|promo(?: code)?|discount code|code){_QUOTES}+"
    r"([A-Z][A-Z0-9]{3,})(?!\w)"
)
_PRODUCTS = (
    r"android|ios|ipados|macos|windows|chrome|firefox|safari|edge|php|python|java|node(?:\.js)?|postgres(?:ql)?"
    "|mysql|redis|اندروید|ای ?او ?اس|ویندوز|مک|لینوکس|کروم|فایرفاکس"
)
_VERSION = re.compile(
    rf"(?<![{_L}])(?:(نسخه|ویرایش|ورژن|version|ver\.?|release|v|{_PRODUCTS})(?: ?ی| های)?(?: شماره)?"
    rf"{_GAP}[:«]?{_GAP}v?(\d+(?:\.\d+)*)|v?(\d+\.\d+\.\d+)|اپلیکیشن {_GAP}(\d+\.\d+)|app {_GAP}(\d+\.\d+))"
    r"(?!\d|\.\d|[ \t]*(?:تومان|هزار|درصد|%))"
)
_LATER = re.compile(
    rf"{_GAP}(?:به بعد|به بالا|و بالاتر|یا بالاتر|و جدیدتر|یا جدیدتر"
    r"|or (?:later|higher|newer|above)|and (?:later|above|up|newer)|\+)"
)
_EARLIER = re.compile(
    rf"{_GAP}(?:به پایین|و پایین تر|یا پایین تر|و قدیمی تر"
    r"|or (?:earlier|lower|older)|and (?:earlier|below|older))"
)
_FROM_LEAST = re.compile(
    rf"(?<![{_L}])(?:حداقل|دست ?کم|at least|minimum|requires?|needs?)[ \t]*(?:the |an? )?\Z"
)


def find_names(folded: str, original_case: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    """Names in reading order, none inside another or inside `taken`.

    Args:
        original_case: the same text with its capitals: a coupon is written in them.
    """
    occupied = list(taken)
    found: list[Found] = []
    for names in (
        _addresses(folded),
        _versions(folded),
        _phones(folded),
        _extensions(folded),
        _short_phones(folded),
        _coupons(original_case),
        _labelled(folded),
    ):
        for name in names:
            if not any(start < name.end and name.start < end for start, end in occupied):
                found.append(name)
                occupied.append((name.start, name.end))
    return sorted(found, key=lambda name: name.start)


def _addresses(folded: str) -> Iterator[Found]:
    for m in _EMAIL.finditer(folded):
        yield Found(FactKind.EMAIL, m.start(), m.end(), Name(m[0]))
    for m in _LINK.finditer(folded):
        text = m[0].rstrip(".,;:!؟?")
        name = Name(_SCHEME.sub("", text).rstrip("/"))
        yield Found(FactKind.LINK, m.start(), m.start() + len(text), name)
    for m in _DIAL.finditer(folded):
        yield Found(FactKind.CODE, m.start(), m.end(), Name(m[0].replace("∗", "*"), "dial"))


def _versions(folded: str) -> Iterator[Found]:
    for m in _VERSION.finditer(folded):
        number = next(group for group in m.groups()[1:] if group)
        if "." not in number and m[1] == "v" and len(number) > 3:
            continue
        after = _LATER.match(folded, m.end()) or _EARLIER.match(folded, m.end())
        name = Name(number, _product(m[1]), _version_bound(folded, m))
        yield Found(FactKind.VERSION, m.start(), after.end() if after else m.end(), name)


def _phones(folded: str) -> Iterator[Found]:
    for m in _PHONE.finditer(folded):
        digits = _phone(m[0])
        if digits and not _UNIT_AFTER.match(folded, m.end()):
            yield Found(FactKind.PHONE, m.start(), m.start() + len(m[0].rstrip(" \t.-")), Name(digits))


def _extensions(folded: str) -> Iterator[Found]:
    """Their numbers alone: the words between say whose they are."""
    label, pattern = _LABELLED[0]
    for m in pattern.finditer(folded):
        yield Found(FactKind.CODE, m.start(1), m.end(1), Name(m[1], label))


def _short_phones(folded: str) -> Iterator[Found]:
    for m in _SHORT.finditer(folded):
        head = folded[max(0, m.start() - 60) : m.start()]
        called = _CALL.search(head) or _CALL_AFTER.match(folded, m.end())
        if called and not _UNIT_AFTER.match(folded, m.end()) and not _is_year(m[1]):
            yield Found(FactKind.PHONE, m.start(), m.end(), Name(m[1]))


def _coupons(original_case: str) -> Iterator[Found]:
    for m in _COUPON.finditer(original_case):
        yield Found(FactKind.CODE, m.start(1), m.end(1), Name(m[1].lower(), "code"))


def _labelled(folded: str) -> Iterator[Found]:
    for label, pattern in _LABELLED:
        for m in pattern.finditer(folded):
            if not _UNIT_AFTER.match(folded, m.end()):
                yield Found(FactKind.CODE, m.start(), m.end(), Name(m[1], label))


def _phone(text: str) -> str:
    """Digits in the form used at home, "" for what is no telephone number."""
    digits = re.sub(r"\D", "", text)
    plus = text.lstrip("(").startswith("+")
    for prefix in ("0098", "98"):
        if digits.startswith(prefix) and (plus or prefix == "0098") and len(digits) - len(prefix) in (10, 11):
            return "0" + digits[len(prefix) :].removeprefix("0")
    if plus and 8 <= len(digits) <= 15:
        return "+" + digits
    if digits.startswith("0") and 7 <= len(digits) <= 12 and (len(digits) >= 8 or "-" in text):
        return digits
    grouped = re.fullmatch(
        r"(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\d{3}[-. ]\d{4}|1[-. ]\d{3}[-. ]\d{3}[-. ]\d{4}", text
    )
    if grouped:
        return digits.removeprefix("1") if len(digits) == 11 else digits
    return digits if re.fullmatch(r"[1-9]\d{7}", text) or re.fullmatch(r"9\d{3}[ -]?\d{4}", text) else ""


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("13", "14", "19", "20")


def _product(word: str | None) -> str:
    """What the version is of, where that is a platform; a version word names nothing."""
    if not word or word in ("v", "ver", "ver.", "version", "release", "نسخه", "ورژن", "ویرایش"):
        return "version"
    return {
        "اندروید": "android",
        "ویندوز": "windows",
        "کروم": "chrome",
        "فایرفاکس": "firefox",
        "مک": "macos",
        "لینوکس": "linux",
    }.get(word, "ios" if "او" in word else word)


def _version_bound(folded: str, match: re.Match[str]) -> Bound:
    if _LATER.match(folded, match.end()) or _FROM_LEAST.search(
        folded[max(0, match.start() - 20) : match.start()]
    ):
        return Bound.AT_LEAST
    return Bound.AT_MOST if _EARLIER.match(folded, match.end()) else Bound.EXACT
