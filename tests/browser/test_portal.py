"""The portal in a real browser: on a phone, right to left, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from api.dependencies import SESSION_COOKIE

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
#: WCAG 2.2, 1.4.3 for body text
LEAST_CONTRAST = 4.5

_CONTRAST = """
() => {
  const channel = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const worst = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.getClientRects().length || node.closest(".hidden, .skip")) continue;
    const a = luminance(parse(getComputedStyle(node).color)), b = luminance(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    worst.push([ratio, node.className || node.tagName, node.textContent.trim().slice(0, 30)]);
  }
  return worst.sort((x, y) => x[0] - y[0])[0];
}
"""


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_is_asked_and_its_answer_read(browse: Browse, javascript: bool) -> None:
    page = browse("/", javascript=javascript)
    page.fill("input[name=q]", "پولم کی برمی‌گرده؟")
    page.press("input[name=q]", "Enter")
    expect(page.locator(".answer blockquote")).to_contain_text("۳ تا ۵ روز کاری")
    page.locator(".hit h2 a").first.click()
    expect(page.locator("article h1")).to_have_text("زمان برگشت پول پس از مرجوعی")
    expect(page.locator(".prose strong").first).to_have_text("۳ تا ۵ روز کاری")


def test_an_answer_of_rows_and_one_of_steps_fit_a_phone_and_run_right_to_left(browse: Browse) -> None:
    rows = browse("/?q=زمان روش برگشت پول چقدر است", width=390)
    name, value = rows.locator(".answer-row dt").first, rows.locator(".answer-row dd").first
    left, right = value.bounding_box(), name.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"] + 1
    assert rows.evaluate("document.documentElement.scrollWidth") <= 390
    steps = browse("/?q=چطور برگشت پول ثبت کنم", width=390).locator(".answer ol")
    expect(steps.locator("li")).to_have_text(["سفارش را باز کنید.", "مرجوعی را ثبت کنید."])
    assert steps.evaluate("node => getComputedStyle(node).listStyleType") == "persian"
    assert steps.evaluate("node => getComputedStyle(node).direction") == "rtl"


@pytest.mark.parametrize("path", ["/", "/?q=برگشت پول", "/?q=refund", "/sign-in", "/docs", "/nothing"])
def test_nothing_scrolls_sideways_on_a_phone(browse: Browse, path: str) -> None:
    page = browse(path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_wide_table_scrolls_in_its_own_box(browse: Browse) -> None:
    page = browse("/?q=برگشت پول", width=390)
    page.locator(".hit h2 a").first.click()
    expect(page.locator("article")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".table").first
    assert box.evaluate("node => node.scrollWidth > node.clientWidth")
    expect(box).to_have_attribute("tabindex", "0")


def test_persian_pages_run_right_to_left_and_english_ones_left_to_right(browse: Browse) -> None:
    persian = browse("/?q=برگشت پول")
    assert persian.evaluate("getComputedStyle(document.body).direction") == "rtl"
    brand, links = persian.locator(".brand").bounding_box(), persian.locator(".bar-links").bounding_box()
    assert brand is not None
    assert links is not None
    assert brand["x"] > links["x"]
    english = browse("/?lang=en", locale="en-GB")
    assert english.evaluate("getComputedStyle(document.body).direction") == "ltr"
    english.goto(english.url.replace("?lang=en", "?q=refund bank card"))
    expect(english.locator(".hit").first).to_have_attribute("dir", re.compile("ltr|rtl"))


def test_the_font_is_ours_and_persian_is_drawn_with_it(browse: Browse) -> None:
    page = browse("/")
    page.wait_for_function(
        "document.fonts.check('16px Vazirmatn', 'پول')"
        " && [...document.fonts].some((f) => f.family.includes('Vazirmatn') && f.status === 'loaded')"
    )


def test_suggestions_appear_and_are_chosen_with_the_keyboard(browse: Browse) -> None:
    page = browse("/")
    box = page.locator("input[name=q]")
    box.press_sequentially("زمان")
    option = page.locator("[role=option]").first
    expect(option).to_have_text("زمان برگشت پول پس از مرجوعی")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator(".hit h2").first).to_have_text("زمان برگشت پول پس از مرجوعی")


def test_escape_closes_the_suggestions(browse: Browse) -> None:
    page = browse("/")
    page.locator("input[name=q]").press_sequentially("زمان")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.locator("input[name=q]").press("Escape")
    expect(page.locator(".suggestions")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["/", "/?q=پولم کی برمی‌گرده؟", "/sign-in", "/docs"])
def test_text_stands_out_from_what_is_behind_it(browse: Browse, path: str, dark: bool) -> None:
    ratio, where, text = browse(path, dark=dark).evaluate(_CONTRAST)
    assert ratio >= LEAST_CONTRAST, (where, text)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browse: Browse) -> None:
    page = browse("/?q=برگشت پول")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = set()
    while len(reached) < 20:
        page.keyboard.press("Tab")
        tag = page.evaluate("document.activeElement.tagName")
        if tag == "BODY":  # past the last one
            break
        reached.add(tag + page.evaluate("document.activeElement.textContent"))
        outline = page.evaluate(
            "() => { const a = document.activeElement, box = a.closest('.search-box');"
            " return getComputedStyle(a.matches('input') && box ? box : a).outlineStyle; }"
        )
        assert outline != "none"
    text = " ".join(reached)
    for expected in ("جست‌وجو", "English", "ورود کارکنان", "زمان برگشت پول پس از مرجوعی"):
        assert expected in text


def test_results_are_narrowed_on_a_phone_without_a_script(browse: Browse) -> None:
    page = browse("/?q=برگشت پول refund", width=390, javascript=False)
    expect(page.locator(".hit")).to_have_count(2)
    page.select_option(".narrow select[name=language]", "en")
    page.locator(".narrow button").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit h2")).to_have_text("How long a refund takes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".narrow a").click()
    expect(page.locator(".hit")).to_have_count(2)


def test_people_say_that_a_hit_answered_and_take_it_back(
    browse: Browse, address: str, signed_cookie: str
) -> None:
    page = browse("/", width=390)
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": signed_cookie, "url": address}])
    page.goto(f"{address}/?q=برگشت پول")
    button = page.locator(".answered button").first
    expect(button).to_have_text("این پاسخم بود")
    button.press("Enter")
    expect(page.locator(".answered [role=status]")).to_be_visible()
    page.locator(".answered button", has_text="پس بگیر").click()
    expect(page.locator(".answered [role=status]")).to_have_count(0)
