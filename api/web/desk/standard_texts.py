"""The words of the content standard on the article's page, in both languages."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`
STANDARD_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "standard_title": ("فهرست کیفیت", "Content standard"),
    "standard_help": (
        "سامانه آنچه را که می‌تواند می‌سنجد؛ بقیه را شما بگویید. گفتهٔ شما دربارهٔ همین ویرایش است و بر یافتهٔ سامانه مقدم است.",
        "What a machine can check is checked; the rest is yours to say. What you say is about this revision, and goes before what the machine found.",
    ),
    "standard_items": ("یکایک موردها", "Item by item"),
    "standard_look": ("سنجش با فهرست کیفیت", "Look into its content standard"),
    "standard_counts": (
        "{met} مورد برقرار، {unmet} مورد نه، {open} مورد هنوز نامعلوم",
        "{met} met, {unmet} not, {open} not decided yet",
    ),
    "standard_item_unique": ("تکراری نیست", "It is unique"),
    "standard_item_unique_help": ("نوشتهٔ دیگری همین را نمی‌گوید.", "Nothing else says the same."),
    "standard_item_complete": ("کامل است", "It is complete"),
    "standard_item_complete_help": (
        "می‌گوید چه باید کرد و پرسنده آن را با چه کلمه‌هایی می‌پرسد.",
        "It says what to do, and in whose words it is asked for.",
    ),
    "standard_item_clear": ("روشن است", "It is clear"),
    "standard_item_clear_help": (
        "جمله‌ها کوتاه‌اند و گام‌ها شماره دارند.",
        "Sentences are short, steps are numbered.",
    ),
    "standard_item_title": ("عنوان گویاست", "The title fits"),
    "standard_item_title_help": ("عنوان می‌گوید دربارهٔ چیست.", "The title says what it is about."),
    "standard_item_links": ("پیوندها درست‌اند", "Its links are valid"),
    "standard_item_links_help": ("هر پیوند به جایی می‌رسد.", "Every link leads somewhere."),
    "standard_item_metadata": ("مشخصات درست است", "Its particulars are right"),
    "standard_item_metadata_help": (
        "زبان، مسئول، برچسب یا محصول، و زمان بررسی دوباره.",
        "Language, owner, tags or products, and when it is verified again.",
    ),
    "standard_met": ("برقرار است", "Met"),
    "standard_unmet": ("برقرار نیست", "Not met"),
    "standard_open": ("هنوز نامعلوم", "Not decided yet"),
    "standard_by_machine": ("به گفتهٔ سامانه", "says the machine"),
    "standard_by": ("به گفتهٔ {name}، {date}", "says {name}, {date}"),
    "standard_by_nobody": ("در {date} ثبت شده", "said on {date}"),
    "standard_say": ("نظر شما", "What you say"),
    "standard_say_nothing": ("نظری ندارم", "Nothing"),
    "standard_comment": ("توضیح", "Comment"),
    "standard_save": ("ثبت فهرست", "Keep the list"),
    "standard_unsaid": (
        "کنار هر توضیح بگویید برقرار است یا نه. چیزی ثبت نشد.",
        "Beside every comment say whether it is met. Nothing was kept.",
    ),
    "done_ticked": ("نظر شما ثبت شد.", "What you said is kept."),
    "done_ticked_older": (
        "نظر شما دربارهٔ ویرایشی که دیده بودید ثبت شد؛ از آن پس ویرایش تازه‌ای نوشته شده است.",
        "What you said is kept for the revision that you saw; a newer one was written since.",
    ),
}
