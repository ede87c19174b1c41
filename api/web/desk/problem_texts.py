"""What the record's own words are called on pages: fields, states, moves, roles."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`; `word_<value>` names what an error's data holds
PROBLEM_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "word_text": ("متن", "The text"),
    "word_name": ("نام", "The name"),
    "word_title": ("عنوان", "The title"),
    "word_resolution": ("راه‌حل", "The resolution"),
    "word_environment": ("شرایط", "The environment"),
    "word_cause": ("علت", "The cause"),
    "word_comment": ("توضیح", "The comment"),
    "word_override": ("دلیل", "The reason"),
    "word_issue": ("پرسش‌ها", "The issue"),
    "word_tags": ("برچسب‌ها", "The tags"),
    "word_products": ("محصول‌ها", "The products"),
    "word_segments": ("گروه‌های مشتری", "The segments"),
    "word_owner_id": ("مسئول", "The owner"),
    "word_owner_team_id": ("گروه مسئول", "The owning team"),
    "word_verify_every_days": ("فاصلهٔ بررسی", "The verification interval"),
    "word_release_at": ("زمان انتشار", "The time of release"),
    "word_archive_at": ("زمان بایگانی", "The time of archiving"),
    "word_translates_id": ("مقالهٔ اصلی", "The original"),
    "word_into_id": ("مقالهٔ مقصد", "The article to merge into"),
    "word_reviewer_id": ("بازبین", "The reviewer"),
    "word_article": ("مقاله", "The article"),
    "word_note": ("تجربه", "The note"),
    "word_finding": ("یافته", "The finding"),
    "word_answer": ("پاسخ", "answer"),
    "word_work_in_progress": ("در دست کار", "in progress"),
    "word_not_validated": ("تأییدنشده", "not validated"),
    "word_validated": ("تأییدشده", "validated"),
    "word_archived": ("بایگانی‌شده", "archived"),
    "word_draft": ("پیش‌نویس", "a draft"),
    "word_captured": ("تحویل‌شده", "handed over"),
    "word_accepted": ("پذیرفته", "accepted"),
    "word_rejected": ("رد شده", "rejected"),
    "word_open": ("باز", "open"),
    "word_dismissed": ("کنار گذاشته", "dismissed"),
    "word_gone": ("برطرف‌شده", "gone"),
    "word_under_review": ("در بازبینی", "under review"),
    "word_not_under_review": ("بیرون از صف بازبینی", "not under review"),
    "problem_move": (
        "{what} «{state}» است و این کار در این حالت شدنی نیست.",
        "{what} is {state}; this cannot be done now.",
    ),
    "problem_role": ("این کار با نقش «{role}» یا بالاتر است.", "This takes the role {role} or above."),
    "problem_owner": (
        "این مقاله را فقط مسئولش یا مدیر تغییر می‌دهد.",
        "Only its owner or a manager changes this article.",
    ),
    "problem_person": ("این کار را باید خود شما پس از ورود انجام دهید.", "This takes a signed-in person."),
    "problem_gone": (
        "این نوشته دیگر این‌جا نیست یا دیدنش برای شما باز نیست.",
        "It is no longer here, or not open to you.",
    ),
    "problem_stale": (
        "در این میان کسی این را تغییر داده است. چیزی ذخیره نشد.",
        "Somebody changed this meanwhile. Nothing was saved.",
    ),
    "problem_taken": (
        "«{name}» از پیش هست؛ نام دیگری بگذارید.",
        "“{name}” is there already; choose another name.",
    ),
    "problem_own_review": (
        "ویرایشی را که خودتان نوشته‌اید همکار دیگری تأیید می‌کند.",
        "A colleague approves what you wrote yourself.",
    ),
    "problem_nothing_to_release": (
        "ویرایش منتشرنشده‌ای نیست؛ همه‌چیز منتشر شده است.",
        "There is nothing unreleased; everything is published.",
    ),
    "problem_incomplete": ("نخست راه‌حل را بنویسید.", "Write the resolution first."),
    "problem_cyclic": (
        "مقاله در خودش، یا در چیزی که به خودش می‌رسد، ادغام نمی‌شود.",
        "An article cannot be merged into itself, or into what leads back to it.",
    ),
    "problem_breaks": (
        "با این انتشار، {count} پرسش پاسخ خود را از دست می‌دهد. گزارش را ببینید.",
        "This release would leave {count} questions without their answer. See the report.",
    ),
    "problem_pending": (
        "بررسی پرسش‌ها هنوز تمام نشده است. چند لحظهٔ دیگر دوباره بزنید.",
        "The questions are still being checked. Try again in a moment.",
    ),
    "role_agent": ("پشتیبان", "agent"),
    "role_contributor": ("همکار دانش", "contributor"),
    "role_publisher": ("ناشر", "publisher"),
    "role_manager": ("مدیر دانش", "manager"),
    "role_admin": ("مدیر سامانه", "administrator"),
}
