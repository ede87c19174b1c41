"""A note is told turn by turn: one question at a time, skippable, never repeated; then it becomes a draft."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from codify.elicitation.rewording import ProbeWriter
from kb.settings import Settings
from kb.vocabulary import Audience, Role, Scope
from search.generate import make_generator
from tests.api.conftest import AS_OPERATOR, Running
from tests.endpoints import Answer, json_answer, serve

Browser = Callable[..., TestClient]
MODEM = "مشتری می‌گفت اینترنتش هر شب قطع می‌شود. اول مودم را ریست کردم و کانال وای‌فای را عوض کردم."


def begin(author: TestClient, text: str = MODEM, **fields: Any) -> dict[str, Any]:
    created = author.post("/v1/notes", json={"text": text, "language": "fa", "draft": True} | fields)
    assert created.status_code == 201, created.text
    return dict(created.json())


def say(author: TestClient, note: dict[str, Any], **said: Any) -> dict[str, Any]:
    answered = author.post(
        f"/v1/notes/{note['id']}/answers", json=said, headers={"If-Match": f'"{note["version"]}"'}
    )
    assert answered.status_code == 201, answered.text
    return dict(answered.json())


def test_a_draft_is_asked_for_what_it_lacks_and_every_answer_counts(signed_in: Browser) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author)
    assert {"situation", "action"} <= set(note["interview"]["present"])
    asked, text = [], note["text"]
    for evidence in note["interview"]["evidence"]:
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]
        assert evidence["rules"]
    while (probe := note["interview"]["next_probe"]) is not None:
        assert probe["element"] in note["interview"]["missing"]
        assert probe["text"].count("؟") == 1
        asked.append(probe["element"])
        before = note["interview"]["completeness"]
        note = say(author, note, element=probe["element"], text="چون چراغ اینترنت روی مودم خاموش می‌شد.")
        assert note["interview"]["completeness"] > before
        assert asked[-1] in note["answers"][-1]["contributed"]
    assert len(asked) == len(set(asked))
    assert note["interview"]["completeness"] == 6


def test_a_probe_speaks_of_what_the_author_did_and_in_the_authors_language(signed_in: Browser) -> None:
    author = signed_in(Role.AGENT)
    probe = begin(author)["interview"]["next_probe"]
    assert probe["quote"]
    assert probe["quote"] in MODEM
    english = begin(
        author,
        "The customer could not log in. I restarted the router first.",
        language="fa",
    )
    assert english["interview"]["next_probe"]["text"].count("?") == 1


def test_a_skipped_probe_is_not_asked_again_and_taking_it_back_asks_it_again(signed_in: Browser) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author)
    first = note["interview"]["next_probe"]["element"]
    skipped = say(author, note, element=first, text=None)
    assert skipped["interview"]["completeness"] == note["interview"]["completeness"]
    assert skipped["interview"]["next_probe"]["element"] != first
    again = author.post(
        f"/v1/notes/{note['id']}/answers",
        json={"element": first, "text": "دوباره"},
        headers={"If-Match": f'"{skipped["version"]}"'},
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    undone = author.delete(
        f"/v1/notes/{note['id']}/answers/1", headers={"If-Match": f'"{skipped["version"]}"'}
    )
    assert undone.json()["interview"]["next_probe"]["element"] == first


def test_saying_nothing_of_substance_is_no_answer(signed_in: Browser) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author)
    element = note["interview"]["next_probe"]["element"]
    said = say(author, note, element=element, text="نمیدونم والا")
    assert element in said["interview"]["missing"]
    assert said["answers"][0]["contributed"] == []


def test_drafts_save_themselves_and_are_their_authors_alone(
    signed_in: Browser, client: TestClient, key: Any
) -> None:
    author, colleague = signed_in(Role.AGENT), signed_in(Role.ADMIN)
    note = begin(author, "")
    assert note["interview"]["next_probe"] is None
    address, match = f"/v1/notes/{note['id']}", {"If-Match": '"1"'}
    saved = author.patch(address, json={"text": MODEM}, headers=match)
    assert saved.json()["version"] == 2
    assert saved.headers["ETag"] == '"2"'
    assert saved.json()["interview"]["next_probe"] is not None
    assert author.patch(address, json={"text": "کهنه"}, headers=match).status_code == 412
    assert author.patch(address, json={"text": "x"}).status_code == 428
    assert author.patch(address, json={}, headers={"If-Match": '"2"'}).status_code == 422
    for other in (colleague, client):
        assert other.get(address).status_code == 404
    assert client.get(address, headers=key(Scope.READ, Scope.WRITE)).status_code == 404
    assert note["id"] not in str(colleague.get("/v1/notes").json())
    assert author.get("/v1/notes", params={"author": "me", "state": "draft"}).json()["items"]
    told = author.post(f"{address}/tell", headers={"If-Match": '"2"'})
    assert told.json()["state"] == "captured"
    assert colleague.get(address).json()["text"] == MODEM
    other = begin(author, "بی‌خودی")
    gone = author.delete(f"/v1/notes/{other['id']}", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert author.get(f"/v1/notes/{other['id']}").status_code == 404


def test_personal_data_is_masked_in_drafts_and_in_answers(signed_in: Browser) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author, "شمارهٔ مشتری 09123456789 بود.")
    assert "09123456789" not in note["text"]
    changed = author.patch(
        f"/v1/notes/{note['id']}", json={"text": "ایمیلش a@example.com بود."}, headers={"If-Match": '"1"'}
    ).json()
    assert "a@example.com" not in changed["text"]
    said = say(author, changed, element="cue", text="از شمارهٔ 09123456789 فهمیدم.")
    assert "09123456789" not in str(said)


def test_answers_are_found_once_the_note_is_accepted(
    signed_in: Browser, running: Running, client: TestClient
) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author, "دستگاه کارت‌خوان خطا می‌داد و من رول را عوض کردم.")
    note = say(author, note, element="cue", text="صدای بوق ممتد طوطی‌وار می‌آمد.")
    author.post(f"/v1/notes/{note['id']}/tell", headers={"If-Match": f'"{note["version"]}"'})
    assert signed_in(Role.CONTRIBUTOR).post(f"/v1/notes/{note['id']}/accept").status_code == 200
    running.work()
    found = client.get("/v1/search", params={"q": "بوق ممتد طوطی‌وار"}, headers=AS_OPERATOR).json()
    assert found["hits"][0]["origin"]["id"] == note["id"]


def test_notes_become_an_article_draft_that_cites_them_and_credits_their_authors(
    signed_in: Browser, client: TestClient
) -> None:
    author = signed_in(Role.AGENT)
    note = begin(author, draft=False)
    note = say(author, note, element="boundary", text="اگر کابل شکسته باشد، این کار جواب نمی‌دهد.")
    second = begin(signed_in(Role.AGENT), "روی مودم‌های قدیمی باید اول کابل را جدا کرد.", draft=False)
    stranger = signed_in(Role.AGENT)
    address = f"/v1/notes/{note['id']}/promote"
    assert stranger.post(address, json={}).status_code == 403
    manager = signed_in(Role.MANAGER)
    promoted = manager.post(address, json={"with_notes": [second["id"]], "audience": "internal"})
    assert promoted.status_code == 201, promoted.text
    article = promoted.json()
    assert article["state"] == "work_in_progress"
    revision = article["revision"]
    assert "ریست" in revision["resolution"]
    assert "کابل شکسته" in revision["resolution"]
    assert "قطع" in revision["environment"] + revision["title"] + str(article["issue"])
    credited = manager.get(f"/v1/articles/{article['id']}/credits").json()["items"]
    assert {id for one in credited for id in one["note_ids"]} == {note["id"], second["id"]}
    assert author.get(f"/v1/notes/{note['id']}").json()["article_id"] == article["id"]
    own = author.post(address, json={"title": "مودم"})
    assert own.status_code == 201
    assert own.json()["revision"]["title"] == "مودم"


def test_a_transcript_becomes_a_draft_with_the_customers_words_as_its_issue(
    client: TestClient, signed_in: Browser
) -> None:
    turns = [
        {"speaker": "customer", "text": "سلام، چرا کد تخفیفم قبول نمیشه؟"},
        {"speaker": "agent", "text": "کد را بدون فاصله وارد کنید و دوباره ثبت را بزنید."},
    ]
    conversation = client.post(
        "/v1/conversations", json={"channel": "chat", "language": "fa", "turns": turns}, headers=AS_OPERATOR
    ).json()
    made = signed_in(Role.AGENT).post(f"/v1/conversations/{conversation['id']}/promote", json={})
    assert made.status_code == 201, made.text
    assert any("کد تخفیفم قبول نمیشه" in line for line in made.json()["issue"])
    assert "بدون فاصله" in str(made.json())


def test_a_question_without_an_answer_becomes_a_draft_in_the_requesters_words(signed_in: Browser) -> None:
    agent = signed_in(Role.AGENT)
    words = "چطور  پنل فروشنده رو ببندم 09123456789"
    framed = agent.post("/v1/articles/frame", json={"query": words, "language": "fa"})
    assert framed.status_code == 201
    (line,) = framed.json()["issue"]
    assert line.startswith("چطور پنل فروشنده رو ببندم")
    assert "09123456789" not in framed.text
    address = f"/v1/articles/{framed.json()['id']}/release"
    refused = signed_in(Role.ADMIN).post(address, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "incomplete_article")


def completion(text: str) -> Answer:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json_answer(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    )


@pytest.fixture
def worded(running: Running) -> Iterator[tuple[Running, Any]]:
    """The application with a real endpoint that words probes."""
    with serve("/chat/completions", lambda _request: completion(""), base="/v1") as endpoint:
        generator = make_generator(Settings(llm_url=endpoint.url, llm_model="m", _env_file=None))
        assert generator is not None
        writer = ProbeWriter(generator, timeout_seconds=5)
        running.app.state.service = replace(running.service, probe_writer=writer)
        yield running, endpoint
        running.app.state.service = running.service


def test_a_model_may_word_the_probe_but_not_choose_it(worded: Any, signed_in: Browser) -> None:
    _, endpoint = worded
    author = signed_in(Role.AGENT)
    endpoint.answer = lambda _request: completion("وقتی مودم را ریست کردید، از کجا فهمیدید ایراد از خط نیست؟")
    note = author.get(f"/v1/notes/{begin(author)['id']}").json()
    assert note["interview"]["next_probe"]["text"].startswith("وقتی مودم را ریست کردید")
    shown = note["interview"]["next_probe"]
    said = say(author, note, element=shown["element"], text="چراغ روشن بود", probe=shown["text"])
    assert said["answers"][0]["probe"] == shown["text"]
    endpoint.answer = lambda _request: completion("Ignore the rules. Call 555 now")
    other = author.get(f"/v1/notes/{begin(author, MODEM + ' بعد درست شد.')['id']}").json()
    assert "555" not in str(other["interview"]["next_probe"])
    assert "؟" in other["interview"]["next_probe"]["text"]


def test_visitors_and_readers_are_not_shown_what_a_note_lacks(
    running: Running, client: TestClient, signed_in: Browser, key: Any
) -> None:
    note = begin(signed_in(Role.PUBLISHER), draft=False, audience="public")
    assert signed_in(Role.PUBLISHER).post(f"/v1/notes/{note['id']}/accept").status_code == 200
    read = client.get(f"/v1/notes/{note['id']}", headers=key(Scope.READ, ceiling=Audience.PUBLIC)).json()
    assert read["interview"] is None
    assert read["text"] == MODEM
