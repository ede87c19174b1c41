"""The words of the desk's frame and its first page, in both languages."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`
DESK_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "desk": ("میز کار", "Desk"),
    "desk_sections": ("بخش‌های میز کار", "Sections of the desk"),
    "desk_nav_overview": ("نمای کلی", "Overview"),
    "desk_nav_notes": ("تجربه‌ها", "Notes"),
    "desk_nav_articles": ("مقاله‌ها", "Articles"),
    "desk_nav_reviews": ("بازبینی", "Reviews"),
    "desk_nav_findings": ("یافته‌ها", "Findings"),
    "desk_waits": ("{count} مورد در انتظار", "{count} waiting"),
    "hello": ("سلام {name}", "Hello {name}"),
    "hello_nobody": ("میز کار", "Desk"),
    "overview_help": (
        "هرچه منتظر شماست این‌جاست. اگر چیزی می‌دانید که جایی نوشته نشده، همین حالا بگویید.",
        "Everything that waits for you is here. If you know something that is written nowhere, tell it now.",
    ),
    "write_note": ("تجربه‌ای بنویسید", "Tell what you know"),
    "write_note_help": (
        "آزاد و با زبان خودتان؛ ما فقط چیزی را می‌پرسیم که جا مانده است.",
        "Freely, in your own words; we only ask for what is missing.",
    ),
    "write_article": ("مقاله‌ای بنویسید", "Write an article"),
    "write_article_help": (
        "پاسخی روشن برای پرسشی که باز هم پرسیده می‌شود.",
        "A clear answer to a question that will be asked again.",
    ),
    "waiting_title": ("چه چیزی منتظر شماست", "What waits for you"),
    "waiting_nothing_title": ("فعلاً چیزی منتظر شما نیست", "Nothing waits for you"),
    "waiting_nothing_text": (
        "فرصت خوبی است برای نوشتن چیزی که همین هفته یاد گرفتید.",
        "A good moment to write down what you learnt this week.",
    ),
    "waiting_drafts": ("پیش‌نویس‌های شما", "Your drafts"),
    "waiting_drafts_help": (
        "تجربه‌هایی که شروع کرده‌اید و هنوز تحویل نداده‌اید.",
        "Notes that you began and have not handed over.",
    ),
    "waiting_unkept": ("زمان‌بندی‌هایی که انجام نشد", "Set times not kept"),
    "waiting_unkept_help": (
        "انتشار یا بایگانی در زمانش انجام نشده یا نخواهد شد. دلیلش را ببینید.",
        "A release or archiving was not made at its time, or will not be. See why.",
    ),
    "waiting_notes": ("تجربه‌های تازهٔ همکاران", "New notes of colleagues"),
    "waiting_notes_help": (
        "بخوانید و بپذیرید تا در جست‌وجو پیدا شوند.",
        "Read and accept them, so that searches find them.",
    ),
    "waiting_reviews": ("مقاله‌های در انتظار بازبینی", "Articles to review"),
    "waiting_reviews_help": (
        "همکاری نظر شما را خواسته است.",
        "A colleague asks for your eyes.",
    ),
    "waiting_due": ("مقاله‌هایی که باید دوباره دیده شوند", "Articles to verify"),
    "waiting_due_help": (
        "مقاله‌های شما یا گروهتان که وقت بررسی درستی‌شان رسیده است.",
        "Articles of yours, or of your team, that should be looked at again.",
    ),
    "waiting_findings": ("تکرارها و تناقض‌ها", "Duplicates and contradictions"),
    "waiting_findings_help": (
        "دو نوشته که یک چیز یا دو چیز ناسازگار می‌گویند.",
        "Two texts that say the same, or cannot both be right.",
    ),
    "kept_title": ("نوشته‌تان را از دست نداده‌اید", "What you wrote is not lost"),
    "kept_signed_out": (
        "در این میان از سامانه خارج شده‌اید و چیزی ذخیره نشد. آن‌چه نوشته بودید این‌جاست: رونوشت بردارید، وارد شوید و دوباره بفرستید.",
        "You were signed out meanwhile, and nothing was saved. What you wrote is here: copy it, sign in, and send it again.",
    ),
    "kept_refused": (
        "این صفحه کهنه شده بود و چیزی ذخیره نشد. آن‌چه نوشته بودید این‌جاست: رونوشت بردارید و از صفحهٔ تازه دوباره بفرستید.",
        "This page was out of date, and nothing was saved. What you wrote is here: copy it, and send it again from a fresh page.",
    ),
    "more_of_list": ("موارد بیشتر", "More"),
    "first_of_list": ("از آغاز فهرست", "From the beginning"),
}
