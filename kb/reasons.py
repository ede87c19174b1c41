"""Why a value cannot be used, in Persian: raised in English, told in the reader's language."""

import re
from functools import lru_cache

from kb.exchange.reasons import EXCHANGE_PERSIAN

#: `{}` stands for what the sentence is about, in the same order in both languages
PERSIAN = {
    "{}: {}": "{}: {}",
    "{} cannot be written": "در {} نمی‌توان نوشت",
    "there is no such person": "چنین کسی نیست",
    "the account of {} is switched off": "حساب {} خاموش است",
    "it cannot contain spaces": "نباید فاصله داشته باشد",
    "it is not an address such as name@example.com": "نشانی‌ای مانند name@example.com نیست",
    "more than {} of them": "بیش از {} تاست",
    "more than {} lines": "بیش از {} خط است",
    "name at least one": "دست‌کم یکی را نام ببرید",
    "it is in the past": "گذشته است",
    "it has passed": "گذشته است",
    "each needs a kind and an id": "هر کدام نوع و شناسه می‌خواهد",
    "the article translates nothing": "این مقاله ترجمهٔ مقاله‌ای نیست",
    "an article cannot translate itself": "مقاله ترجمهٔ خودش نمی‌شود",
    "both are in the same language": "هر دو به یک زبان‌اند",
    "there is no revision {} of the original": "اصل مقاله نسخهٔ {} ندارد",
    "it must come after release_at": "باید پس از release_at باشد",
    "it needs a time zone, such as +03:30 or Z": "منطقهٔ زمانی می‌خواهد، مانند +03:30 یا Z",
    "name one person or one team to take from": "یک نفر یا یک گروه را نام ببرید که از او گرفته می‌شود",
    "name a person or a team to give to": "یک نفر یا یک گروه را نام ببرید که به او داده می‌شود",
    "it must be 1 to {}": "باید از ۱ تا {} باشد",
    "archive the article instead": "به‌جایش مقاله را بایگانی کنید",
    "there are {} templates already": "هم‌اکنون {} قالب هست",
    "it is empty": "خالی است",
    "the article has {} attachments already": "مقاله هم‌اکنون {} پیوست دارد",
    "a note that was decided on does not wait again": "یادداشتی که تصمیمش گرفته شده دیگر منتظر نمی‌ماند",
    "nobody here has the login {}": "اینجا کسی نام کاربری {} را ندارد",
    "its revision must be newer than what is released": "نسخه‌اش باید تازه‌تر از نسخهٔ منتشرشده باشد",
    "a draft is its author's alone": "پیش‌نویس تنها از آنِ نویسنده‌اش است",
    "a draft is its author's": "پیش‌نویس از آنِ نویسنده‌اش است",
    "there is no article {}": "مقالهٔ {} نیست",
    "there is no article {} to lead to": "مقالهٔ {} نیست که به آن برسد",
    "there is no article {} in another language": "مقالهٔ {} به زبان دیگر نیست",
    "{} is no id": "{} شناسه نیست",
    "its content is not what the article's file says (sha256)": "محتوایش با پروندهٔ مقاله نمی‌خواند (sha256)",
    "there is no working revision to release then": "نسخهٔ در دست کاری نیست که آن زمان منتشر شود",
    "an archived article is not scheduled": "مقالهٔ بایگانی‌شده زمان‌بندی نمی‌شود",
    "only an archived article leads to another": "تنها مقالهٔ بایگانی‌شده به مقالهٔ دیگری می‌رسد",
    "two have the same number": "دو تا یک شماره دارند",
    "it has signs that no id has": "نشانه‌هایی دارد که در شناسه نمی‌آید",
    "it must be a number from 1 on": "باید عددی از ۱ به بالا باشد",
    "send next_cursor back exactly as it was given": "next_cursor را همان‌گونه که داده شده بازفرستید",
    "there is no such team": "چنین گروهی نیست",
    "it must be fixed or dismissed": "باید fixed یا dismissed باشد",
    "1-3650": "۱ تا ۳۶۵۰",
    "`me` is for signed-in people": "`me` برای کسی است که وارد شده",
    "at most {} files at once": "هر بار بیشینه {} پرونده",
    "only with one file": "تنها با یک پرونده",
    'send the ETag as it was given, such as "3"': 'ETag را همان‌گونه که داده شده بفرستید، مانند "3"',
}


def in_persian(reason: str) -> str:
    """`reason` in Persian; as it is where it is in the reader's language already."""
    for pattern, persian in _patterns():
        if found := pattern.fullmatch(reason):
            return persian.format(*found.groups())
    return reason


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences without a gap first: what fills one may be anything."""
    every = PERSIAN | EXCHANGE_PERSIAN
    ordered = sorted(every, key=lambda english: (english.count("{}"), -len(english)))
    return tuple(
        (re.compile("(.*)".join(map(re.escape, english.split("{}"))), re.DOTALL), every[english])
        for english in ordered
    )
