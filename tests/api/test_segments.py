"""Knowledge for some customers only: found by their keys and by the staff, and by nobody else, anywhere."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.api_key import create_key
from kb.article import change_article
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, Scope
from tests.api.conftest import AS_OPERATOR, Running

#: words that nothing else holds
GOLD, PHONE = "ژرفاسنج", "کاغذخردکن"


@pytest.fixture(scope="module")
def planted(running: Running) -> dict[str, str]:
    gold = running.article(
        title=f"شرایط {GOLD}", resolution=f"{GOLD} رایگان است.", issue=[f"{GOLD} چند است"], segments=["طلایی"]
    )
    phone = running.article(
        title=f"تعمیر {PHONE}", resolution=f"{PHONE} یک سال ضمانت دارد.", products=["کاغذخردکن"]
    )
    return {"gold": gold.id, "phone": phone.id}


@pytest.fixture
def as_key(running: Running) -> Any:
    def make(**given: Any) -> dict[str, str]:
        with running.service.database.transaction() as session:
            new = create_key(
                session,
                caller=OPERATOR,
                name="k",
                scopes=[Scope.SEARCH, Scope.READ],
                audience_ceiling=given.pop("ceiling", Audience.PUBLIC),
                **given,
            )
        return {"Authorization": f"Bearer {new.plaintext}"}

    return make


def sees(client: TestClient, headers: dict[str, str], word: str, article_id: str) -> set[str]:
    """The surfaces on which a caller meets an article."""
    surfaces = set()
    found = client.get("/v1/search", params={"q": word}, headers=headers).json()
    if any(hit["origin"]["id"] == article_id for hit in found["hits"]):
        surfaces.add("search")
    # one letter is wrong: only a repair could know the word
    repaired = client.get("/v1/search", params={"q": word[:-1] + "غ"}, headers=headers).json()
    if word in str(repaired.get("repair")):
        surfaces.add("repair")
    suggested = client.get("/v1/suggest", params={"q": word[:4]}, headers=headers).json()
    if word in str(suggested["suggestions"]):
        surfaces.add("suggest")
    listed = client.get("/v1/articles", params={"text": word}, headers=headers).json()
    if listed["items"]:
        surfaces.add("list")
    if client.get(f"/v1/articles/{article_id}", headers=headers).status_code == 200:
        surfaces.add("read")
    if word in client.get("/", headers=headers | {"Accept": "text/html"}, params={"q": "شرایط تعمیر"}).text:
        surfaces.add("page")
    return surfaces


EVERYWHERE = {"search", "suggest", "list", "read", "page"}


def test_only_keys_of_the_segment_and_the_staff_meet_what_is_for_it(
    client: TestClient, planted: dict[str, str], as_key: Any
) -> None:
    assert sees(client, as_key(segments=["طلایی"]), GOLD, planted["gold"]) == EVERYWHERE
    assert sees(client, as_key(ceiling=Audience.INTERNAL), GOLD, planted["gold"]) == EVERYWHERE | {"repair"}
    assert sees(client, AS_OPERATOR, GOLD, planted["gold"]) == EVERYWHERE | {"repair"}
    for headers in (
        {},
        as_key(),
        as_key(segments=["نقره‌ای"]),
        as_key(ceiling=Audience.PARTNER),
        as_key(ceiling=Audience.INTERNAL, segments=["نقره‌ای"]),
    ):
        assert sees(client, headers, GOLD, planted["gold"]) == set()


def test_a_key_of_other_products_does_not_meet_this_one(
    client: TestClient, planted: dict[str, str], as_key: Any
) -> None:
    assert sees(client, as_key(products=["کاغذخردکن"]), PHONE, planted["phone"]) == EVERYWHERE
    assert sees(client, as_key(products=["تلویزیون"]), PHONE, planted["phone"]) == set()
    assert sees(client, as_key(ceiling=Audience.INTERNAL, products=["x"]), PHONE, planted["phone"]) == set()


def test_what_is_given_to_a_segment_is_hidden_from_others_at_once(
    client: TestClient, running: Running, as_key: Any
) -> None:
    word = "گل‌پژمرده"
    article = running.article(title=f"نگهداری {word}", resolution=f"{word} را آب بدهید.")
    other = as_key(segments=["نقره‌ای"])
    assert "search" in sees(client, other, word, article.id)
    with running.service.database.transaction() as session:
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, segments=["طلایی"]
        )
    assert sees(client, other, word, article.id) <= {"repair"}
    running.work()
    assert sees(client, other, word, article.id) == set()
    assert sees(client, as_key(segments=["طلایی"]), word, article.id) >= {"search", "read"}
