"""The desk's pages about templates, as a browser without JavaScript sees them."""

import uuid
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kb.article.builtin_templates import BUILTIN_TEMPLATES, BuiltinTemplate
from kb.article.template import Template, create_template, delete_template, get_template, list_templates
from kb.errors import NotFound
from kb.visibility import OPERATOR
from kb.vocabulary import Language, Role
from tests.api.conftest import Running
from tests.api.test_pages import HTML, page, text_of

SignedIn = Callable[..., TestClient]


@pytest.fixture
def template(running: Running) -> Template:
    with running.service.database.transaction() as session:
        return create_template(
            session,
            caller=OPERATOR,
            name=f"قطعی {uuid.uuid4().hex[:6]}",
            language=Language.PERSIAN,
            title="[سرویس] قطع است",
            resolution="گام‌ها",
            tags=["قطعی"],
        )


def form_of(browser: TestClient, path: str) -> dict[str, str]:
    """What the page's first form of fields would send as it is."""
    form = page(browser, path).css_first("form[data-leave]")
    assert form is not None
    sent = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in form.css("input")}
    sent |= {str(one.attributes["name"]): one.text().lstrip("\n") for one in form.css("textarea")}
    chosen = form.css_first("option[selected]")
    assert chosen is not None
    return sent | {"language": str(chosen.attributes["value"])}


def get(running: Running, template: Template) -> Template:
    with running.service.database.reading() as session:
        return get_template(session, template_id=template.id)


def test_the_list_offers_to_make_one_where_there_is_none(running: Running, signed_in: SignedIn) -> None:
    with running.service.database.transaction() as session:
        for one in list_templates(session):
            if one.version is not None:
                delete_template(session, caller=OPERATOR, template_id=one.id, expected_version=None)
    tree = page(signed_in(Role.MANAGER), "/desk/templates")
    assert "هنوز الگویی از خودتان ندارید" in text_of(tree, ".rest")
    assert len(tree.css(".rows .row")) == len(BUILTIN_TEMPLATES)
    assert tree.css_first("a[href='/desk/templates/new']") is not None


@pytest.mark.parametrize(("language", "title"), [("fa", "الگوهای مقاله"), ("en", "Article templates")])
def test_managers_are_led_there_and_others_are_not(signed_in: SignedIn, language: str, title: str) -> None:
    manager, publisher = signed_in(Role.MANAGER), signed_in(Role.PUBLISHER)
    link = "a[href='/desk/templates']"
    for path in ("/desk", "/desk/articles/new"):
        assert page(manager, path).css_first(link) is not None
        assert page(publisher, path).css_first(link) is None
    assert text_of(page(manager, f"/desk/templates?lang={language}"), "h1") == title
    page(publisher, "/desk/templates", 403)


def test_one_is_made_from_one_that_is_built_in(running: Running, signed_in: SignedIn) -> None:
    browser = signed_in(Role.MANAGER)
    built_in = browser.get("/desk/templates/how-to-en", headers=HTML)
    assert built_in.headers["location"] == "/desk/templates/new?like=how-to-en"
    sent = form_of(browser, "/desk/templates/new?like=how-to-en")
    assert (sent["name"], sent["language"]) == ("", "en")
    for wrong, word in (({}, "خالی"), ({"name": "How-to"}, "«How-to» از پیش هست")):
        refused = browser.post("/desk/templates/new", data=sent | wrong | {"cause": "نوشتهٔ من"}, headers=HTML)
        assert refused.status_code in (409, 422)
        assert word in refused.text
        assert "نوشتهٔ من" in refused.text
    name = f"Our way {uuid.uuid4().hex[:6]}"
    made = browser.post("/desk/templates/new", data=sent | {"name": name, "tags": "a، b"})
    assert (made.status_code, made.headers["location"]) == (303, "/desk/templates?done=template_made")
    with running.service.database.reading() as session:
        (kept,) = [one for one in list_templates(session) if one.name == name]
    assert (kept.tags, kept.resolution) == (("a", "b"), get_builtin("how-to-en").resolution)
    assert sent["title"] in browser.get(f"/desk/articles/new?template={kept.id}", headers=HTML).text


def get_builtin(id: str) -> BuiltinTemplate:
    (found,) = [one for one in BUILTIN_TEMPLATES if one.id == id]
    return found


def test_what_is_not_touched_stays_as_it_was(
    running: Running, signed_in: SignedIn, template: Template
) -> None:
    browser, path = signed_in(Role.MANAGER), f"/desk/templates/{template.id}"
    assert browser.post(path, data=form_of(browser, path)).status_code == 303
    assert get(running, template) == template
    assert browser.post(path, data=form_of(browser, path) | {"title": "تازه"}).status_code == 303
    assert (get(running, template).title, get(running, template).version) == ("تازه", 2)


def test_whoever_comes_late_sees_both_and_overwrites_nothing(
    running: Running, signed_in: SignedIn, template: Template
) -> None:
    browser, path = signed_in(Role.MANAGER), f"/desk/templates/{template.id}"
    mine = form_of(browser, path) | {"resolution": "گام‌های من"}
    assert browser.post(path, data=mine | {"resolution": "گام‌های همکار"}).status_code == 303
    late = browser.post(path, data=mine, headers=HTML)
    assert late.status_code == 412
    assert "گام‌های من</textarea>" in late.text
    assert "گام‌های همکار</pre>" in late.text
    assert get(running, template).resolution == "گام‌های همکار"
    stale = browser.post(f"{path}/delete", data={"version": mine["version"]}, headers=HTML)
    assert stale.status_code == 412
    assert browser.post(path, data=mine | {"version": "2"}).status_code == 303


def test_one_is_deleted_and_what_was_typed_for_it_is_not_lost(
    running: Running, signed_in: SignedIn, template: Template
) -> None:
    browser, path = signed_in(Role.MANAGER), f"/desk/templates/{template.id}"
    sent = form_of(browser, path) | {"resolution": "این را با زحمت نوشته بودم"}
    gone = browser.post(f"{path}/delete", data={"version": "1"})
    assert gone.headers["location"] == "/desk/templates?done=template_deleted"
    with pytest.raises(NotFound):
        get(running, template)
    late = browser.post(path, data=sent, headers=HTML)
    assert late.status_code == 404
    assert "این را با زحمت نوشته بودم" in late.text
    built_in = browser.post("/desk/templates/how-to-fa", data=sent, headers=HTML)
    assert (built_in.status_code, get_builtin("how-to-fa").cause in built_in.text) == (409, True)
