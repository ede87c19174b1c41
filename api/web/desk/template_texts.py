"""The words of the desk's pages about templates, in both languages."""

from collections.abc import Mapping
from typing import Final

#: key -> (Persian, English), as in `api.web.texts`
TEMPLATE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "desk_nav_templates": ("الگوها", "Templates"),
    "templates_title": ("الگوهای مقاله", "Article templates"),
    "templates_help": (
        "مقالهٔ تازه با یکی از این‌ها آغاز می‌شود. تغییر یا حذف الگو مقاله‌های نوشته‌شده را عوض نمی‌کند.",
        "A new article may begin with one of these. Changing or deleting one leaves written articles as they are.",
    ),
    "templates_own": ("الگوهای خودتان", "Your own"),
    "templates_none": (
        "هنوز الگویی از خودتان ندارید. یکی از نو بسازید یا از الگوهای پیش‌ساخته آغاز کنید.",
        "You have none of your own yet. Make one, or begin with one that is built in.",
    ),
    "templates_built_in": ("الگوهای پیش‌ساخته", "Built in"),
    "templates_built_in_help": (
        "در هر نصب هست و تغییر نمی‌کند؛ ولی می‌توانید از روی آن الگوی خودتان را بسازید.",
        "Every installation has these and they do not change, but you can make one of your own from them.",
    ),
    "template_make": ("ساختن الگو", "Make a template"),
    "template_make_like": ("الگویی از روی این", "Make one like it"),
    "template_use": ("مقاله با این الگو", "Write with it"),
    "template_new_title": ("الگوی تازه", "New template"),
    "template_edit_title": ("ویرایش الگو", "Edit the template"),
    "template_help": (
        "هرچه نویسنده باید جایش را پر کند در [کروشه] بگذارید؛ مثلاً [نام سرویس].",
        "Put what the writer is to fill in into [square brackets], such as [name of the service].",
    ),
    "template_name": ("نام الگو", "Name of the template"),
    "template_name_help": (
        "نویسنده‌ها با این نام انتخابش می‌کنند.",
        "Writers choose it by this name.",
    ),
    "template_delete": ("حذف الگو", "Delete the template"),
    "template_delete_help": (
        "برگشت ندارد. مقاله‌هایی که با آن آغاز شده‌اند همان می‌مانند.",
        "This cannot be undone. Articles that began with it stay as they are.",
    ),
    "templates_manage": ("مدیریت الگوها", "Manage templates"),
    "done_template_made": ("الگو ساخته شد.", "The template is made."),
    "done_template_deleted": ("الگو حذف شد.", "The template is deleted."),
}
