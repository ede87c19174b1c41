"""Attachments, templates, related articles and previews over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.article import Article, archive_article
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

Key = Callable[..., dict[str, str]]
SignedIn = Callable[..., TestClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
MIB = 1024 * 1024


def send(client: TestClient, article: Article, name: str, data: bytes, declared: str = "image/png") -> Any:
    address = f"/v1/articles/{article.id}/attachments"
    return client.post(address, files={"file": (name, data, declared)}, headers=AS_OPERATOR)


def test_a_file_is_sent_listed_shown_and_removed(running: Running, client: TestClient) -> None:
    article = running.article(title="با پیوست")
    sent = send(client, article, "صفحهٔ ورود.png", PNG)
    assert sent.status_code == 201, sent.text
    shown = sent.json()
    assert (shown["filename"], shown["media_type"]) == ("صفحهٔ ورود.png", "image/png")
    listed = client.get(f"/v1/articles/{article.id}/attachments").json()["items"]
    assert [one["id"] for one in listed] == [shown["id"]]
    answer = client.get(shown["url"])
    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="')
    assert f'href="{shown["url"]}"' in client.get(f"/articles/{article.id}").text
    assert client.get(shown["url"], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.delete(shown["url"]).status_code == 401
    assert client.delete(shown["url"], headers=AS_OPERATOR).status_code == 204
    assert client.get(shown["url"]).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.js", b"alert(1)"),
        ("a.pdf", b"%PDF-1.7\n%"),
        ("a.xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>"),
    ],
)
def test_whatever_could_run_is_saved_and_never_shown(
    running: Running, client: TestClient, name: str, data: bytes
) -> None:
    article = running.article(title="با پیوست")
    shown = send(client, article, name, data, "text/html").json()
    answer = client.get(shown["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer.headers["Content-Type"]
    assert "svg" not in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "name",
    ['a"; filename="b.exe.png', "a\r\nSet-Cookie: x=1.png", "../../a.png", "a;b=c%00.png", "\u202egnp.a.png"],
)
def test_no_name_breaks_out_of_its_header(running: Running, client: TestClient, name: str) -> None:
    shown = send(client, running.article(), name, PNG).json()
    answer = client.get(shown["url"])
    disposition = answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert disposition.count('"') == 2
    assert "/" not in disposition
    assert disposition.isascii()


def test_a_file_that_is_too_large_says_so(running: Running, client: TestClient) -> None:
    limit = running.service.settings.upload_limit_mib * MIB
    answer = send(client, running.article(), "بزرگ.bin", b"\1" * (limit + 1))
    assert answer.status_code == 413
    assert answer.json()["code"] in ("file_too_large", "body_too_large")
    assert send(client, running.article(), "خالی.bin", b"").status_code == 422


def test_a_file_is_hidden_with_its_article(running: Running, client: TestClient, key: Key) -> None:
    internal = running.article(audience=Audience.INTERNAL)
    public = running.article()
    hidden = send(client, internal, "راز.txt", "راز".encode()).json()
    seen = send(client, public, "a.txt", b"a").json()
    for headers in ({}, key(Scope.READ), key(Scope.READ, ceiling=Audience.PARTNER)):
        for address in (
            hidden["url"],
            f"/v1/articles/{internal.id}/attachments",
            f"/v1/articles/{public.id}/attachments/{hidden['id']}",
        ):
            assert client.get(address, headers=headers).status_code == 404
        assert client.get(seen["url"], headers=headers).status_code == 200
    with running.service.database.transaction() as session:
        archive_article(session, caller=OPERATOR, article_id=public.id, expected_version=None)
    assert client.get(seen["url"]).status_code == 404
    assert client.get(seen["url"], headers=AS_OPERATOR).status_code == 200


def test_sending_again_with_the_same_key_happens_once(running: Running, client: TestClient) -> None:
    article = running.article()
    address = f"/v1/articles/{article.id}/attachments"
    headers = AS_OPERATOR | {"Idempotency-Key": f"attach-{article.id}"}
    answers = [
        client.post(address, files={"file": ("a.png", data, "image/png")}, headers=headers)
        for data in (PNG, PNG, PNG + b"x")
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[0].json() == answers[1].json()


def test_templates_are_listed_made_and_changed(signed_in: SignedIn) -> None:
    manager, agent = signed_in(Role.MANAGER), signed_in(Role.AGENT)
    built_in = agent.get("/v1/templates", params={"language": "fa"}).json()["items"]
    assert {"how-to-fa", "problem-fa", "policy-fa"} <= {one["id"] for one in built_in}
    new = {"name": "قطعی سرویس", "language": "fa", "title": "[سرویس] قطع است", "resolution": "## چه بگوییم"}
    assert agent.post("/v1/templates", json=new).status_code == 403
    made = manager.post("/v1/templates", json=new)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    taken = manager.post("/v1/templates", json=new)
    assert (taken.status_code, taken.json()["code"]) == (409, "already_exists")
    address = made.headers["Location"]
    changed = manager.patch(address, json={"tags": ["قطعی"]}, headers={"If-Match": '"1"'})
    assert changed.json()["tags"] == ["قطعی"]
    assert manager.patch(address, json={"title": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert manager.patch(address, json={}, headers={"If-Match": '"2"'}).status_code == 422
    fixed = manager.delete("/v1/templates/how-to-fa", headers={"If-Match": '"1"'})
    assert (fixed.status_code, fixed.json()["code"]) == (409, "conflict")
    assert manager.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    assert agent.get(address).status_code == 404


def test_related_articles_are_those_linked_to_and_those_alike(running: Running, client: TestClient) -> None:
    alike = running.article(title="بستهٔ پستی نرسیده است", resolution="رهگیری بستهٔ پستی را ببینید.")
    linked = running.article(title="نشانی نمایندگی تعمیر یخچال", resolution="شعبهٔ مرکزی.")
    secret = running.article(
        title="بستهٔ پستی نرسیده و گم شده است", resolution="بستهٔ پستی گم شده.", audience=Audience.INTERNAL
    )
    article = running.article(
        title="بستهٔ پستی دیر می‌رسد",
        resolution=(
            f"رهگیری بستهٔ پستی. [شعبه‌ها](/articles/{linked.id}) و [راز](/articles/{secret.id}) و "
            f"[خودش](https://kb.example/articles/{{self}})"
        ),
    )
    found = client.get(f"/v1/articles/{article.id}/related").json()["items"]
    reasons = {one["id"]: one["reason"] for one in found}
    assert reasons[linked.id] == "linked"
    assert reasons[alike.id] == "alike"
    assert article.id not in reasons
    assert secret.id not in reasons
    page = client.get(f"/articles/{article.id}").text
    assert "نشانی نمایندگی تعمیر یخچال" in page
    assert "گم شده است" not in page
    desk = client.get(f"/v1/articles/{article.id}/related", headers=AS_OPERATOR).json()["items"]
    assert secret.id in {one["id"] for one in desk}
    assert client.get(f"/v1/articles/{secret.id}/related").status_code == 404


def test_a_preview_is_what_the_page_shows(running: Running, client: TestClient, signed_in: SignedIn) -> None:
    words = {
        "resolution": "تا **۷ روز**.\n\n| الف | ب |\n|---|---|\n| ۱ | ۲ |\n\n```\ncode\n```",
        "cause": "چون *چنین* است.",
        "environment": "سایت",
    }
    html = signed_in().post("/v1/articles/preview", json={"language": "fa"} | words).json()["html"]
    assert "<strong>۷ روز</strong>" in html
    assert "علت" in html
    article = running.article(title="پیش‌نمایش", **words)
    assert html.strip() in client.get(f"/articles/{article.id}").text
    assert client.post("/v1/articles/preview", json={"language": "fa"}).status_code == 401


def test_an_article_of_five_megabytes_is_refused_clearly(
    running: Running, client: TestClient, signed_in: SignedIn
) -> None:
    author = signed_in(Role.CONTRIBUTOR)
    ascii_text, persian = "x" * 5_000_000, "م" * 2_600_000
    before = len(client.get("/v1/articles", params={"limit": 200}, headers=AS_OPERATOR).json()["items"])
    draft = running.draft(title="کوتاه")
    for text in (ascii_text, persian):
        new = {"language": "fa", "title": "بزرگ", "audience": "internal", "resolution": text}
        for answer in (
            author.post("/v1/articles", json=new),
            author.post("/v1/articles/preview", json={"language": "fa", "resolution": text}),
            author.post(
                f"/v1/articles/{draft.id}/revisions", json={"resolution": text}, headers={"If-Match": '"1"'}
            ),
        ):
            assert answer.status_code in (413, 422)
            body = answer.json()
            assert body["code"] in ("body_too_large", "text_too_long", "invalid_input")
            assert "resolution" in body["message"] or body["code"] == "body_too_large"
            assert len(body["message"]) < 400
    after = client.get("/v1/articles", params={"limit": 200}, headers=AS_OPERATOR).json()["items"]
    assert len(after) in (before + 1, 200)
    assert client.get(f"/v1/articles/{draft.id}", headers=AS_OPERATOR).json()["version"] == 1


def test_a_megabyte_is_previewed(signed_in: SignedIn) -> None:
    text = "متن **درشت** و [پیوند](https://e.example).\n\n" * 20_000
    answer = signed_in().post("/v1/articles/preview", json={"language": "fa", "resolution": text[:1_000_000]})
    assert answer.status_code == 200
