"""Pages over HTTP, as a browser without JavaScript sees them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from api.web.portal import confidence_words
from api.web.rendering import STATIC, WEB
from api.web.texts import TEXTS, translate
from kb.vocabulary import Audience, Role
from tests.api.conftest import AS_OPERATOR, SECRET, Running

pytestmark = pytest.mark.usefixtures("library")
HTML = {"Accept": "text/html"}


def page(client: TestClient, address: str, status: int = 200) -> LexborHTMLParser:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    return LexborHTMLParser(answer.text)


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node.text(strip=True)


def test_the_start_page_is_a_form_that_needs_no_script(client: TestClient) -> None:
    tree = page(client, "/")
    form = tree.css_first("form[role=search]")
    assert form is not None
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/")
    assert form.css_first("input[name=q]") is not None
    html = tree.css_first("html")
    assert html is not None
    assert (html.attributes["lang"], html.attributes["dir"]) == ("fa", "rtl")


def test_results_show_the_answer_and_marked_snippets(client: TestClient, library: dict[str, str]) -> None:
    tree = page(client, "/?q=پولم کی برمی‌گرده؟")
    assert "۳ تا ۵ روز کاری" in text_of(tree, ".answer blockquote")
    link = tree.css_first(".hit h2 a")
    assert link is not None
    assert str(link.attributes["href"]).startswith(f"/articles/{library['public']}")
    assert tree.css_first(".hit .snippet mark") is not None
    assert tree.css_first("input[name=q]").attributes["value"] == "پولم کی برمی‌گرده؟"  # type: ignore[union-attr]


def test_an_answer_of_steps_is_a_list_and_one_of_rows_names_its_columns(
    client: TestClient, running: Running
) -> None:
    running.article(
        title="کوپالک",
        resolution="## ساختن کوپالک\n\n4. <b>کوپالک</b> را باز کنید.\n5. نام بنویسید.\n\n"
        "## بهای کوپالک\n\n| نوع | بها |\n|---|---|\n| کوپالک زرین | ۴۰ هزار تومان |\n",
    )
    tree = page(client, "/?q=چطور کوپالک بسازم")
    steps = tree.css_first(".answer blockquote ol")
    assert steps is not None
    assert [item.text(strip=True) for item in steps.css("li")] == ["کوپالک را باز کنید.", "نام بنویسید."]
    assert steps.attributes["start"] == "4"
    assert text_of(tree, ".answer-lead") == "ساختن کوپالک"
    assert tree.css_first(".answer-more a") is not None
    tree = page(client, "/?q=بهای کوپالک زرین")
    assert [name.text(strip=True) for name in tree.css(".answer dt")] == ["نوع", "بها"]
    assert [cell.text(strip=True) for cell in tree.css(".answer dd")] == ["کوپالک زرین", "۴۰ هزار تومان"]


def test_nothing_found_says_so_and_helps(client: TestClient) -> None:
    tree = page(client, "/?q=xqzvbnm")
    if tree.css_first(".hit") is None:
        assert text_of(tree, ".empty h1") == "چیزی پیدا نشد"
        assert len(tree.css(".empty li")) == 3


def test_too_long_a_question_is_explained_on_the_page(client: TestClient) -> None:
    for language, said in (("en", "The question has 3000 characters"), ("fa", "پرسش ۳۰۰۰ نویسه دارد")):
        tree = page(client, "/?q=" + "x" * 3000 + "&lang=" + language, status=422)
        assert said in text_of(tree, ".empty p")


def test_a_question_is_shown_as_text(client: TestClient) -> None:
    answer = client.get("/", params={"q": '"><script>alert(1)</script>'}, headers=HTML)
    assert "<script>alert" not in answer.text


def test_an_article_is_readable_in_its_own_direction(client: TestClient, library: dict[str, str]) -> None:
    tree = page(client, f"/articles/{library['public']}")
    article = tree.css_first("article")
    assert article is not None
    assert (article.attributes["lang"], article.attributes["dir"]) == ("fa", "rtl")
    assert text_of(tree, "article h1") == "زمان برگشت پول پس از مرجوعی"
    assert text_of(tree, ".prose strong") == "۳ تا ۵ روز کاری"
    assert re.search(r"به‌روز شده در [۰-۹]{1,2} \S+ ۱۴[۰-۹]{2}", text_of(tree, "article .meta"))
    link = tree.css_first(".translations a")
    assert link is not None
    assert link.attributes["href"] == f"/articles/{library['english']}"
    assert len(tree.css(".translations a")) == 1  # the internal one is not named
    english = page(client, f"/articles/{library['english']}?lang=en")
    assert english.css_first("article").attributes["dir"] == "ltr"  # type: ignore[union-attr]
    assert "Updated" in text_of(english, "article .meta")


def test_a_hits_address_leads_to_its_heading(client: TestClient, library: dict[str, str]) -> None:
    hits = client.get("/v1/search", params={"q": "کیف پول تا یک ساعت"}).json()["hits"]
    mine = next(hit for hit in hits if hit["origin"]["id"] == library["public"])
    if "#" in mine["url"]:
        from urllib.parse import unquote

        path, _, anchor = mine["url"].removeprefix("http://testserver").partition("#")
        assert f'id="{unquote(anchor)}"' in client.get(path, headers=HTML).text


def test_staff_see_badges_and_internal_results(
    client: TestClient, signed_in: Callable[..., TestClient], library: dict[str, str]
) -> None:
    browser = signed_in(Role.AGENT)
    tree = page(browser, f"/?q=سقف جبران {SECRET}")
    assert "فقط کارکنان" in text_of(tree, ".hits")
    assert page(browser, f"/articles/{library['internal']}").css_first(".badge-internal") is not None
    assert page(client, f"/articles/{library['public']}").css_first(".badge") is None
    page(client, f"/articles/{library['internal']}", status=404)


def test_staff_read_what_is_served_and_are_told_of_drafts(
    running: Running, client: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    article = running.article(title="خدمت", resolution="متن منتشرشده.")
    client.post(
        f"/v1/articles/{article.id}/revisions",
        json={"resolution": "متن تازه."},
        headers=AS_OPERATOR | {"If-Match": f'"{article.version}"'},
    )
    tree = page(signed_in(Role.AGENT), f"/articles/{article.id}")
    assert "متن منتشرشده" in text_of(tree, ".prose")
    assert "هنوز منتشر نشده" in text_of(tree, ".notice")
    assert page(client, f"/articles/{article.id}").css_first(".notice") is None
    draft = running.draft(title="پیش‌نویس")
    assert "هنوز منتشر نشده" in text_of(page(signed_in(Role.AGENT), f"/articles/{draft.id}"), ".notice")
    page(client, f"/articles/{draft.id}", status=404)


def test_notes_and_transcripts_have_pages_for_staff(
    client: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    note = client.post(
        "/v1/notes", json={"language": "fa", "text": "یک.\n\n<b>دو</b>"}, headers=AS_OPERATOR
    ).json()
    turns = [{"speaker": "customer", "text": "سلام"}, {"speaker": "agent", "text": "درود"}]
    chat = client.post(
        "/v1/conversations", json={"channel": "chat", "language": "fa", "turns": turns}, headers=AS_OPERATOR
    ).json()
    staff = signed_in(Role.AGENT)
    assert len(page(staff, f"/notes/{note['id']}").css(".prose p")) == 2
    assert [turn.text(strip=True) for turn in page(staff, f"/conversations/{chat['id']}").css(".turn p")] == [
        "سلام",
        "درود",
    ]
    page(client, f"/notes/{note['id']}", status=404)
    page(client, f"/conversations/{chat['id']}", status=404)


def test_the_language_is_asked_for_and_remembered(client: TestClient) -> None:
    tree = page(client, "/?lang=en")
    assert tree.css_first("html").attributes["dir"] == "ltr"  # type: ignore[union-attr]
    assert page(client, "/").css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr]
    switch = tree.css_first(".bar-links a[hreflang]")
    assert switch is not None
    assert switch.attributes["href"] == "?lang=fa"


@pytest.mark.parametrize("path", ["/", "/?q=پول", "/sign-in", "/docs", "/nothing-here"])
def test_no_page_asks_any_other_site_for_anything(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert " style=" not in answer.text
    assert not re.search(r"<script(?! src=\"/static/)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)


def test_static_files_are_all_there(client: TestClient) -> None:
    tree = page(client, "/")
    addresses = [n.attributes.get("href") or n.attributes.get("src") for n in tree.css("link, script, img")]
    for address in addresses:
        assert client.get(str(address)).status_code == 200
    styles = (STATIC / "fonts.css").read_text()
    for name in re.findall(r'url\("([^"]+)"\)', styles):
        assert client.get(f"/static/{name}").headers["content-type"] == "font/woff2"
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text().upper()


def test_styles_are_written_for_both_directions() -> None:
    css = "".join(path.read_text() for path in STATIC.glob("*.css"))
    physical = r"(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|float\s*:"
    assert re.findall(physical, css) == []


def test_every_key_of_the_templates_has_words_in_both_languages() -> None:
    templates = "".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    used = set(re.findall(r'(?<!\w)t\("(\w+)"[,)]', templates))
    assert used <= set(TEXTS)
    for persian, english in TEXTS.values():
        assert persian.strip()
        assert english.strip()
        assert re.findall(r"{\w+}", persian) == re.findall(r"{\w+}", english)
    assert translate("results_many", "fa", count="۳") == "۳ نتیجه"


@pytest.mark.parametrize(
    ("confidence", "words"), [(1.0, "high"), (0.8, "high"), (0.79, "medium"), (0.5, "medium"), (0.2, "low")]
)
def test_confidence_is_worded_no_higher_than_it_is(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_a_long_document_is_shown_in_parts(client: TestClient, running: Running) -> None:
    from tests.api.test_sources import upload

    text = "\n\n".join(
        f"## بخش {n}\n\n" + f"جملهٔ بلند شمارهٔ {n} دربارهٔ تنظیم دستگاه. " * 12 for n in range(130)
    )
    item = upload(client, ("بلند.md", text.encode())).json()["items"][0]
    running.work()
    path = f"/sources/{item['source']['id']}"
    first = page(client, path)
    assert first.css_first("nav.parts a[rel=next]") is not None
    assert page(client, f"{path}?part=2").css_first("nav.parts a[rel=prev]") is not None
    assert page(client, f"{path}?part=99999").css_first("article") is not None
    assert Path(path).name
    assert Audience.PUBLIC in item["source"]["audience"]


def choices(tree: LexborHTMLParser, name: str) -> list[str]:
    return [str(option.attributes["value"]) for option in tree.css(f".narrow select[name={name}] option")]


def test_results_are_narrowed_without_a_script(client: TestClient, library: dict[str, str]) -> None:
    tree = page(client, "/?q=برگشت پول refund")
    assert choices(tree, "language") == ["", "fa", "en"]
    assert {"بازگشت", "کیف پول"} <= set(choices(tree, "product"))
    narrowed = page(client, "/?q=برگشت پول refund&product=بازگشت&language=en&kind=")
    links = [str(link.attributes["href"]) for link in narrowed.css(".hit h2 a")]
    assert [link.split("#")[0] for link in links] == [f"/articles/{library['english']}"]
    assert narrowed.css_first(".narrow option[value=بازگشت][selected]") is not None
    assert narrowed.css_first(".narrow a") is not None


def test_only_what_the_reader_may_see_is_offered_for_narrowing(
    client: TestClient, signed_in: Callable[..., TestClient]
) -> None:
    assert SECRET not in choices(page(client, "/?q=پول"), "product")
    assert SECRET in choices(page(signed_in(), "/?q=پول"), "product")
    # A value that is not offered narrows nothing, so that it tells nothing either.
    assert page(client, f"/?q=پول&product={SECRET}").css_first(".hit") is not None


@pytest.mark.parametrize(
    ("language", "shown", "link"),
    [
        ("fa", "نتایج برای «برگشت پول»", "به‌جای آن «bargasht pool» را جست‌وجو کنید"),
        ("en", "Results for “برگشت پول”", "Search instead for “bargasht pool”"),
    ],
)
def test_a_repaired_search_says_so_and_links_to_the_query_as_typed(
    client: TestClient, language: str, shown: str, link: str
) -> None:
    tree = page(client, f"/?q=bargasht pool&lang={language}")
    isolates = {0x2068: None, 0x2069: None}
    assert shown in text_of(tree, ".repaired").translate(isolates)
    assert text_of(tree, ".repaired a").translate(isolates) == link
    assert tree.css_first("input[name=q]").attributes["value"] == "bargasht pool"  # type: ignore[union-attr]
    address = tree.css_first(".repaired a").attributes["href"]  # type: ignore[union-attr]
    assert address == "/?q=bargasht+pool&repair=off"
    assert page(client, str(address)).css_first(".repaired") is None


def test_a_search_that_needs_no_repair_says_nothing_of_it(client: TestClient) -> None:
    assert page(client, "/?q=برگشت پول").css_first(".repaired") is None
