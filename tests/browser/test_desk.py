"""The desk in a real browser: a note told on a phone, an article edited and approved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from api.dependencies import SESSION_COOKIE
from kb.clock import utc_now
from kb.user import User, open_session
from kb.vocabulary import Role
from tests.api.conftest import Running
from tests.factories import make_person

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
TOLD = "مشتری گفت پولش بعد از پنج روز نیامده. من همان اول تاریخ دقیق را به او گفتم."


@pytest.fixture
def at_desk(browse: Browse, address: str, served: tuple[str, Running]) -> Callable[..., Page]:
    """`at_desk(path, role=..., ...)`: a page of somebody who is signed in."""

    def open_page(path: str, *, role: Role = Role.AGENT, **options: object) -> Page:
        with served[1].service.database.transaction() as session:
            user = session.get_one(User, make_person(session, role=role).id)
            token = open_session(session, user=user, now=utc_now(), hours=1).token
        page = browse("/sign-in", **options)
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page.goto(address + path)
        return page

    return open_page


def test_a_note_saves_itself_and_is_told_on_a_phone(at_desk: Callable[..., Page]) -> None:
    page = at_desk("/desk/notes/new", width=390)
    page.locator("textarea[name=text]").press_sequentially(TOLD)
    expect(page.locator(".autosave")).to_have_text("ذخیره شد")
    assert "/write" in page.url  # a reload goes on from here
    page.reload()
    expect(page.locator("textarea[name=text]")).to_have_value(TOLD)
    page.get_by_role("button", name="ادامه").click()
    for _ in range(6):
        if page.locator("form.probe").count() == 0:
            break
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator("form.probe textarea").fill("چون مشتری با تاریخ حساب می‌کند نه با تعداد روز.")
        page.get_by_role("button", name="ثبت پاسخ").click()
        page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("پرسش دیگری نیست")
    page.get_by_role("button", name="تحویل تجربه").click()
    expect(page.locator(".notice-good")).to_contain_text("دستتان درد نکند")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"


def test_a_note_is_written_and_thrown_away_without_a_script(at_desk: Callable[..., Page]) -> None:
    page = at_desk("/desk/notes/new", width=390, javascript=False)
    page.fill("textarea[name=text]", TOLD)
    page.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
    expect(page.locator(".notice-good")).to_have_text("ذخیره شد.")
    page.goto(page.url.split("/desk/")[0] + "/desk/notes")
    page.get_by_role("button", name="دور انداختن").click()
    page.get_by_role("button", name="برگرداندن پیش‌نویس").click()
    expect(page.locator("textarea[name=text]")).to_have_value(TOLD)


def test_an_article_is_edited_compared_and_approved(
    at_desk: Callable[..., Page], served: tuple[str, Running]
) -> None:
    running = served[1]
    article = running.article(title="ساعت کار انبار", resolution="انبار تا ۸ شب باز است.")
    path = f"/desk/articles/{article.id}"
    author = at_desk(f"{path}/edit", role=Role.CONTRIBUTOR)
    author.fill("textarea[name=resolution]", "انبار تا ۱۰ شب باز است.")
    author.get_by_role("button", name="پیش‌نمایش").click()
    expect(author.locator(".preview .prose")).to_contain_text("۱۰ شب")
    author.get_by_role("button", name="ذخیره", exact=True).click()
    author.locator("summary", has_text="درخواست بازبینی").click()
    author.locator("details button", has_text="درخواست بازبینی").click()
    expect(author.locator(".notice-good")).to_contain_text("صف بازبینی")
    publisher = at_desk("/desk/reviews", role=Role.PUBLISHER)
    publisher.get_by_role("link", name="ساعت کار انبار").click()
    publisher.get_by_role("link", name="چه چیزی عوض شده").first.click()
    expect(publisher.locator(".diff ins")).to_have_text("۱۰")
    publisher.go_back()
    publisher.get_by_role("button", name="تأیید", exact=True).click()
    expect(publisher.locator(".notice-good")).to_have_text("تأیید شد.")


def test_what_says_the_same_appears_beside_an_article_while_it_is_written(
    at_desk: Callable[..., Page], served: tuple[str, Running]
) -> None:
    said = "برای برگشت پول سفارش لغوشده سه روز کاری صبر کنید و سپس با بانک تماس بگیرید."
    running = served[1]
    article = running.article(title="برگشت پول سفارش لغوشده", resolution=said)
    page = at_desk("/desk/articles/new", width=390)
    link = page.locator(f"a[href='/articles/{article.id}']")
    found = page.locator(".alike-list li").filter(has=link)
    expect(found).to_have_count(0)
    page.locator("input[name=title]").press_sequentially("برگشت پول سفارش لغوشده")
    expect(found).to_be_visible()  # by its title alone
    page.locator("textarea[name=resolution]").fill(said)
    expect(found.locator(".badge-warn")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(page.url.replace("/new", f"/{article.id}/edit"))
    with page.expect_response(lambda answer: answer.url.endswith("/alike")):
        page.locator("textarea[name=resolution]").fill(f"{said} حتماً.")
    expect(found).to_have_count(0)  # not like itself


def test_two_windows_never_overwrite_each_other(at_desk: Callable[..., Page], address: str) -> None:
    page = at_desk("/desk/notes/new")
    page.locator("textarea[name=text]").fill(TOLD)
    expect(page.locator(".autosave")).to_have_text("ذخیره شد")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("textarea[name=text]").fill("متن پنجرهٔ دیگر")
    other.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
    expect(other.locator(".notice-good")).to_be_visible()
    page.locator("textarea[name=text]").fill("متن این پنجره")
    expect(page.locator(".autosave.is-bad")).to_contain_text("هر دو متن")
    page.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
    expect(page.locator("textarea[name=text]")).to_have_value("متن این پنجره")
    expect(page.locator(".kept")).to_have_text("متن پنجرهٔ دیگر")
