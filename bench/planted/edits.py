"""Ways to say the same text a little differently, as copies in a knowledge base do; seeded."""

import random
import re
from collections.abc import Callable

from search.analysis.sentences import sentences
from search.analysis.variants import Zwnj, spelling_variants, with_typos, with_zwnj

_PERSIAN = re.compile("[\u0620-\u06ff]")
#: written to spoken and clipped forms; each as a whole word
_SPOKEN = {
    "را": "رو",
    "می‌شود": "میشه",
    "نمی‌شود": "نمیشه",
    "می‌کنم": "میکنم",
    "می‌کند": "میکنه",
    "می‌توانید": "میتونین",
    "می‌توانم": "میتونم",
    "نمی‌توانید": "نمیتونین",
    "می‌خواهم": "میخوام",
    "چگونه": "چجوری",
    "چطور": "چجوری",
    "اگر": "اگه",
    "دیگر": "دیگه",
    "آن": "اون",
    "آن‌ها": "اونا",
    "برای": "واسه",
    "هستید": "هستین",
    "باید": "باید",
    "دارید": "دارین",
    "بدهید": "بدین",
    "بزنید": "بزنین",
    "کنید": "کنین",
    "می‌آید": "میاد",
    "می‌رسد": "میرسه",
    "برمی‌گردد": "برمیگرده",
    "می‌گیرد": "میگیره",
    "چقدر": "چقد",
    "کدام": "کدوم",
    "خانه": "خونه",
    "همان": "همون",
}
_CASUAL = {
    "you": "u",
    "please": "pls",
    "do not": "don't",
    "cannot": "can't",
    "is not": "isn't",
    "I am": "I'm",
    "it is": "it's",
    "have not": "haven't",
    "does not": "doesn't",
    "how do i": "how can i",
    "because": "since",
    "want to": "wanna",
    "my card has": "my card's",
    "account": "acct",
    "information": "info",
}
_SAME_WORD = {
    "کالا": "محصول",
    "هزینه": "کرایه",
    "لغو": "کنسل",
    "تماس بگیرید": "زنگ بزنید",
    "مهلت": "فرصت",
    "نشانی": "آدرس",
    "پیوند": "لینک",
    "رمز عبور": "پسورد",
    "بسته": "مرسوله",
    "ببینید": "نگاه کنید",
    "خودکار": "اتوماتیک",
    "گارانتی": "ضمانت",
    "تازه": "جدید",
    "عوض": "تعویض",
    "item": "product",
    "parcel": "package",
    "cost": "price",
    "phone": "telephone",
    "purchase": "buy",
    "request": "ask for",
    "cancel": "call off",
    "shop": "store",
    "show": "display",
    "wrong": "incorrect",
    "help": "assist",
    "quickly": "fast",
}
_ADDED = {
    "fa": (
        "اگر باز هم مشکلی بود به پشتیبانی پیام دهید.",
        "این راهنما برای همهٔ مشتریان نوشته شده است.",
        "پیش از شروع، یک بار برنامه را به‌روز کنید.",
        "ممنون که صبور هستید.",
    ),
    "en": (
        "If that does not help, write to our support team.",
        "This guide was written for every customer.",
        "Before you start, make sure that the app is up to date.",
        "Thank you for your patience.",
    ),
}


def language_of(text: str) -> str:
    """ "fa" where Persian letters outnumber Latin ones, else "en"."""
    persian = len(_PERSIAN.findall(text))
    return "fa" if persian > len(re.findall("[A-Za-z]", text)) else "en"


def respelt(text: str, chance: random.Random) -> str:
    """Another spelling: ZWNJ, letters, digits, marks; of English, its case and spaces."""
    if language_of(text) == "en":
        return chance.choice(
            (text.lower(), text.replace("-", " "), text.replace(" ", "  "), text.replace("'", "’"))
        )
    made = spelling_variants(text, chance.randrange(10**6))
    return made[chance.choice(sorted(made))]


def mistyped(text: str, chance: random.Random) -> str:
    """One typo in a long word, two in a long text."""
    return with_typos(text, 1 + (len(text) > 200), chance.randrange(10**6))


def informal(text: str, chance: random.Random) -> str:
    """As it would be typed in a chat: spoken forms, no ZWNJ, clipped words, no full stop."""
    words = _SPOKEN if language_of(text) == "fa" else _CASUAL
    for formal, spoken in words.items():
        text = re.sub(rf"(?<![\w\u200c]){formal}(?![\w\u200c])", spoken, text, flags=re.IGNORECASE)
    if language_of(text) == "fa":
        return with_zwnj(text, chance.choice((Zwnj.STRIP, Zwnj.SPACE))).rstrip(".؟?")
    return text.lower().rstrip(".?")


def reordered(text: str, chance: random.Random) -> str:
    """The sentences in another order; of one sentence, its halves at a comma."""
    spans = sentences(text)
    if len(spans) > 1:
        parts = [text[a:b] for a, b in spans]
        chance.shuffle(parts)
        return "\n".join(parts)
    halves = re.split("[،,] ", text, maxsplit=1)
    return "، ".join(reversed(halves)) if len(halves) == 2 else text


def reworded(text: str, chance: random.Random) -> str:
    """One word by another of the same sense, where one is listed; else a courtesy before the text."""
    found = [word for word in _SAME_WORD if re.search(rf"(?<![\w\u200c]){word}(?![\w\u200c])", text)]
    if not found:
        return ("لطفاً بگویید: " if language_of(text) == "fa" else "Please tell me: ") + text
    word = chance.choice(found)
    return re.sub(rf"(?<![\w\u200c]){word}(?![\w\u200c])", _SAME_WORD[word], text)


def lengthened(text: str, chance: random.Random) -> str:
    """With a sentence more, before or after."""
    added = chance.choice(_ADDED[language_of(text)])
    return f"{added}\n{text}" if chance.random() < 0.3 else f"{text}\n{added}"


def shortened(text: str, chance: random.Random) -> str:
    """Without one of at least four sentences."""
    spans = sentences(text)
    if len(spans) < 4:
        return text
    drop = chance.randrange(len(spans))
    return "\n".join(text[a:b] for at, (a, b) in enumerate(spans) if at != drop)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "respelt": respelt,
    "mistyped": mistyped,
    "informal": informal,
    "reordered": reordered,
    "reworded": reworded,
    "lengthened": lengthened,
    "shortened": shortened,
}
