"""What a passage is may be remembered; who may see it is asked of the record each time."""

from kb.database import Database
from kb.edition import Body, edition_passages, keep_in_step, retire_editions
from kb.passage import Edition
from kb.visibility import ANONYMOUS, OPERATOR, visibility_of
from kb.vocabulary import Audience, OriginKind
from search.reading import PassageMemory, Reading
from tests.search.conftest import Shelf

STAFF = visibility_of(OPERATOR, portal_public=True)
VISITOR = visibility_of(ANONYMOUS, portal_public=True)


def published(shelf: Shelf, name: str, *texts: str) -> tuple[Edition, list[str]]:
    edition = shelf.stage(name, *texts)
    while shelf.projector.apply():
        pass
    with shelf.record.reading() as session:
        return edition, [passage.id for passage in edition_passages(session, edition_id=edition.id)]


def confirmed(record: Database, memory: PassageMemory, ids: list[str], *, staff: bool = False) -> set[str]:
    with record.reading() as session:
        return set(Reading(session, memory, STAFF if staff else VISITOR).confirm(ids))


def test_a_remembered_passage_is_not_confirmed_once_its_edition_has_gone(shelf: Shelf) -> None:
    memory = PassageMemory()
    edition, ids = published(shelf, "یک", "متن نخست", "متن دوم")
    assert confirmed(shelf.record, memory, ids) == set(ids)
    with shelf.record.transaction() as session:
        retire_editions(session, origin_kind=OriginKind.SOURCE, origin_id=edition.origin_id)
    assert confirmed(shelf.record, memory, ids) == set()


def test_a_remembered_passage_is_not_confirmed_for_whom_it_is_not_any_more(shelf: Shelf) -> None:
    memory = PassageMemory()
    edition, ids = published(shelf, "دو", "متنی برای همه")
    assert confirmed(shelf.record, memory, ids) == set(ids)
    with shelf.record.transaction() as session:
        kind, id = OriginKind.SOURCE, edition.origin_id
        keep_in_step(session, origin_kind=kind, origin_id=id, audience=Audience.INTERNAL)
    assert confirmed(shelf.record, memory, ids) == set()
    assert confirmed(shelf.record, memory, ids, staff=True) == set(ids)


def test_the_memory_says_what_the_record_says(shelf: Shelf) -> None:
    memory = PassageMemory()
    _, ids = published(shelf, "سه", "نخست", "دوم", "سوم")
    with shelf.record.reading() as session:
        for _ in range(2):
            contents = memory.contents(session, [*ids, "unknown"])
            assert [contents[one].text for one in ids] == ["نخست", "دوم", "سوم"]
            assert list(contents) == ids
            likely = memory.likely(session, ids, limit=5)
            assert [content.id for content in likely] == ids[:1]


def test_what_stands_beside_is_confirmed_with_the_passages_of_its_edition_only(shelf: Shelf) -> None:
    memory = PassageMemory()
    edition, ids = published(shelf, "چهار", "نخست", "دوم", "سوم")
    _, others = published(shelf, "پنج", "جز آن")
    for _ in range(2):
        with shelf.record.reading() as session:
            reading = Reading(session, memory, VISITOR)
            assert set(reading.confirm(ids[1:2], beside=[*ids, *others])) == set(ids)
            assert reading.bodies() == {edition.id: Body(ids[0], 3)}
