"""Reminders as mail: written in the reader's language, handed to an SMTP server."""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape
from typing import Any

from persiantools.digits import en_to_fa

from kb.errors import Unavailable
from kb.reminder import Reminder
from kb.settings import Settings
from kb.user import User
from kb.vocabulary import Language

log = logging.getLogger(__name__)

STEP_SECONDS = 20.0
#: what every mail server understands; odder ones, such as quoted names, are left alone
_WRITABLE = re.compile(r"""[^\s@<>"(),:;\\\[\]]+@[^\s@<>"(),:;\\\[\]]+""")
#: kind -> (Persian, English)
_LINES = {
    "unkept": (
        "زمان‌بندی {count} مقاله انجام نشد یا نخواهد شد",
        "Set times not kept, or that will not be: {count}",
    ),
    "expired": ("{count} مقاله‌تان از موعد بازبینی گذشته است", "Overdue articles of yours: {count}"),
    "unverified": ("{count} مقاله‌تان تأییدنشده است", "Articles of yours that nobody has verified: {count}"),
    "due": ("موعد بازبینی {count} مقاله‌تان نزدیک است", "Articles of yours that are due soon: {count}"),
    "flags": ("{count} گزارش ایراد دربارهٔ مقاله‌هایتان رسیده", "Problems reported in your articles: {count}"),
    "reviews": ("{count} مقاله منتظر بازبینی شماست", "Articles that wait for your review: {count}"),
    "outcomes": ("به {count} گزارش شما رسیدگی شد", "Reports of yours that were seen to: {count}"),
}
#: kind -> the page of the desk
_PAGES = {
    "unkept": "/desk/articles?mark=unkept&owner=mine",
    "expired": "/desk/upkeep?queue=expired&mine=true",
    "unverified": "/desk/upkeep?queue=unverified&mine=true",
    "due": "/desk/upkeep?queue=due&mine=true",
    "flags": "/desk/flags?show=own",
    "reviews": "/desk/reviews",
    "outcomes": "/desk/flags?show=raised",
}


class MailUnavailable(Unavailable):
    code = "mail_unavailable"
    en = "Mail cannot be sent: {reason}. Check KB_SMTP_*."
    fa = "ایمیل فرستاده نمی‌شود: {reason}. تنظیم‌های KB_SMTP_* را بررسی کنید."

    def __init__(self, *, reason: str) -> None:
        super().__init__(what="mail", reason=reason)


def compose(reminder: Reminder, user: User, settings: Settings) -> EmailMessage:
    """The message: plain text and HTML, in the person's language and direction.

    Raises:
        ValueError: nobody can be written to at the person's address.
    """
    assert settings.smtp_from is not None
    persian = user.language is Language.PERSIAN
    base = (settings.public_url or "").rstrip("/")
    total = sum(kind["count"] for kind in reminder.data.values())
    if not _WRITABLE.fullmatch(user.email):
        raise ValueError("it is not an address")
    message = EmailMessage(policy=SMTP if user.email.isascii() else SMTPUTF8)
    message["Subject"] = (
        f"ناگفته: {en_to_fa(str(total))} مورد منتظر شماست" if persian else f"Nagofte: {total} waiting for you"
    )
    message["From"] = settings.smtp_from
    message["To"] = Address(display_name=user.name, addr_spec=user.email)
    message["Date"] = format_datetime(reminder.created_at)
    # The same however often it is sent: a mailbox shows it once.
    message["Message-ID"] = f"<reminder-{reminder.id}@{settings.smtp_from.rpartition('@')[2].strip('> ')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = user.language.value
    parts = list(_parts(reminder.data, persian=persian, base=base))
    greeting = f"سلام {user.name}،" if persian else f"Hello {user.name},"
    plain = [greeting, ""]
    for line, address, titles in parts:
        plain += [
            f"• {line}" + (f"\n  {address}" if base else ""),
            *(f"   – {title}" for title in titles),
            "",
        ]
    message.set_content("\n".join(plain))
    items = "".join(
        "<li>"
        + (f'<a href="{escape(address)}">{escape(line)}</a>' if base else escape(line))
        + ("<ul>" + "".join(f"<li>{escape(title)}</li>" for title in titles) + "</ul>" if titles else "")
        + "</li>"
        for line, address, titles in parts
    )
    html = (
        f'<html lang="{user.language.value}" dir="{"rtl" if persian else "ltr"}"><body>'
        f"<p>{escape(greeting)}</p><ul>{items}</ul></body></html>"
    )
    message.add_alternative(html, subtype="html")
    return message


@contextmanager
def mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the configured server, signed in where a user is configured.

    Raises:
        MailUnavailable: it does not answer, or refuses us.
    """
    assert settings.smtp_host is not None
    context = ssl.create_default_context()
    try:
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=STEP_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=STEP_SECONDS)
        with server:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnavailable(reason=type(error).__name__) from error


def send(server: smtplib.SMTP, message: EmailMessage) -> bool:
    """Hand one message over; False where it is to be tried again later, for this reader.

    One that will never be taken counts as handed over: nobody is helped by trying it for ever.
    """
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, ValueError) as error:
        log.warning("a reminder is not taken for its reader: %s", type(error).__name__)
        return min(_codes(error), default=500) >= 500
    return True


def _codes(error: Exception) -> list[int]:
    """The SMTP codes that a refusal came with; below 500 it passes by itself."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return [code for code, _ in error.recipients.values()]
        case smtplib.SMTPResponseException():
            return [error.smtp_code]
        case _:
            return []


def _parts(data: dict[str, Any], *, persian: bool, base: str) -> Iterator[tuple[str, str, list[str]]]:
    for kind, told in data.items():
        if kind not in _LINES:
            continue
        fa, en = _LINES[kind]
        count = str(told["count"])
        line = fa.format(count=en_to_fa(count)) if persian else en.format(count=count)
        yield line, base + _PAGES[kind], [_named(one, persian) for one in told["first"] if one["title"]]


def _named(one: dict[str, Any], persian: bool) -> str:
    why = one.get("why", {}).get("fa" if persian else "en")
    return f"{one['title']}: {why}" if why else str(one["title"])
