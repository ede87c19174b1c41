"""The record that the desk is measured on holds something for every list, and every list is measured."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.app import create_app
from bench.desk.lists import list_addresses, narrowed_together
from bench.desk.record import DeskRecord, fill_desk
from kb.article import Narrowing, list_articles, list_reviews
from kb.article.verification import Standing
from kb.audit import verify_audit
from kb.database import Database
from kb.finding import list_findings
from kb.note import list_notes
from kb.settings import Settings
from kb.visibility import EVERYTHING, OPERATOR
from kb.vocabulary import ArticleState, NoteState

RECORD = DeskRecord("token", "person", "reviewer", "team", "article", "tag", "product", "segment", "text")


def test_every_list_would_show_something(database: Database) -> None:
    record = fill_desk(database, articles=300, progress=lambda _what, _done, _total: None)
    sight: dict[str, Any] = {"caller_visibility": EVERYTHING}
    everything: dict[str, Any] = sight | {"caller": OPERATOR}
    wanted = [
        *(Narrowing(standing=one) for one in set(Standing) - {Standing.UNBOUND}),
        *(Narrowing(used=used) for used in (True, False)),
        Narrowing(behind=True),
        Narrowing(scheduled=True),
        Narrowing(owner_id=record.person_id),
        Narrowing(owner_team_id=record.team_id),
        Narrowing(reviewer_id=record.reviewer_id),
        Narrowing(segment=record.segment),
    ]
    with database.reading() as session:
        for one in wanted:
            assert list_articles(session, narrowing=one, **everything).items, one
        for state in ArticleState:
            assert list_articles(session, state=state, **everything).items, state
        for given in ({"tag": record.tag}, {"product": record.product}, {"text": record.title_part}):
            assert list_articles(session, **given, **everything).items, given
        assert list_reviews(session, **sight).items
        assert list_findings(session, **everything).items
        for note_state in (NoteState.DRAFT, NoteState.CAPTURED, NoteState.ACCEPTED):
            assert list_notes(session, state=note_state, **everything).items
        assert verify_audit(session).problems == ()


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return dict(create_app(Settings(_env_file=None)).openapi())


def test_every_list_of_the_api_is_asked_for_with_each_named_filter(description: dict[str, Any]) -> None:
    addresses = [*list_addresses(description, RECORD), *narrowed_together(RECORD)]
    asked: dict[str, set[str]] = {}
    for address in addresses:
        parts = urlsplit(address)
        asked.setdefault(parts.path, set()).update(parse_qs(parts.query))
    for path, item in description["paths"].items():
        parameters = {p["name"]: p for p in item.get("get", {}).get("parameters", ()) if p["in"] == "query"}
        if "cursor" not in parameters or "{" in path:
            continue
        named = {name for name, p in parameters.items() if "$ref" in str(p["schema"])}
        assert named - asked[path] == set(), path
    assert len(addresses) > 80
