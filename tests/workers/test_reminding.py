"""Reminders are kept at the desk, and handed to a real mail server where one is configured."""

import email
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select, update

from kb.article import Article, revise_article, schedule_article
from kb.clock import utc_now
from kb.outbox import Job, enqueue
from kb.reminder import Reminder
from kb.settings import Settings
from kb.user import User
from kb.visibility import OPERATOR
from kb.vocabulary import JobName, JobState, Language
from tests.factories import make_article, make_person
from workers.resources import Resources
from workers.run import run_job
from workers.tasks import TASKS

Mailing = Callable[..., Resources]


class Mailbox:
    """What a mail server was given; it refuses whom it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def start(mailbox: Mailbox, **options: Any) -> Controller:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]  # the controller connects to the port it was told
    server = Controller(mailbox, hostname="127.0.0.1", port=free, enable_SMTPUTF8=True, **options)
    server.start()
    return server


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    server = start(mailbox)
    yield server.port
    server.stop()


@pytest.fixture
def mailing(resources: Resources, port: int) -> Mailing:
    def make(**given: Any) -> Resources:
        values = {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "smtp_from": "ناگفته <kb@example.com>",
            "public_url": "https://kb.example.com/",
        }
        settings = resources.settings.model_copy(update=values | given)
        return Resources(settings)

    return make


def overdue(
    resources: Resources, address: str, *, language: Language = Language.PERSIAN, count: int = 1
) -> str:
    """Somebody with that many overdue articles."""
    with resources.database.transaction() as session:
        person = make_person(session)
        session.execute(
            update(User).where(User.id == person.id).values(email=address, language=language, name="نگار <ک>")
        )
        for _ in range(count):
            article = make_article(session, released=True, owner_id=person.id, title="مهلت <مرجوعی>")
            at = utc_now() - timedelta(days=1)
            session.execute(update(Article).where(Article.id == article.id).values(verify_due_at=at))
    return person.id


def remind(resources: Resources) -> Job:
    with resources.database.transaction() as session:
        job = enqueue(session, name=JobName.REMIND, subject_id="")
    assert run_job(resources, TASKS, job_id=job.id)
    with resources.database.reading() as session:
        return session.get_one(Job, job.id)


def mailed(resources: Resources) -> list[bool]:
    with resources.database.reading() as session:
        times = session.scalars(select(Reminder.mailed_at).order_by(Reminder.id))
        return [at is not None for at in times]


def test_a_persian_reminder_reads_right_to_left(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing()
    overdue(resources, "negar@example.com", count=2)
    assert remind(resources).state is JobState.DONE
    (message,) = mailbox.messages
    assert message["Subject"] == "ناگفته: ۲ مورد منتظر شماست"
    assert message["To"] == '"نگار <ک>" <negar@example.com>'
    assert message["Auto-Submitted"] == "auto-generated"
    plain, html = message.iter_parts()
    assert "۲ مقاله‌تان از موعد بازبینی گذشته است" in plain.get_content()
    assert "https://kb.example.com/desk/upkeep?queue=expired&mine=true" in plain.get_content()
    assert 'dir="rtl"' in html.get_content()
    assert "مهلت &lt;مرجوعی&gt;" in html.get_content()
    assert "<ک>" not in html.get_content()
    assert mailed(resources) == [True]


def test_a_time_that_was_not_kept_comes_with_its_reason(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing()
    owner_id = overdue(resources, "negar@example.com", count=0)
    with resources.database.transaction() as session:
        article = make_article(session, owner_id=owner_id, title="نوروز")
        given: dict[str, Any] = {"caller": OPERATOR, "article_id": article.id, "expected_version": None}
        schedule_article(session, release_at=utc_now() + timedelta(hours=1), **given)
        revise_article(session, resolution="متن تازه", **given)
    remind(resources)
    (message,) = mailbox.messages
    plain = next(message.iter_parts()).get_content()
    assert "زمان‌بندی ۱ مقاله" in plain
    assert "نوروز: متن پس از تعیین زمان انتشار عوض شده است" in plain
    assert "/desk/articles?mark=unkept&owner=mine" in plain


def test_an_english_one_reads_left_to_right(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing(public_url=None)
    overdue(resources, "negar@example.com", language=Language.ENGLISH)
    remind(resources)
    (message,) = mailbox.messages
    assert message["Subject"] == "Nagofte: 1 waiting for you"
    plain, html = message.iter_parts()
    assert "Overdue articles of yours: 1" in plain.get_content()
    assert "/desk/" not in plain.get_content() + html.get_content()
    assert 'dir="ltr"' in html.get_content()


def test_nobody_gets_two_a_day(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing()
    overdue(resources, "a@example.com")
    for _ in range(3):
        remind(resources)
    assert len(mailbox.messages) == 1


def test_without_an_address_or_a_server_it_is_kept_at_the_desk(
    resources: Resources, mailing: Mailing, mailbox: Mailbox
) -> None:
    overdue(resources, "")
    assert remind(resources).state is JobState.DONE
    assert mailed(resources) == [False]
    assert remind(mailing()).state is JobState.DONE
    assert mailbox.messages == []


def test_a_server_that_is_away_is_tried_again_and_nothing_is_lost(mailing: Mailing, mailbox: Mailbox) -> None:
    away = mailing(smtp_port=1)
    overdue(away, "a@example.com")
    job = remind(away)
    assert (job.state, job.error_code) == (JobState.PENDING, "mail_unavailable")
    assert mailed(away) == [False]
    remind(mailing())
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("address", ["gone@example.com", "نگار@example.com", "two@@example.com", "a@[::1"])
def test_one_who_cannot_be_written_to_keeps_nobody_else_from_mail(
    mailing: Mailing, mailbox: Mailbox, address: str
) -> None:
    resources = mailing()
    mailbox.refused["gone@example.com"] = "550 no such user"
    overdue(resources, address)
    overdue(resources, "b@example.com")
    assert remind(resources).state is JobState.DONE
    assert "b@example.com" in [message["To"].addresses[0].addr_spec for message in mailbox.messages]
    assert mailed(resources) == [True, True]


def test_a_server_that_is_busy_is_tried_again(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing()
    overdue(resources, "a@example.com")
    overdue(resources, "b@example.com")
    mailbox.refused["a@example.com"] = "451 later"
    job = remind(resources)
    assert (job.state, job.error_code) == (JobState.PENDING, "mail_unavailable")
    assert sorted(mailed(resources)) == [False, True]
    mailbox.refused.clear()
    remind(resources)
    assert mailed(resources) == [True, True]
    assert len(mailbox.messages) == 2


def test_it_signs_in_where_a_password_is_configured(mailing: Mailing, mailbox: Mailbox) -> None:
    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.login == b"kb" and data.password == b"secret", handled=False)

    server = start(mailbox, authenticator=check, auth_required=True, auth_require_tls=False)
    given = {"smtp_port": server.port, "smtp_user": "kb"}
    secrets = Settings(smtp_user="kb", smtp_password="wrong", _env_file=None)
    wrong = mailing(**given, smtp_password=secrets.smtp_password)
    overdue(wrong, "a@example.com")
    assert remind(wrong).error_code == "mail_unavailable"
    secrets = Settings(smtp_user="kb", smtp_password="secret", _env_file=None)
    right = mailing(**given, smtp_password=secrets.smtp_password)
    remind(right)
    assert len(mailbox.messages) == 1
    server.stop()


def test_a_server_without_tls_is_not_given_anything(mailing: Mailing, mailbox: Mailbox) -> None:
    resources = mailing(smtp_security="starttls")
    overdue(resources, "a@example.com")
    assert remind(resources).error_code == "mail_unavailable"
    assert mailbox.messages == []
