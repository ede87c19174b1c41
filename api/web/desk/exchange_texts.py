"""The words of the desk's pages about exports and imports, in both languages."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`
EXCHANGE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "desk_nav_exchange": ("ورود و خروج", "Import and export"),
    "exchange_title": ("ورود و خروج دانش", "Import and export"),
    "exchange_help": (
        "از برنامه‌ای دیگر بیاورید، یا هرچه این‌جاست را بیرون ببرید.",
        "Bring knowledge in from elsewhere, or take out what is here.",
    ),
    "import_title": ("آوردن", "Import"),
    "import_help": (
        "بایگانی ZIP که از همین‌جا بیرون برده‌اید، JSON از Zendesk یا Zammad، یا جدول پرسش و پاسخ (CSV، JSON). نخست می‌بینید چه می‌شود؛ پیش از تأیید شما چیزی عوض نمی‌شود.",
        "A ZIP archive that was exported here, JSON of Zendesk or Zammad, or a table of questions and answers (CSV, JSON). You see first what would happen; nothing changes before you say so.",
    ),
    "import_file": ("پرونده", "File"),
    "import_file_help": ("تا {limit} مبی‌بایت.", "Up to {limit} MiB."),
    "import_more": ("تنظیم‌های بیشتر", "More settings"),
    "import_source": ("قالب پرونده", "Format of the file"),
    "import_source_auto": ("خودش معلوم می‌شود", "Find it out"),
    "import_source_markdown": ("بایگانی همین برنامه", "An archive of this program"),
    "import_source_zendesk": ("Zendesk Guide", "Zendesk Guide"),
    "import_source_zammad": ("Zammad", "Zammad"),
    "import_source_faq": ("جدول پرسش و پاسخ", "A table of questions and answers"),
    "import_audience": ("خوانندگان مقاله‌های تازه", "Audience of new articles"),
    "import_audience_help": (
        "برای آن‌چه از برنامه‌های دیگر می‌آید.",
        "Of what comes from other programs.",
    ),
    "import_as_said": ("همان که در پرونده آمده", "As the file says"),
    "import_language": ("زبان مقاله‌های تازه", "Language of new articles"),
    "import_owner": ("مسئولِ جانشین", "Owner in their place"),
    "import_owner_help": (
        "نام کاربری کسی که مقاله‌های افراد ناشناس از آنِ او می‌شود.",
        "Login of who owns what people who are not here owned.",
    ),
    "import_people": (
        "افرادی که این‌جا نیستند اضافه شوند (پشتیبان، بدون گذرواژه)",
        "Add people who are not here (as agents, without a password)",
    ),
    "import_plan": ("ببینم چه می‌شود", "See what would happen"),
    "export_title": ("بیرون بردن", "Export"),
    "export_help": (
        "پس از آماده شدن از همین‌جا دریافتش می‌کنید.",
        "Download it here when it is ready.",
    ),
    "export_audience": ("برای چه خوانندگانی", "For which readers"),
    "export_everything": ("همه، هرچه خودتان می‌بینید", "Everything that you see"),
    "export_segments_help": (
        "تنها با انتخاب خوانندگان؛ با ویرگول جدا کنید.",
        "Only with chosen readers; separate them with commas.",
    ),
    "export_segments_alone": (
        "گروه‌های مشتری را همراه با خوانندگان انتخاب کنید؛ وگرنه همه‌چیز بیرون می‌رود.",
        "Choose readers along with customer segments; else everything is exported.",
    ),
    "export_states": ("تنها مقاله‌های این حالت‌ها", "Only articles in these states"),
    "export_states_help": ("هیچ‌کدام: همهٔ حالت‌ها.", "None chosen: every state."),
    "export_to": ("قالب", "Format"),
    "export_to_markdown": ("همه‌چیز با Markdown (ZIP)", "Everything as Markdown (ZIP)"),
    "export_to_zendesk": ("مقاله‌ها برای Zendesk (JSON)", "Articles for Zendesk (JSON)"),
    "export_to_zendesk-csv": ("مقاله‌ها برای Zendesk (CSV)", "Articles for Zendesk (CSV)"),
    "export_to_zammad": ("مقاله‌ها برای Zammad (JSON)", "Articles for Zammad (JSON)"),
    "export_make": ("آماده کن", "Make the export"),
    "export_download": ("دریافت {filename}", "Download {filename}"),
    "exchange_own": ("کارهای اخیر شما", "What you asked for of late"),
    "exchange_own_help": (
        "هرکس فقط کارهای خودش را می‌بیند و پس از {hours} ساعت نگه داشته نمی‌شود.",
        "Everybody sees their own alone; they are kept for {hours} hours.",
    ),
    "exchange_none": (
        "این روزها چیزی نیاورده و بیرون نبرده‌اید.",
        "You have brought nothing in or out of late.",
    ),
    "exchange_kind_import": ("آوردن", "Import"),
    "exchange_kind_export": ("بیرون بردن", "Export"),
    "exchange_state_waiting": ("در نوبت", "Waiting"),
    "exchange_state_planned": ("منتظر تأیید شما", "Waits for you"),
    "exchange_state_applying": ("در حال انجام", "Being done"),
    "exchange_state_done": ("انجام شد", "Done"),
    "exchange_state_failed": ("نشد", "Failed"),
    "exchange_expires": ("تا {at} نگه داشته می‌شود", "Kept until {at}"),
    "exchange_progress": ("{done} از {total}", "{done} of {total}"),
    "exchange_working_on": (
        "در پس‌زمینه انجام می‌شود؛ این صفحه خودش تازه می‌شود و بستنش چیزی را متوقف نمی‌کند.",
        "This is done in the background; the page reloads by itself, and closing it stops nothing.",
    ),
    "exchange_reload": ("تازه کن", "Reload"),
    "import_planned": (
        "هنوز چیزی عوض نشده است. این‌ها با تأیید شما انجام می‌شود.",
        "Nothing was changed yet. This is what happens once you say so.",
    ),
    "import_nothing": (
        "چیزی برای آوردن نیست؛ هرچه در پرونده است همین حالا این‌جاست.",
        "There is nothing to bring in; all that the file holds is here already.",
    ),
    "import_stopped": (
        "{count} مورد پذیرفتنی نیست و تا اصلاح نشود چیزی آورده نمی‌شود. پرونده را اصلاح کنید و دوباره بفرستید.",
        "{count} cannot be used, and nothing is brought in before they are mended. Mend the file, and send it again.",
    ),
    "import_conflicts": (
        "{count} مورد این‌جا هم ویرایش شده است. کدام بماند؟",
        "{count} were edited here, too. Which shall count?",
    ),
    "import_policy_theirs": (
        "پرونده: آن‌چه این‌جاست ویرایش تازه می‌گیرد",
        "The file: what is here gets a new revision",
    ),
    "import_policy_ours": ("این‌جا: این موردها آورده نمی‌شود", "What is here: these are left out"),
    "import_policy_new": ("هر دو: پرونده مقاله‌ای جدا می‌شود", "Both: the file becomes an article of its own"),
    "import_do": ("انجام بده", "Do it"),
    "import_done": ("انجام شد؛ چند لحظهٔ دیگر در جست‌وجو می‌آید.", "Done; in a moment searches find it."),
    "import_some_failed": (
        "{count} مورد آورده نشد؛ دلیل هرکدام در گزارش است.",
        "{count} could not be brought in; the report says why.",
    ),
    "import_rows": ("یکایک موردها", "One by one"),
    "import_report": ("گزارش", "Report"),
    "import_plan_title": ("چه می‌شود", "What would happen"),
    "import_result_": ("همه", "All"),
    "import_result_new": ("تازه", "New"),
    "import_result_created": ("ساخته‌شده", "Created"),
    "import_result_changed": ("تغییر", "Changed"),
    "import_result_unchanged": ("بی‌تغییر", "Unchanged"),
    "import_result_conflict": ("ویرایش‌شده در هر دو سو", "Edited on both sides"),
    "import_result_skipped": ("کنارگذاشته", "Left out"),
    "import_result_failed": ("پذیرفته‌نشده", "Refused"),
    "import_fields": ("{count} تغییر", "{count} changes"),
    "import_rows_none": ("موردی برای نشان دادن نیست.", "There is nothing to show."),
    "import_cut": (
        "فهرست همهٔ موردها را ندارد؛ شمارش‌ها کامل است.",
        "The list does not hold every one; the counts do.",
    ),
    "exchange_working": ("{field} (در دست کار)", "{field} (working revision)"),
    "exchange_many_wait": (
        "پنج کار شما هنوز در نوبت است. بگذارید یکی تمام شود.",
        "Five of yours are still waiting. Let one of them end first.",
    ),
    "exchange_not_now": (
        "این کار پیش‌تر آغاز شده است یا هنوز آماده نیست.",
        "This was begun already, or is not ready yet.",
    ),
    "exchange_blocked": (
        "چیزی آورده نشد: {failed} مورد پذیرفتنی نیست و {conflicts} مورد این‌جا هم ویرایش شده است. پرونده را اصلاح کنید یا بگویید کدام بماند.",
        "Nothing was brought in: {failed} cannot be used, and {conflicts} were edited here, too. Mend the file, or say which shall count.",
    ),
    "exchange_unknown_people": (
        "این‌ها این‌جا نیستند: {names}. نخست اضافه‌شان کنید یا مسئولِ جانشین بگذارید.",
        "These are not here: {names}. Add them first, or name an owner in their place.",
    ),
    "exchange_not_an_export": (
        "{filename} خوانده نشد: {reason}. قالب پرونده را بررسی کنید.",
        "{filename} cannot be read: {reason}. Check its format.",
    ),
    "exchange_too_large": (
        "خروجی از {limit_mib} مبی‌بایت بزرگ‌تر است. بخشی از آن را بخواهید.",
        "The export is larger than {limit_mib} MiB. Ask for less of it.",
    ),
}
