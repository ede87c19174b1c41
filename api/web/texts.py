"""The words of the interface, in both languages."""

from collections.abc import Mapping
from typing import Final

from api.web.desk.article_texts import ARTICLE_TEXTS
from api.web.desk.exchange_texts import EXCHANGE_TEXTS
from api.web.desk.note_texts import NOTE_TEXTS
from api.web.desk.problem_texts import PROBLEM_TEXTS
from api.web.desk.standard_texts import STANDARD_TEXTS
from api.web.desk.template_texts import TEMPLATE_TEXTS
from api.web.desk.texts import DESK_TEXTS
from api.web.people.texts import PEOPLE_TEXTS
from api.web.upkeep_texts import UPKEEP_TEXTS
from kb.errors import MessageLanguage

#: what the portal says: key -> (Persian, English); `{name}` is filled by `translate`
PORTAL_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "product": ("ناگفته", "Nagofte"),
    "tagline": ("پاسخ درست، همان لحظه که لازم است", "The right answer, when it is needed"),
    "hero": ("چه می‌خواهید بدانید؟", "What would you like to know?"),
    "hero_hint": (
        "با کلمه‌های خودتان بپرسید؛ املای دقیق لازم نیست.",
        "Ask in your own words; exact spelling does not matter.",
    ),
    "search": ("جست‌وجو", "Search"),
    "search_placeholder": ("مثلاً: پولم کی برمی‌گردد؟", "For example: when do I get my money back?"),
    "suggestions": ("پیشنهادها", "Suggestions"),
    "skip": ("رفتن به محتوا", "Skip to content"),
    "recent": ("تازه‌ترین مقاله‌ها", "Latest articles"),
    "answer": ("پاسخ", "Answer"),
    "answer_goes_on": ("ادامه در متن کامل", "Continued in the full text"),
    "confidence_high": ("به احتمال زیاد پاسخ شما همین است", "Very likely your answer"),
    "confidence_medium": ("شاید پاسخ شما این باشد", "This may be your answer"),
    "confidence_low": (
        "مطمئن نیستیم پاسخ شما این باشد؛ متن کامل را هم بخوانید",
        "We are not sure that this answers; read the full text, too",
    ),
    "from": ("از", "From"),
    "answer_in_full": ("پاسخ کامل بنویس", "Answer in full"),
    "generated": ("پاسخ کامل", "Answer in full"),
    "generated_hint": (
        "این متن را یک مدل زبانی از همین نوشته‌ها ساخته است؛ پیش از تکیه بر آن، خود نوشته‌ها را ببینید.",
        "A language model wrote this from these texts; read them before you rely on it.",
    ),
    "not_generated": (
        "پاسخ کامل نوشته نشد؛ نتیجه‌های زیر همچنان معتبرند.",
        "No full answer could be written; the results below stand.",
    ),
    "results_one": ("۱ نتیجه", "1 result"),
    "results_many": ("{count} نتیجه", "{count} results"),
    "narrow": ("محدود کردن نتیجه‌ها", "Narrow the results"),
    "narrow_do": ("محدود کن", "Narrow"),
    "narrow_product": ("محصول", "Product"),
    "narrow_language": ("زبان", "Language"),
    "narrow_kind": ("نوع", "Kind"),
    "narrow_any_product": ("همهٔ محصول‌ها", "All products"),
    "narrow_any_language": ("همهٔ زبان‌ها", "All languages"),
    "narrow_any_kind": ("همهٔ نوع‌ها", "All kinds"),
    "narrow_none": ("همهٔ نتیجه‌ها", "All results"),
    "answered": ("این پاسخم بود", "This answered my question"),
    "answered_done": ("ثبت شد: پاسخ شما این بود", "Noted: this answered you"),
    "answered_undo": ("پس بگیر", "Undo"),
    "results_title": ("نتیجه‌های «{query}»", "Results for “{query}”"),
    "repaired": ("نتایج برای «{query}»", "Results for “{query}”"),
    "as_typed": ("به‌جای آن «{query}» را جست‌وجو کنید", "Search instead for “{query}”"),
    "more_results": ("نتیجه‌های بیشتر", "More results"),
    "nothing_title": ("چیزی پیدا نشد", "Nothing was found"),
    "nothing_text": (
        "برای «{query}» نوشته‌ای که دیدنش برای شما باز باشد پیدا نشد.",
        "There is nothing that you may see about “{query}”.",
    ),
    "nothing_close": (
        "پاسخ روشنی پیدا نشد. شاید یکی از این‌ها به کارتان بیاید؛ وگرنه از یک نفر بپرسید.",
        "No clear answer was found. One of these may help; otherwise ask a person.",
    ),
    "create_title": ("پاسخش را می‌دانید؟", "Do you know the answer?"),
    "create_text": (
        "همین پرسش می‌تواند آغاز یک نوشتهٔ تازه باشد تا نفر بعد دست خالی برنگردد.",
        "This very question can begin a new text, so that the next person finds one.",
    ),
    "create_note": ("آن‌چه می‌دانم می‌نویسم", "I write what I know"),
    "create_article": ("ساختن پیش‌نویس مقاله", "Begin an article draft"),
    "conversation_promote": ("ساختن مقاله از این گفت‌وگو", "Make an article of this conversation"),
    "question_too_long": (
        "پرسش {length} نویسه دارد؛ بیشتر از {limit} نویسه پذیرفته نمی‌شود. کوتاه‌ترش کنید.",
        "The question has {length} characters; at most {limit} are accepted. Make it shorter.",
    ),
    "tip_words": (
        "با کلمه‌های دیگری بپرسید؛ همان‌طور که به یک همکار می‌گفتید.",
        "Say it differently, as you would to a colleague.",
    ),
    "tip_short": (
        "کوتاه‌تر بپرسید: دو یا سه کلمهٔ اصلی کافی است.",
        "Ask shorter: two or three main words are enough.",
    ),
    "tip_language": ("به زبان دیگر هم امتحان کنید.", "Try the other language too."),
    "article": ("مقاله", "Article"),
    "source": ("سند", "Document"),
    "note": ("تجربه", "Note"),
    "conversation": ("گفت‌وگو", "Conversation"),
    "home": ("خانه", "Home"),
    "updated": ("به‌روز شده در {date}", "Updated {date}"),
    "created": ("ثبت شده در {date}", "Created {date}"),
    "previous_part": ("بخش پیش", "Previous part"),
    "next_part": ("بخش بعد", "Next part"),
    "part_of": ("بخش {part} از {parts}", "Part {part} of {parts}"),
    "issue": ("این مقاله به این پرسش‌ها پاسخ می‌دهد", "Questions this answers"),
    "attachments": ("پیوست‌ها", "Attachments"),
    "related": ("مقاله‌های مرتبط", "Related articles"),
    "behind_note": (
        "متن اصلی این مقاله تازه‌تر از این ترجمه است؛ متن اصلی را ببینید.",
        "The original of this article is newer than this translation; see the original.",
    ),
    "translations": ("به زبان‌های دیگر", "In other languages"),
    "audience_internal": ("فقط کارکنان", "Staff only"),
    "audience_partner": ("همکاران", "Partners"),
    "audience_public": ("همگانی", "Public"),
    "working_note": (
        "ویرایش تازه‌ای از این مقاله هنوز منتشر نشده است.",
        "A newer revision of this article is not released yet.",
    ),
    "unreleased_note": ("این مقاله هنوز منتشر نشده است.", "This article is not released yet."),
    "archived_note": ("این مقاله بایگانی شده است.", "This article is archived."),
    "not_ready": ("این سند هنوز آماده نیست.", "This document is not ready yet."),
    "original": ("دریافت پروندهٔ اصلی", "Download the original"),
    "print": ("چاپ", "Print"),
    "sign_in": ("ورود کارکنان", "Staff sign-in"),
    "sign_in_title": ("ورود", "Sign in"),
    "sign_in_text": (
        "برای دیدن دانش داخلی با حساب کاری خود وارد شوید.",
        "Sign in with your work account to see internal knowledge.",
    ),
    "sign_in_needed": ("برای دیدن این صفحه وارد شوید.", "Sign in to see this page."),
    "sign_in_with": ("ورود با {name}", "Sign in with {name}"),
    "or_password": ("یا با گذرواژه", "or with a password"),
    "leaving_title": ("در حال رفتن به {name}", "Going to {name}"),
    "leaving_sign_out": (
        "این‌جا خارج شدید. اکنون از {name} هم خارج می‌شوید.",
        "You are signed out here. Now you are being signed out of {name}, too.",
    ),
    "leaving_connect": (
        "برای وصل کردن حسابتان به {name} می‌روید.",
        "You are going to {name} to connect your account.",
    ),
    "leaving_go": ("اگر خودش نرفت، از این‌جا بروید", "If nothing happens, go on here"),
    "login": ("نام کاربری", "Login"),
    "password": ("گذرواژه", "Password"),
    "sign_out": ("خروج", "Sign out"),
    "other_language": ("English", "فارسی"),
    "error_title": ("انجام نشد", "That did not work"),
    "not_found_title": ("این صفحه پیدا نشد", "This page was not found"),
    "not_found_text": (
        "یا نشانی درست نیست، یا دیدنش برای شما باز نیست.",
        "The address is wrong, or it is not open to you.",
    ),
    "request_id": ("شناسهٔ درخواست", "Request id"),
    "back_home": ("بازگشت به جست‌وجو", "Back to search"),
    "speaker_customer": ("مشتری", "Customer"),
    "speaker_agent": ("پشتیبان", "Agent"),
    "speaker_system": ("سامانه", "System"),
    "api": ("API", "API"),
    "lang_fa": ("فارسی", "Persian"),
    "lang_en": ("انگلیسی", "English"),
}

#: everything that pages say; no key is in two of the tables
TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **PORTAL_TEXTS,
    **DESK_TEXTS,
    **PROBLEM_TEXTS,
    **NOTE_TEXTS,
    **ARTICLE_TEXTS,
    **STANDARD_TEXTS,
    **TEMPLATE_TEXTS,
    **EXCHANGE_TEXTS,
    **PEOPLE_TEXTS,
    **UPKEEP_TEXTS,
}


def translate(key: str, language: MessageLanguage, **values: object) -> str:
    """The words for `key`.

    Raises:
        KeyError: no such key; a test calls every key the templates use.
    """
    persian, english = TEXTS[key]
    text = persian if language == "fa" else english
    return text.format(**values) if values else text
