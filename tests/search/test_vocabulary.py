"""What the corpus holds, as of the last look at the record."""

from kb.database import Database
from kb.edition import publish_edition
from kb.passage import Edition
from kb.vocabulary import Audience
from search.terms import TermCounter
from search.vocabulary import Vocabulary
from tests.search.conftest import Shelf


def publish(record: Database, *editions: Edition) -> None:
    for edition in editions:
        with record.transaction() as session:
            assert publish_edition(session, edition_id=edition.id)


def frequency(vocabulary: Vocabulary, counter: TermCounter, word: str) -> list[int]:
    (passages,) = vocabulary.snapshot.terms.frequency(counter.query(word).terms.indices).tolist()
    return [passages, vocabulary.snapshot.editions]


def test_what_went_live_is_counted_and_what_did_not_change_is_not_read_again(
    shelf: Shelf, counter: TermCounter
) -> None:
    vocabulary = Vocabulary(shelf.record, analyzer_id=counter.version)
    publish(shelf.record, shelf.stage("a", "گارانتی"), shelf.stage("b", "مرجوعی"))
    assert vocabulary.refresh()
    assert not vocabulary.refresh()
    assert frequency(vocabulary, counter, "گارانتی") == [1, 2]


def test_an_older_edition_that_goes_live_last_is_noticed(shelf: Shelf, counter: TermCounter) -> None:
    """It takes the place of its own origin's: neither the newest id nor the number of editions moves."""
    vocabulary = Vocabulary(shelf.record, analyzer_id=counter.version)
    publish(shelf.record, shelf.stage("a", "گارانتی"))
    slow, fast = shelf.stage("a", "تعمیر"), shelf.stage("b", "مرجوعی")
    publish(shelf.record, fast)
    vocabulary.refresh()
    assert frequency(vocabulary, counter, "تعمیر") == [0, 2]
    publish(shelf.record, slow)
    assert vocabulary.refresh()
    assert frequency(vocabulary, counter, "تعمیر") == [1, 2]
    assert frequency(vocabulary, counter, "گارانتی") == [0, 2]


def test_words_are_known_with_the_audiences_of_their_passages(shelf: Shelf, counter: TermCounter) -> None:
    vocabulary = Vocabulary(shelf.record, analyzer_id=counter.version)
    publish(shelf.record, shelf.stage("a", "گارانتی"))
    publish(shelf.record, shelf.stage("b", "زرکوبانگ گارانتی", audience=Audience.INTERNAL))
    vocabulary.refresh()
    public = vocabulary.snapshot.visible_to(("public",))
    staff = vocabulary.snapshot.visible_to(tuple(Audience))
    assert "گارانتی" in public.words
    assert "زرکوبانگ" not in public.words
    assert "زرکوبانگ" in staff.words
    assert public.knows("گارانتی")
    assert not public.knows("زرکوبانگ")
    assert staff.knows("زرکوبانگ")
    publish(shelf.record, shelf.stage("b", "تعمیر", audience=Audience.INTERNAL))
    vocabulary.refresh()
    assert "زرکوبانگ" not in vocabulary.snapshot.visible_to(tuple(Audience)).words
