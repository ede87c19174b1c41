"""Reviews, set times and merges over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.clock import utc_now
from kb.vocabulary import Audience, Role, Scope
from tests.api.conftest import AS_OPERATOR, Running

Key = Callable[..., dict[str, str]]
SignedIn = Callable[..., TestClient]


def act(client: TestClient, article: Any, what: str, *, method: str = "POST", **body: Any) -> Any:
    """`what` on the article as it was read last."""
    headers = {"If-Match": f'"{article["version"]}"'}
    address = f"/v1/articles/{article['id']}{what}"
    return client.request(method, address, headers=headers, json=body or None)


def written(client: TestClient, **fields: Any) -> Any:
    values = {"language": "fa", "title": "مهلت مرجوعی", "resolution": "تا ۷ روز.", "audience": "internal"}
    answer = client.post("/v1/articles", json=values | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_review_goes_from_the_queue_to_changes_to_approval(signed_in: SignedIn) -> None:
    author, reviewer = signed_in(Role.AGENT), signed_in(Role.CONTRIBUTOR)
    me = reviewer.get("/v1/session").json()["id"]
    article = written(author)
    asked = act(author, article, "/review", reviewer_id=me).json()
    assert asked["state"] == "not_validated"

    def mine() -> list[str]:
        page = reviewer.get("/v1/reviews", params={"reviewer_id": me}).json()
        return [item["article"]["id"] for item in page["items"]]

    assert mine() == [article["id"]]
    listed = reviewer.get("/v1/articles", params={"reviewer_id": me}).json()["items"]
    assert [item["id"] for item in listed] == [article["id"]]
    assert act(author, asked, "/review/approve").status_code == 403
    back = act(reviewer, asked, "/review/request-changes", comment="مهلت برای کالای سنگین؟").json()
    assert (back["state"], mine()) == ("work_in_progress", [])
    revised = act(author, back, "/revisions", resolution="تا ۷ روز؛ کالای سنگین تا ۳ روز.").json()
    again = act(author, revised, "/review").json()
    approved = act(reviewer, again, "/review/approve", comment="خوب شد").json()
    assert approved["state"] == "validated"
    reviews = reviewer.get(f"/v1/articles/{article['id']}/reviews").json()["items"]
    assert [(one["state"], one["revision_number"]) for one in reviews] == [
        ("approved", 2),
        ("changes_requested", 1),
    ]


def test_a_review_needs_words_a_version_and_a_reviewer_that_exists(signed_in: SignedIn) -> None:
    author, reviewer = signed_in(Role.AGENT), signed_in(Role.CONTRIBUTOR)
    article = written(author)
    unknown = act(author, article, "/review", reviewer_id="nobody")
    assert (unknown.status_code, unknown.json()["data"]["field"]) == (422, "reviewer_id")
    asked = act(author, article, "/review").json()
    assert act(author, article, "/review").status_code == 412
    assert act(reviewer, asked, "/review/request-changes", comment="").status_code == 422
    assert act(reviewer, asked, "/review/request-changes", comment=" \n").status_code == 422
    assert act(reviewer, asked, "/review/request-changes", comment="x" * 10_001).status_code == 422
    unversioned = reviewer.post(f"/v1/articles/{article['id']}/review/approve")
    assert unversioned.status_code == 428
    gone = act(author, asked, "/review", method="DELETE").json()
    refused = act(reviewer, gone, "/review/approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "impossible_move")


def test_the_queue_is_the_desks(client: TestClient, key: Key) -> None:
    assert client.get("/v1/reviews").status_code == 401
    assert client.get("/v1/reviews", headers=key(Scope.READ)).status_code == 403
    assert client.get("/v1/reviews", headers=key(Scope.WRITE)).status_code == 200


def test_a_time_is_set_changed_taken_back_and_kept_by_a_worker(
    running: Running, signed_in: SignedIn, client: TestClient
) -> None:
    publisher = signed_in(Role.PUBLISHER)
    article = written(publisher, audience="public", title="تعطیلات نوروز")
    at = (utc_now() + timedelta(hours=1)).isoformat()
    later = (utc_now() + timedelta(hours=2)).isoformat()
    early = act(publisher, article, "/schedule", method="PATCH", release_at=later, archive_at=at)
    assert (early.status_code, early.json()["data"]["field"]) == (422, "archive_at")
    naive = act(publisher, article, "/schedule", method="PATCH", release_at="2099-01-01T00:00:00")
    assert naive.status_code == 422
    assert act(publisher, article, "/schedule", method="PATCH").status_code == 422
    set_ = act(publisher, article, "/schedule", method="PATCH", release_at=at, archive_at=later).json()
    assert set_["release_at"].startswith(at[:19])
    listed = publisher.get("/v1/articles", params={"scheduled": True}).json()["items"]
    assert article["id"] in [item["id"] for item in listed]
    none = act(publisher, set_, "/schedule", method="PATCH", release_at=None, archive_at=None).json()
    assert (none["release_at"], none["archive_at"]) == (None, None)

    soon = (utc_now() + timedelta(seconds=0.2)).isoformat()
    act(publisher, none, "/schedule", method="PATCH", release_at=soon)
    for _ in range(100):
        running.work()
        if client.get(f"/v1/articles/{article['id']}").status_code == 200:
            break
    assert client.get(f"/v1/articles/{article['id']}").json()["state"] == "validated"


def test_who_may_not_release_may_not_schedule_it(signed_in: SignedIn) -> None:
    author = signed_in(Role.CONTRIBUTOR)
    article = written(author, audience="public")
    at = (utc_now() + timedelta(hours=1)).isoformat()
    for times in ({"release_at": at}, {"archive_at": at}):
        assert act(author, article, "/schedule", method="PATCH", **times).status_code == 403


def test_a_merged_articles_old_address_leads_to_the_other(
    running: Running, signed_in: SignedIn, client: TestClient
) -> None:
    publisher = signed_in(Role.PUBLISHER)
    gone = running.article(title="پس دادن کالا", issue=["چجوری پس بدم؟"])
    into = running.article(title="مرجوع کردن کالا")
    preview = publisher.get(f"/v1/articles/{gone.id}/merge", params={"into_id": into.id}).json()
    assert preview["issue"] == ["پس دادن کالا", "چجوری پس بدم؟"]
    shown = publisher.get(f"/v1/articles/{gone.id}").json()
    merged = act(publisher, shown, "/merge", into_id=into.id).json()
    assert (merged["state"], merged["merged_into_id"]) == ("archived", into.id)
    running.work()

    old = client.get(f"/v1/articles/{gone.id}")
    assert (old.status_code, old.headers["Location"]) == (301, f"/v1/articles/{into.id}")
    page = client.get(f"/articles/{gone.id}")
    assert (page.status_code, page.headers["Location"]) == (301, f"/articles/{into.id}")
    assert "no-store" in old.headers["Cache-Control"]
    # found by the words that it took over, at the new place only
    hits = client.get("/v1/search", params={"q": "چجوری پس بدم؟"}).json()["hits"]
    ids = [hit["origin"]["id"] for hit in hits]
    assert into.id in ids
    assert gone.id not in ids
    # the desk still reads what was merged away, and can bring it back
    kept = publisher.get(f"/v1/articles/{gone.id}").json()
    assert kept["merged_into_id"] == into.id
    assert act(publisher, kept, "/restore").status_code == 200
    assert client.get(f"/v1/articles/{gone.id}").status_code == 200


def test_a_merged_articles_files_go_along_and_their_addresses_go_on(
    running: Running, signed_in: SignedIn, client: TestClient
) -> None:
    publisher = signed_in(Role.PUBLISHER)
    gone, into = running.article(title="راهنمای تصویری"), running.article(title="راهنمای کامل")
    sent = {"file": ("نقشه.txt", "نقشهٔ راه".encode())}
    file = publisher.post(f"/v1/articles/{gone.id}/attachments", files=sent).json()
    preview = publisher.get(f"/v1/articles/{gone.id}/merge", params={"into_id": into.id}).json()
    assert preview["files"] == ["نقشه.txt"]
    where = f"/desk/articles/{gone.id}/merge?into={into.id}"
    assert "نقشه.txt" in publisher.get(where, headers={"Accept": "text/html"}).text
    act(publisher, publisher.get(f"/v1/articles/{gone.id}").json(), "/merge", into_id=into.id)
    (carried,) = client.get(f"/v1/articles/{into.id}/attachments").json()["items"]
    assert carried["filename"] == "نقشه.txt"
    for address in (file["url"], carried["url"]):
        assert client.get(address).content.decode() == "نقشهٔ راه"
    act(publisher, publisher.get(f"/v1/articles/{gone.id}").json(), "/restore")
    assert client.get(f"/v1/articles/{into.id}/attachments").json()["items"] == []
    assert (client.get(file["url"]).status_code, client.get(carried["url"]).status_code) == (200, 404)


def test_cyclic_and_senseless_merges_are_refused(running: Running, signed_in: SignedIn) -> None:
    publisher = signed_in(Role.PUBLISHER)
    one, other = running.draft(title="یک"), running.draft(title="دو")
    shown = publisher.get(f"/v1/articles/{one.id}").json()
    for into_id, status, code in (
        (one.id, 409, "cyclic_merge"),
        ("nothing-there", 404, "not_found"),
        ("../../etc", 422, "invalid_input"),
    ):
        answer = act(publisher, shown, "/merge", into_id=into_id)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        preview = publisher.get(f"/v1/articles/{one.id}/merge", params={"into_id": into_id})
        assert (preview.status_code, preview.json()["code"]) == (status, code)
    act(publisher, shown, "/merge", into_id=other.id)
    back = publisher.get(f"/v1/articles/{other.id}").json()
    circle = act(publisher, back, "/merge", into_id=one.id)
    assert (circle.status_code, circle.json()["code"]) == (409, "cyclic_merge")
    assert act(signed_in(Role.CONTRIBUTOR), back, "/merge", into_id=one.id).status_code == 403


def test_nobody_learns_of_a_merge_between_things_they_cannot_see(
    running: Running, client: TestClient, key: Key
) -> None:
    hidden = running.article(title="داخلی", audience=Audience.INTERNAL)
    public = running.article(title="همگانی")
    for gone, into in ((hidden, public), (public, running.article(audience=Audience.INTERNAL))):
        shown = client.get(f"/v1/articles/{gone.id}", headers=AS_OPERATOR).json()
        answer = client.post(
            f"/v1/articles/{gone.id}/merge",
            json={"into_id": into.id},
            headers=AS_OPERATOR | {"If-Match": f'"{shown["version"]}"'},
        )
        assert answer.status_code == 200, answer.text
        for headers in ({}, key(Scope.READ)):
            assert client.get(f"/v1/articles/{gone.id}", headers=headers).status_code == 404
            assert client.get(f"/articles/{gone.id}", headers=headers).status_code == 404


def test_an_earlier_revision_comes_back_over_http(signed_in: SignedIn) -> None:
    author = signed_in(Role.AGENT)
    article = written(author)
    revised = act(author, article, "/revisions", title="عنوان نو").json()
    back = act(author, revised, "/revisions/1/revert", comment="نادرست بود")
    assert back.status_code == 201
    assert back.json()["revision"]["title"] == "مهلت مرجوعی"
    assert back.json()["revision"]["number"] == 3
    assert act(author, back.json(), "/revisions/9/revert").status_code == 404


def test_a_diff_marks_words_and_says_how_to_write_each_line(signed_in: SignedIn) -> None:
    author = signed_in(Role.AGENT)
    article = written(author)
    act(author, article, "/revisions", resolution="تا ۱۰ روز.\n\nUse the app.")
    lines = author.get(f"/v1/articles/{article['id']}/diff", params={"old": 1, "new": 2}).json()["lines"]
    new = next(line for line in lines if line["kind"] == "added")
    assert new["direction"] == "rtl"
    assert [word for word in new["words"] if word["kind"] == "added"] == [{"kind": "added", "text": "۱۰"}]
    assert lines[-1]["direction"] == "ltr"


def test_a_translation_says_that_it_is_behind(signed_in: SignedIn, client: TestClient) -> None:
    publisher = signed_in(Role.PUBLISHER)
    original = act(publisher, written(publisher, audience="public"), "/release").json()
    made = written(
        publisher, audience="public", language="en", title="Return window", translates_id=original["id"]
    )
    released = act(publisher, made, "/release").json()
    assert released["translation"]["is_behind"] is False
    revised = act(publisher, original, "/revisions", resolution="تا ۱۰ روز.").json()
    act(publisher, revised, "/release")
    shown = client.get(f"/v1/articles/{made['id']}").json()
    assert shown["translation"] == {
        "original_id": original["id"],
        "number": 1,
        "served_number": 2,
        "is_behind": True,
    }
    page = client.get(f"/articles/{made['id']}", headers={"Accept-Language": "en"}).text
    assert "is newer than this translation" in page
    assert f'href="/articles/{original["id"]}"' in page
    (other,) = client.get(f"/v1/articles/{original['id']}/translations").json()["items"]
    assert (other["id"], other["translation"]["is_behind"]) == (made["id"], True)
    behind = publisher.get("/v1/articles", params={"behind": True, "language": "en"}).json()["items"]
    assert made["id"] in [item["id"] for item in behind]
    caught_up = act(publisher, shown, "", method="PATCH", translates_number=2).json()
    assert caught_up["translation"]["is_behind"] is False


def test_who_owns_it_for_whom_and_until_when_is_kept_and_the_desks(
    signed_in: SignedIn, client: TestClient
) -> None:
    manager = signed_in(Role.MANAGER)
    article = written(
        manager, audience="public", segments=["طلایی"], products=["کیف پول"], verify_every_days=30
    )
    assert (article["segments"], article["verify_every_days"]) == (["طلایی"], 30)
    refused = act(manager, article, "", method="PATCH", owner_team_id="no-such-team")
    assert (refused.status_code, refused.json()["data"]["field"]) == (422, "owner_team_id")
    changed = act(
        manager, article, "", method="PATCH", segments=[], owner_id=None, verify_every_days=None
    ).json()
    assert (changed["segments"], changed["owner_id"], changed["verify_every_days"]) == ([], None, None)
    assert changed["standing"] == "unbound"
    act(manager, changed, "/release")
    seen = client.get(f"/v1/articles/{article['id']}").json()
    for name in ("owner_id", "owner_team_id", "standing", "verify_due_at", "release_at", "merged_into_id"):
        assert seen[name] is None


def test_a_manager_says_who_may_change_an_article(signed_in: SignedIn) -> None:
    publisher, manager = signed_in(Role.PUBLISHER), signed_in(Role.MANAGER)
    article = written(manager)
    compliance: dict[str, Any] = {"method": "PATCH", "governance": "compliance"}
    assert act(publisher, article, "", **compliance).status_code == 403
    bound = act(manager, article, "", **compliance).json()
    assert bound["governance"] == "compliance"
    assert act(publisher, bound, "/revisions", title="نو").status_code == 403
    assert act(signed_in(Role.MANAGER), bound, "/revisions", title="نو").status_code == 201


@pytest.mark.parametrize("name", ["owner_id", "standing", "used", "segment", "scheduled"])
def test_readers_do_not_narrow_by_what_is_the_desks(client: TestClient, name: str) -> None:
    value = {"standing": "due", "used": "true", "scheduled": "true"}.get(name, "x")
    assert client.get("/v1/articles", params={name: value}).status_code == 403
