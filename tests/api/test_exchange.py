"""Exports and imports over HTTP: made in the background, seen before they are done, their asker's alone."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kb.clock import utc_now
from kb.exchange.transfer import Transfer, TransferBlob
from kb.purge import purge
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, SECRET, Running

Key = Callable[..., dict[str, str]]
SignedIn = Callable[[Role], TestClient]


def exported(
    running: Running, client: TestClient, headers: dict[str, str], **wanted: Any
) -> dict[str, bytes]:
    """The files of an export that was asked for, made and downloaded."""
    made = client.post("/v1/exports", json=wanted, headers=headers)
    assert made.status_code == 202, made.text
    address = f"/v1/exports/{made.json()['id']}"
    early = client.get(f"{address}/file", headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "transfer_not_ready")
    running.work()
    shown = client.get(address, headers=headers).json()
    assert (shown["state"], shown["error"]) == ("done", None)
    file = client.get(f"{address}/file", headers=headers)
    assert file.headers["content-disposition"].startswith("attachment")
    assert len(file.content) == shown["size_bytes"]
    if not shown["filename"].endswith(".zip"):
        return {shown["filename"]: file.content}
    with zipfile.ZipFile(io.BytesIO(file.content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return data.getvalue()


def uploaded(
    running: Running,
    client: TestClient,
    name: str,
    data: bytes,
    headers: dict[str, str] = AS_OPERATOR,
    **form: Any,
) -> dict[str, Any]:
    """An import as it is shown once it was planned."""
    made = client.post("/v1/imports", files={"file": (name, data)}, data=form, headers=headers)
    assert made.status_code == 202, made.text
    assert made.json()["state"] == "waiting"
    running.work()
    shown: dict[str, Any] = client.get(f"/v1/imports/{made.json()['id']}", headers=headers).json()
    return shown


def apply(running: Running, client: TestClient, id: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/imports/{id}/apply", json=body, headers=AS_OPERATOR)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "applying"
    running.work()
    shown: dict[str, Any] = client.get(f"/v1/imports/{id}", headers=AS_OPERATOR).json()
    return shown


def test_an_export_is_made_in_the_background_and_comes_back_unchanged(
    running: Running, client: TestClient, library: dict[str, str]
) -> None:
    files = exported(running, client, AS_OPERATOR)
    assert f"articles/{library['internal']}.md" in files
    assert json.loads(files["manifest.json"])["counts"]["articles"] >= 4
    assert exported(running, client, AS_OPERATOR) == files
    plan = uploaded(running, client, "kb.zip", packed(files))
    assert (plan["state"], plan["error"], plan["items"]) == ("planned", None, [])
    assert set(plan["counts"]) == {"new", "changed", "unchanged", "conflict", "skipped", "failed"}
    assert plan["counts"]["unchanged"] == sum(name.endswith(".md") for name in files)


def test_an_edited_export_is_planned_with_its_differences_then_applied(
    running: Running, client: TestClient
) -> None:
    article = running.article(title="پیش از ویرایش")
    files = exported(running, client, AS_OPERATOR)
    name = f"articles/{article.id}.md"
    one = {"manifest.json": files["manifest.json"]}
    one[name] = files[name].replace("پیش از ویرایش".encode(), "پس از ویرایش".encode())
    plan = uploaded(running, client, "kb.zip", packed(one))
    (item,) = plan["items"]
    assert (item["file"], item["result"], item["id"]) == (name, "changed", article.id)
    assert item["changes"] == [{"field": "title", "before": "پیش از ویرایش", "after": "پس از ویرایش"}]
    read = client.get(f"/v1/articles/{article.id}").json()["revision"]
    assert read["title"] == "پیش از ویرایش"
    done = apply(running, client, plan["id"])
    assert (done["state"], done["counts"]["changed"]) == ("done", 1)
    assert client.get(f"/v1/articles/{article.id}").json()["revision"]["title"] == "پس از ویرایش"
    again = client.post(f"/v1/imports/{plan['id']}/apply", json={}, headers=AS_OPERATOR)
    assert (again.status_code, again.json()["code"]) == (409, "transfer_not_ready")


def test_conflicts_wait_for_a_decision(running: Running, client: TestClient) -> None:
    article = running.article(title="هر دو ویرایش")
    files = exported(running, client, AS_OPERATOR)
    name = f"articles/{article.id}.md"
    one = {
        "manifest.json": files["manifest.json"],
        name: files[name].replace("هر دو".encode(), "دو".encode()),
    }
    changed = client.patch(
        f"/v1/articles/{article.id}",
        json={"tags": ["ما"]},
        headers=AS_OPERATOR | {"If-Match": f'"{article.version}"'},
    )
    assert changed.status_code == 200
    plan = uploaded(running, client, "kb.zip", packed(one))
    assert plan["counts"]["conflict"] == 1
    refused = client.post(f"/v1/imports/{plan['id']}/apply", json={}, headers=AS_OPERATOR)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_blocked")
    assert apply(running, client, plan["id"], on_conflict="ours")["counts"]["skipped"] == 1


def test_a_table_of_questions_is_imported(running: Running, client: TestClient) -> None:
    data = "پرسش,پاسخ\nساعت کاری فروشگاه ونک؟,نه تا بیست\n".encode("utf-8-sig")
    plan = uploaded(running, client, "faq.csv", data, audience="public")
    assert plan["counts"]["new"] == 1
    done = apply(running, client, plan["id"])
    assert done["counts"]["created"] == 1
    shown = client.get(f"/v1/articles/{done['items'][0]['id']}")
    assert shown.json()["revision"]["title"] == "ساعت کاری فروشگاه ونک؟"


def test_a_key_that_may_not_release_is_told_before_anything_is_done(
    running: Running, client: TestClient, key: Key
) -> None:
    headers = key(Scope.ADMIN, Scope.READ, ceiling=Audience.INTERNAL)
    data = "پرسش,پاسخ,مخاطب\nالف؟,ب,عمومی\nپ؟,ت,داخلی\n".encode()
    plan = uploaded(running, client, "faq.csv", data, headers)
    assert (plan["counts"]["failed"], plan["counts"]["new"]) == (1, 1)
    assert plan["items"][0]["error"]["code"] == "forbidden"


def test_other_formats_are_one_file(running: Running, client: TestClient, library: dict[str, str]) -> None:
    (data,) = exported(running, client, AS_OPERATOR, format="zendesk", audience="public").values()
    titles = {article["title"] for article in json.loads(data)["articles"]}
    assert "زمان برگشت پول پس از مرجوعی" in titles
    assert SECRET.encode() not in data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.zip", b"no archive", "not_an_export"),
        ("x.bin", b"\x00\x01", "not_an_export"),
        ("x.zip", packed({"manifest.json": b"{}"}), "not_an_export"),
        ("x.zip", packed({"manifest.json": b'{"format": "nagofte", "version": 9}'}), "other_format"),
        ("x.zip", packed({"../x.md": b""}), "exchange_failed"),
        ("x.json", b"[" * 50_000, "not_an_export"),
        ("x.csv", b"a,b,c\n", "exchange_failed"),
    ],
)
def test_what_cannot_be_read_fails_with_its_reason(
    running: Running, client: TestClient, name: str, data: bytes, code: str
) -> None:
    shown = uploaded(running, client, name, data)
    assert (shown["state"], shown["error"]["code"]) == ("failed", code)
    assert shown["items"] == []
    refused = client.post(f"/v1/imports/{shown['id']}/apply", json={}, headers=AS_OPERATOR)
    assert refused.status_code == 409
    job = client.get(f"/v1/jobs/{shown['job_id']}", headers=AS_OPERATOR).json()
    assert (job["state"], job["error"]["code"]) == ("failed", code)


def test_a_broken_file_is_named_in_the_readers_language(running: Running, client: TestClient) -> None:
    files = {
        "manifest.json": b'{"format": "nagofte", "version": 1}',
        "articles/a.md": b"---\ntitle: {\n---\n",
    }
    plan = uploaded(running, client, "x.zip", packed(files), AS_OPERATOR | {"Accept-Language": "fa"})
    (item,) = plan["items"]
    assert (plan["counts"]["failed"], item["error"]["code"]) == (1, "broken_file")
    assert item["error"]["message"].startswith("articles/a.md، سطر 3:")
    refused = client.post(
        f"/v1/imports/{plan['id']}/apply", json={"on_conflict": "theirs"}, headers=AS_OPERATOR
    )
    assert refused.json()["code"] == "import_blocked"


def test_only_managers_and_administering_keys_may(client: TestClient, key: Key, signed_in: SignedIn) -> None:
    publisher = signed_in(Role.PUBLISHER)
    narrow = key(Scope.READ, Scope.WRITE, Scope.RELEASE, ceiling=Audience.INTERNAL)
    for browser, headers in ((publisher, {}), (client, narrow)):
        assert browser.post("/v1/exports", json={}, headers=headers).status_code == 403
        upload = browser.post("/v1/imports", files={"file": ("a.csv", b"x")}, headers=headers)
        assert upload.status_code == 403
    assert client.post("/v1/exports", json={}).status_code == 401
    manager = signed_in(Role.MANAGER)
    assert manager.post("/v1/exports", json={}).status_code == 202
    people = manager.post("/v1/imports", files={"file": ("a.csv", b"x")}, data={"people": "true"})
    assert (people.status_code, people.json()["code"]) == (403, "forbidden")


def test_a_keys_ceiling_bounds_what_it_exports(
    running: Running, client: TestClient, key: Key, library: dict[str, str]
) -> None:
    headers = key(Scope.ADMIN, ceiling=Audience.PARTNER)
    for wanted in ({}, {"audience": "internal"}):
        files = exported(running, client, headers, **wanted)
        assert f"articles/{library['partner']}.md" in files
        assert not any(SECRET.encode() in data for data in files.values())
        assert "people.yml" not in files
    public = exported(running, client, headers, audience="public")
    assert f"articles/{library['partner']}.md" not in public


def test_a_transfer_is_its_askers_alone(running: Running, client: TestClient, signed_in: SignedIn) -> None:
    manager, other = signed_in(Role.MANAGER), signed_in(Role.ADMIN)
    export = manager.post("/v1/exports", json={}).json()["id"]
    plan = manager.post("/v1/imports", files={"file": ("a.csv", b"q,a\nx,y\n")}).json()["id"]
    running.work()
    assert manager.get(f"/v1/exports/{export}/file").status_code == 200
    for path in (f"/v1/exports/{export}", f"/v1/exports/{export}/file", f"/v1/imports/{plan}"):
        assert other.get(path).status_code == 404
    assert other.post(f"/v1/imports/{plan}/apply", json={}).status_code == 404
    assert manager.get(f"/v1/imports/{export}").status_code == 404


def test_what_somebody_may_no_longer_do_is_not_done(running: Running, signed_in: SignedIn) -> None:
    from kb.user import User

    manager = signed_in(Role.MANAGER)
    export = manager.post("/v1/exports", json={}).json()["id"]
    with running.service.database.transaction() as session:
        transfer = session.get_one(Transfer, export)
        session.get_one(User, transfer.actor.partition(":")[2]).role = Role.AGENT
    running.work()
    with running.service.database.reading() as session:
        assert session.get_one(Transfer, export).error_code == "forbidden"
        assert session.get(TransferBlob, export) is None


def test_transfers_are_forgotten_with_their_bytes(running: Running, client: TestClient) -> None:
    export = client.post("/v1/exports", json={}, headers=AS_OPERATOR).json()
    running.work()
    with running.service.database.transaction() as session:
        purge(session, now=utc_now() + timedelta(days=2))
    assert client.get(f"/v1/exports/{export['id']}/file", headers=AS_OPERATOR).status_code == 404
    with running.service.database.reading() as session:
        assert session.scalars(select(Transfer)).all() == []
        assert session.scalars(select(TransferBlob)).all() == []


def test_the_same_request_twice_is_one_export(client: TestClient) -> None:
    headers = AS_OPERATOR | {"Idempotency-Key": "export-once"}
    first, second = (client.post("/v1/exports", json={}, headers=headers).json() for _ in range(2))
    assert first["id"] == second["id"]


def test_one_caller_does_not_fill_the_queue(running: Running, signed_in: SignedIn) -> None:
    manager = signed_in(Role.MANAGER)
    statuses = [manager.post("/v1/exports", json={}).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [409]
    running.work()


def test_an_upload_beyond_the_limit_is_refused(running: Running, client: TestClient) -> None:
    limit = running.service.settings.upload_limit_bytes
    answer = client.post("/v1/imports", files={"file": ("a.zip", b"0" * (limit + 10))}, headers=AS_OPERATOR)
    assert answer.status_code == 413
