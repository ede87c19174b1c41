"""What the words around a number say about it: which number it is, and whose.

Text here is folded by `search.personal`.
"""

import re

_GAP = r"[ \u200c]*"
_DIGIT = re.compile(r"[0-9]")
#: How far a label reaches to a number after it and before it, and a guard, in characters.
_LABEL_BEFORE, _LABEL_AFTER = 50, 20
#: What a number may be called. Each way to say it begins with a plain letter: then the search is quick.
_SAID = {
    "national": (
        rf"کد{_GAP}ملی|شماره{_GAP}ملی|شناسه{_GAP}ملی|کارت{_GAP}ملی"
        r"|national (?:id|code|number)|code? ?mell?i|kode? ?mell?i"
    ),
    "legal": rf"شناسه{_GAP}حقوقی|کد{_GAP}اقتصادی|company (?:national )?id|legal (?:entity )?id",
    "postal": rf"کد{_GAP}پستی|post(?:al)?[ -]?code|zip(?<![a-z]zip)(?:[ -]?code|(?![a-z]))",
    "iban": r"شبا(?<!\wشبا)(?:ی|م|ش|ت|تون|مون|شون)?(?!\w)|iban|sheba",
    "card": r"کارت|card(?<![a-z]card)",
    "other": (
        r"سفارش|فاکتور|رهگیری|پیگیری|مبلغ|قیمت|تومان|تومن|ریال|مرسوله|بارنامه|سریال|بارکد|تیکت|پرونده|تراکنش|ارجاع"
        rf"|تخفیف|مرجوعی|شناسه{_GAP}(?:پرداخت|قبض|واریز|کالا)|کد{_GAP}کالا"
        r"|imei|order|track|invoice|amount|price|serial|barcode|ticket|case(?<![a-z]case)(?![a-z])|ref(?<![a-z]ref)"
        r"|transaction|sku(?<![a-z]sku)|parcel|shipment|toman|rial(?<![a-z]rial)"
    ),
    "phone": (
        rf"موبایل|همراه|تلفن|تماس|شماره{_GAP}(?:ام|م|من)(?!\w)|شمارم|واتس{_GAP}[اآ]پ"
        r"|mobile|phone|whatsapp|cell(?<![a-z]cell)|call(?<![a-z]call)"
    ),
}
_LABEL = re.compile("|".join(_SAID.values()))
_LABELS = {name: re.compile(said) for name, said in _SAID.items()}
_OWNER = (
    r"(?:من|بنده|خودم|اینجانب|همسرم|شوهرم|خانو?مم|مادرم|مامانم|پدرم|بابام|پسرم|دخترم|برادرم|خواهرم|"
    rf"محل{_GAP}کارم|دفترم|مغازم)"
)
_LINE = rf"(?:شماره|تلفن|خط)(?:{_GAP}(?:تماس|تلفن|ثابت|ی|های))*"
#: A landline is personal only where the sentence says whose it is; a shop's lines are public.
_OWN = re.compile(
    rf"""
    (?<!\w)(?:
        {_LINE}{_GAP}(?:ا?م|{_OWNER})(?:ه|ست)?(?!\w)
      | شمارم(?:ه|و)?(?!\w)
      | (?:تلفن|تماس|ثابت){_GAP}مشتری
      | (?:شماره|تلفن|خط)(?:{_GAP}(?:تماس|تلفن|ثابت|ی))*{_GAP}(?:منزل|خونه|خونم|خانه)
      | (?:(?:با|به){_GAP}(?:من|خودم|بنده)|بهم|باهام){_GAP}(?:زنگ{_GAP}بزن|تماس{_GAP}بگیر)
    )
  | \bmy\ (?:(?:home|work|office|contact|direct|own)\ )?(?:(?:tele)?phone|landline|number|line)\b
  | \bhome\ (?:phone|number|landline)
  | \b(?:call|phone|reach|ring)\ me\ (?:back\ )?(?:at|on)\b|\bcustomer'?s?\ (?:phone|landline)
    """,
    re.VERBOSE,
)
#: "Is your number ... right?": an agent reads the customer's number back.
_YOURS = re.compile(
    rf"(?<!\w){_LINE}{_GAP}(?:منزل)?(?:تون|تان|ت|شما)(?!\w)"
    r"|\byour (?:home |contact )?(?:number|(?:tele)?phone)"
)
_CONFIRMED = re.compile(r"درست|صحیح|ثبت|\bright\b|correct")
_PUBLIC = re.compile(
    rf"پشتیبانی|فروشگاه|مرکز{_GAP}تماس|سایت|شرکت|بانک|نمایندگی|گارانتی"
    r"|support|hotline|call cent|\bour\b|bank"
)
_SENTENCE_END = re.compile(r"[!?؟؛]|\.(?=\s|\Z)|(?<!:)\n")
_CALLED = re.compile(r"(?<!\w)(?:به|با|از|call|from)(?: شماره)?[ \u200c]+\Z")


def label_of(folded: str, start: int, end: int) -> str | None:
    """National, legal, postal, iban, card, other or phone: the nearest label before a number.

    Without one, a label right after it counts, unless that belongs to a following number.
    """
    before = list(_LABEL.finditer(folded, max(0, start - _LABEL_BEFORE), start))
    if before:
        return _name(before[-1])
    after = folded[end : end + _LABEL_AFTER + 15]
    found = _LABEL.search(after, 0, _LABEL_AFTER)
    if found is None or _DIGIT.search(after, found.end()) or ":" in after[found.end() :]:
        return None
    return _name(found)


def is_other_number(folded: str, start: int, end: int) -> bool:
    """Whether something near says order, invoice, tracking, amount or the like."""
    other = _LABELS["other"]
    return bool(
        other.search(folded, max(0, start - _LABEL_BEFORE), start)
        or other.search(folded, end, end + _LABEL_AFTER)
    )


def _name(label: re.Match[str]) -> str:
    return next(
        name for name, said in _LABELS.items() if said.match(label.string, label.start(), label.endpos)
    )


def is_own_line(folded: str, start: int, end: int) -> bool:
    """Whether the sentence says that a telephone is somebody's own; a shop's lines are public.

    True for "my number is 021...", "021... is my number" and "your number is 021..., right?"; false
    when the number is one that was called, or a public word (support, bank) stands between.
    """
    before = _SENTENCE_END.split(folded[max(0, start - 80) : start])[-1]
    after = _SENTENCE_END.split(folded[end : end + 50])[0]
    if _OWN.match(after.lstrip(" \u200c،,-()")):
        return True
    if _CALLED.search(before):
        return False
    said = _last_end(_OWN, before)
    if said < 0 and _CONFIRMED.search(after):
        said = _last_end(_YOURS, before)
    return said > _last_end(_PUBLIC, before)


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends, -1 without one."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)
