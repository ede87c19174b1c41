"""Before a release the questions that articles answer are replayed; losses need a publisher's reason."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.article import create_article, revise_article
from kb.audit import list_audit, verify_audit
from kb.edition import proposed_edition
from kb.learnt_query import learn_query
from kb.visibility import OPERATOR
from kb.vocabulary import Audience, OriginKind, Role, Scope
from search.learnt import learnt_words
from tests.api.conftest import AS_OPERATOR, Running
from tests.factories import make_person

Browser = Callable[..., TestClient]


def check(client: TestClient, running: Running, article_id: str, version: int) -> dict[str, Any]:
    """Ask for a check, let the worker propose, and read what came of it."""
    headers = AS_OPERATOR | {"If-Match": f'"{version}"'}
    asked = client.post(f"/v1/articles/{article_id}/checks", headers=headers)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "waiting"
    running.work()
    found = client.get(asked.headers["Location"], headers=AS_OPERATOR).json()
    assert found["state"] == "done", found
    return dict(found)


@pytest.fixture(scope="module")
def kettle(running: Running) -> str:
    """An article about descaling a kettle; a publisher said that it answers a question."""
    article = running.article(
        title="جرم‌گیری کتری برقی",
        resolution="سرکه و آب را نیم‌به‌نیم در کتری بجوشانید، ده دقیقه صبر کنید و دو بار بشویید.",
        issue=["ته کتری سفید شده چیکار کنم", "رسوب کتری با چی پاک میشه"],
    )
    words = learnt_words("لکه سفید کف کتری برقی")
    with running.service.database.transaction() as session:
        learn_query(
            session,
            caller=make_person(session, role=Role.PUBLISHER),
            origin_kind=OriginKind.ARTICLE,
            origin_id=article.id,
            text=words.text,
            folded=words.folded,
        )
    running.work()
    return article.id


def revise(running: Running, article_id: str, **words: str) -> int:
    with running.service.database.transaction() as session:
        article = revise_article(
            session, caller=OPERATOR, article_id=article_id, expected_version=None, **words
        )
        return article.version


def test_a_revision_that_says_the_same_keeps_every_answer(
    client: TestClient, running: Running, kettle: str
) -> None:
    version = revise(
        running,
        kettle,
        resolution="سرکهٔ سفید و آب را نیم‌به‌نیم در کتری بجوشانید، ده دقیقه صبر کنید و دو بار بشویید.",
    )
    found = check(client, running, kettle, version)
    assert found["broken_count"] == 0
    assert found["counts"]["kept"] >= 3
    released = client.post(
        f"/v1/articles/{kettle}/release", headers=AS_OPERATOR | {"If-Match": f'"{version}"'}
    )
    assert released.status_code == 200
    running.work()


def test_losing_answers_is_refused_until_a_publisher_gives_a_reason_that_is_kept(
    client: TestClient, running: Running, kettle: str, signed_in: Browser
) -> None:
    # Another article speaks of it, too, and the new revision does not any more.
    running.article(
        title="پاک کردن رسوب سفید",
        resolution="لکهٔ سفید کف کتری برقی رسوب آهک است؛ ته کتری سفید شده را با جوهر لیمو پاک کنید.",
    )
    version = revise(
        running, kettle, title="شرایط ضمانت جاروبرقی", resolution="جاروبرقی هجده ماه ضمانت موتور دارد."
    )
    found = check(client, running, kettle, version)
    assert found["broken_count"] >= 1
    broken = [query for query in found["queries"] if query["outcome"] == "broken"]
    assert {query["article_id"] for query in broken} == {kettle}
    assert all(query["first_after"] != kettle for query in broken)
    with running.service.database.reading() as session:
        assert proposed_edition(session, article_id=kettle) is None
    address, matching = f"/v1/articles/{kettle}/release", {"If-Match": f'"{version}"'}
    refused = client.post(address, headers=AS_OPERATOR | matching)
    assert refused.status_code == 409
    assert refused.json()["code"] == "release_breaks"
    assert refused.json()["data"]["check_id"] == found["id"]
    contributor = signed_in(Role.CONTRIBUTOR)
    assert contributor.post(address, headers=matching, json={"override": "x"}).status_code == 403
    reason = "کتری دیگر فروخته نمی‌شود."
    publisher = signed_in(Role.PUBLISHER)
    released = publisher.post(address, headers=matching, json={"override": reason})
    assert released.status_code == 200, released.text
    kept = client.get(f"/v1/articles/{kettle}/checks", headers=AS_OPERATOR).json()["items"][0]
    assert kept["override_reason"] == reason
    with running.service.database.reading() as session:
        (entry, *_) = list_audit(session, caller=OPERATOR, object_id=kettle).items
        assert (entry.verb, entry.data["override"]) == ("release_article", reason)
        assert verify_audit(session).problems == ()
    running.work()


def test_a_new_article_that_pushes_a_neighbour_aside_says_so(client: TestClient, running: Running) -> None:
    words = "کد تخفیف دانشجویی چطور فعال میشه"
    old = running.article(title="کد تخفیف", resolution="کد تخفیف را در سبد خرید بنویسید.", issue=[words])
    with running.service.database.transaction() as session:
        new = create_article(
            session,
            caller=OPERATOR,
            language=old.language,
            audience=Audience.PUBLIC,
            title="فعال کردن کد تخفیف دانشجویی",
            resolution="کد تخفیف دانشجویی با کارت دانشجویی فعال می‌شود: کارت را بارگذاری کنید.",
        )
        new_id = new.id
    found = check(client, running, new_id, 1)
    (theirs,) = (query for query in found["queries"] if query["text"] == words)
    assert (theirs["article_id"], theirs["own"], theirs["outcome"]) == (old.id, False, "displaced")
    assert (theirs["before"], theirs["first_after"]) == (1, new_id)


@pytest.fixture
def patient(running: Running) -> Iterator[Running]:
    """The application with releases that wait a second for their check."""
    settings = running.service.settings.model_copy(update={"release_check_seconds": 1})
    running.app.state.service = replace(running.service, settings=settings)
    yield running
    running.app.state.service = running.service


def test_a_check_that_nobody_works_on_is_pending_and_the_article_stays_unreleased(
    client: TestClient, patient: Running
) -> None:
    running = patient
    draft = running.draft(title="پیش‌نویس منتظر")
    pending = client.post(f"/v1/articles/{draft.id}/release", headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert pending.status_code == 409
    assert pending.json()["code"] == "check_pending"
    running.work()
    released = client.post(f"/v1/articles/{draft.id}/release", headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert released.status_code == 200, released.text
    running.work()


def test_checks_are_the_desks_and_nobody_elses(
    client: TestClient, running: Running, kettle: str, key: Any
) -> None:
    address = f"/v1/articles/{kettle}/checks"
    assert client.get(address).status_code == 401
    assert client.get(address, headers=key(Scope.READ)).status_code == 403
    assert client.get(f"{address}/nothing", headers=AS_OPERATOR).status_code == 404
    internal = running.article(audience=Audience.INTERNAL)
    writer = key(Scope.WRITE, ceiling=Audience.PUBLIC)
    assert client.get(f"/v1/articles/{internal.id}/checks", headers=writer).status_code == 404
    nothing = client.post(address, headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert nothing.json()["code"] in ("nothing_to_release", "stale_edit")
    with running.service.database.transaction() as session:
        article = create_article(
            session, caller=OPERATOR, language=internal.language, audience=Audience.PUBLIC, title="بی‌پاسخ"
        )
        article_id = article.id
    empty = client.post(f"/v1/articles/{article_id}/release", headers=AS_OPERATOR | {"If-Match": '"1"'})
    assert (empty.status_code, empty.json()["code"]) == (409, "incomplete_article")


def test_a_check_shows_no_questions_about_products_that_the_caller_may_not_see(
    client: TestClient, running: Running, key: Callable[..., dict[str, str]]
) -> None:
    hidden = running.article(
        title="صافی دستگاه آب",
        issue=["چرا آب مزهٔ کلر می‌دهد"],
        resolution="صافی دستگاه آب را هر سه ماه عوض کنید تا مزهٔ آب برنگردد.",
        products=["تصفیه"],
    )
    shown = running.article(title="چای", issue=["صافی دستگاه آب"], resolution="برگ چای را پنج دقیقه دم کنید.")
    # It takes the neighbour's question from it, so the check tells of that.
    version = revise(
        running,
        shown.id,
        title="چرا آب مزهٔ کلر می‌دهد",
        resolution="آب مزهٔ کلر می‌دهد، چون صافی دستگاه کهنه است.",
    )
    found = check(client, running, shown.id, version)
    assert hidden.id in {query["article_id"] for query in found["queries"]}, "else this proves nothing"
    of_others = key(Scope.READ, Scope.WRITE, ceiling=Audience.INTERNAL, products=["تلفن"])
    seen = client.get(f"/v1/articles/{shown.id}/checks/{found['id']}", headers=of_others).json()
    assert {query["article_id"] for query in seen["queries"]} == {shown.id}
    assert hidden.id not in str(seen)
