"""What a search can be narrowed to: only what the record lets a caller find."""

from kb.article import change_article
from kb.database import Database
from kb.edition import keep_in_step
from kb.visibility import NOTHING, OPERATOR, Visibility
from kb.vocabulary import Audience, OriginKind
from search.facets import SAMPLES, Facets, visible_facets
from search.vocabulary import Vocabulary
from tests.factories import make_article, make_source, publish

PUBLIC = Visibility(frozenset({Audience.PUBLIC}))
ALL = Visibility(frozenset(Audience))


def seen(record: Database, vocabulary: Vocabulary, visibility: Visibility = PUBLIC) -> Facets:
    with record.reading() as session:
        return visible_facets(session, vocabulary.snapshot.facets, visibility)


def test_only_values_of_what_the_caller_may_see_are_offered(database: Database) -> None:
    with database.transaction() as session:
        public = make_article(session, released=True, audience=Audience.PUBLIC, products=["اپ", "سایت"])
        publish(session, OriginKind.ARTICLE, public.id)
        publish(session, OriginKind.SOURCE, make_source(session, products=["راز"]).id)
    vocabulary = Vocabulary(database, analyzer_id="no-vectors")
    vocabulary.refresh()
    assert seen(database, vocabulary) == Facets(("اپ", "سایت"), ("fa",), ("article",))
    assert seen(database, vocabulary, ALL) == Facets(("اپ", "راز", "سایت"), ("fa",), ("article", "source"))
    assert seen(database, vocabulary, NOTHING) == Facets()


def test_what_was_closed_is_not_offered_from_that_moment_on(database: Database) -> None:
    with database.transaction() as session:
        article = make_article(session, released=True, audience=Audience.PUBLIC, products=["راز", "اپ"])
        publish(session, OriginKind.ARTICLE, article.id)
    vocabulary = Vocabulary(database, analyzer_id="no-vectors")
    vocabulary.refresh()
    with database.transaction() as session:
        change_article(
            session, caller=OPERATOR, article_id=article.id, expected_version=None, products=["اپ"]
        )
    assert seen(database, vocabulary).products == ("اپ",)
    with database.transaction() as session:
        keep_in_step(
            session, origin_kind=OriginKind.ARTICLE, origin_id=article.id, audience=Audience.INTERNAL
        )
    assert seen(database, vocabulary) == Facets()


def test_a_value_stays_offered_while_a_remembered_edition_has_it(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(SAMPLES + 2):
            article = make_article(session, released=True, audience=Audience.PUBLIC, products=["اپ"])
            publish(session, OriginKind.ARTICLE, article.id)
    vocabulary = Vocabulary(database, analyzer_id="no-vectors")
    vocabulary.refresh()
    assert {len(editions) for editions in vocabulary.snapshot.facets.values()} == {SAMPLES}
    with database.transaction() as session:
        keep_in_step(
            session, origin_kind=OriginKind.ARTICLE, origin_id=article.id, audience=Audience.INTERNAL
        )
    assert seen(database, vocabulary).products == ("اپ",)
