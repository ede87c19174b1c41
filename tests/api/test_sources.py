"""Documents over HTTP."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.settings import Settings
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running, start

Key = Callable[..., dict[str, str]]


def upload(client: TestClient, *files: tuple[str, bytes], headers: Any = AS_OPERATOR, **fields: Any) -> Any:
    data = {"audience": "public"} | fields
    return client.post(
        "/v1/sources",
        files=[("file", (name, content)) for name, content in files],
        data=data,
        headers=headers,
    )


def test_a_document_is_uploaded_followed_found_and_downloaded(client: TestClient, running: Running) -> None:
    word = f"گنجشکک{uuid.uuid4().hex[:6]}"
    content = f"# راهنمای {word}\n\nدستگاه را با {word} روشن کنید.".encode()
    answer = upload(client, ("راهنما.md", content), tags="دستگاه")
    assert answer.status_code == 202
    item = answer.json()["items"][0]
    assert (item["outcome"], item["source"]["status"]) == ("created", "received")
    running.work()
    source = client.get(f"/v1/sources/{item['source']['id']}", headers=AS_OPERATOR).json()
    assert source["status"] == "indexed"
    assert client.get(f"/v1/jobs/{item['job_id']}", headers=AS_OPERATOR).json()["state"] == "done"
    hit = client.get("/v1/search", params={"q": word}).json()["hits"][0]
    assert hit["origin"] == {"kind": "source", "id": source["id"]}
    path = hit["url"].removeprefix("http://testserver")
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f'id="p-{hit["passage_id"]}"' in page.text
    original = client.get(f"/v1/sources/{source['id']}/original", headers=AS_OPERATOR)
    assert original.content == content
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in original.headers["Content-Security-Policy"]
    again = AS_OPERATOR | {"If-None-Match": original.headers["ETag"]}
    assert client.get(f"/v1/sources/{source['id']}/original", headers=again).status_code == 304


def test_an_unreadable_document_fails_with_a_reason_in_both_languages(
    client: TestClient, running: Running
) -> None:
    item = upload(client, ("خالی.txt", b"   ")).json()["items"][0]
    running.work()
    path = f"/v1/sources/{item['source']['id']}"
    for language, words in (("fa", "متنی نیست"), ("en", "no text")):
        source = client.get(path, headers=AS_OPERATOR | {"Accept-Language": language}).json()
        assert source["status"] == "failed"
        assert source["error"]["code"] == "empty_document"
        assert words in source["error"]["message"]
        job = client.get(
            f"/v1/jobs/{item['job_id']}", headers=AS_OPERATOR | {"Accept-Language": language}
        ).json()
        assert words in job["error"]["message"]


def test_the_same_bytes_again_change_nothing(client: TestClient) -> None:
    content = uuid.uuid4().hex.encode()
    first = upload(client, ("a.txt", content))
    second = upload(client, ("b.txt", content))
    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["items"][0]["outcome"] == "unchanged"
    assert second.json()["items"][0]["source"]["id"] == first.json()["items"][0]["source"]["id"]


def test_several_files_are_kept_or_none(client: TestClient) -> None:
    names = [f"{uuid.uuid4().hex}.txt" for _ in range(3)]
    answer = upload(client, *((name, name.encode()) for name in names))
    assert [item["source"]["filename"] for item in answer.json()["items"]] == names
    both = upload(client, ("x.txt", b"1"), ("y.txt", b"2"), title="یکی")
    assert both.status_code == 422
    assert both.json()["data"]["field"] == "title"


def test_a_file_name_is_only_a_name(client: TestClient) -> None:
    for name in ("../../etc/passwd", "C:\\secret\\x.txt", "/root/x.txt"):
        item = upload(client, (name, uuid.uuid4().hex.encode())).json()["items"][0]
        assert "/" not in item["source"]["filename"]
        assert "\\" not in item["source"]["filename"]


def test_too_large_a_file_is_refused_with_the_limit(settings: Settings) -> None:
    for small in start(settings.model_copy(update={"upload_limit_mib": 1})):
        client = TestClient(small.app)
        slightly = upload(client, ("دفتر.txt", b"x" * (1024 * 1024 + 1)))
        assert (slightly.status_code, slightly.json()["code"]) == (413, "file_too_large")
        assert "دفتر.txt" in slightly.json()["message"]
        far = upload(client, ("دفتر.txt", b"x" * (20 * 1024 * 1024)))
        assert (far.status_code, far.json()["code"]) == (413, "body_too_large")
        assert client.get("/v1/sources", headers=AS_OPERATOR).json()["items"] == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("multipart/form-data; boundary=b", b""),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"file=x&audience=public"),
    ],
)
def test_a_broken_form_is_the_senders_fault(client: TestClient, content_type: str, body: bytes) -> None:
    headers = AS_OPERATOR | {"Content-Type": content_type}
    answer = client.post("/v1/sources", content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["message"]


def test_a_deleted_document_is_gone_at_once(client: TestClient, running: Running) -> None:
    word = f"مرغابی{uuid.uuid4().hex[:6]}"
    item = upload(client, ("x.txt", f"نشانی {word} این‌جاست.".encode())).json()["items"][0]
    running.work()
    path = f"/v1/sources/{item['source']['id']}"
    assert client.delete(path, headers=AS_OPERATOR).status_code == 204
    hits = client.get("/v1/search", params={"q": word}).json()["hits"]
    assert item["source"]["id"] not in {hit["origin"]["id"] for hit in hits}
    assert client.get(path, headers=AS_OPERATOR).status_code == 404
    assert client.get(f"/sources/{item['source']['id']}").status_code == 404


def test_who_may_not_upload_is_told(
    client: TestClient, signed_in: Callable[..., TestClient], key: Key
) -> None:
    assert upload(client, ("x.txt", b"x"), headers={}).status_code == 401
    assert upload(signed_in(Role.AGENT), ("x.txt", b"x"), headers={}).status_code == 403
    assert upload(client, ("x.txt", b"x"), headers=key(Scope.READ)).status_code == 403
    narrow = key(Scope.WRITE, ceiling=Audience.PARTNER)
    assert upload(client, ("x.txt", b"x"), headers=narrow, audience="internal").status_code == 403
