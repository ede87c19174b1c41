"""The condition on rows says the same as the pure rule, on both databases."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.article import Article
from kb.database import Database
from kb.sight import visible
from kb.visibility import Visibility
from kb.vocabulary import Audience
from tests.factories import make_article

NAMES = ("طلایی", 'with "quotes"', "a%b", "نقره‌ای")
some_names = st.lists(st.sampled_from(NAMES), max_size=3, unique=True)
allowed = st.one_of(st.none(), st.frozensets(st.sampled_from(NAMES), max_size=3))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    things=st.lists(st.tuples(st.sampled_from(Audience), some_names, some_names), max_size=6),
    audiences=st.frozensets(st.sampled_from(Audience)),
    segments=allowed,
    products=allowed,
)
def test_rows_are_visible_exactly_when_the_rule_allows_them(
    any_database: Database,
    things: list[tuple[Audience, list[str], list[str]]],
    audiences: frozenset[Audience],
    segments: frozenset[str] | None,
    products: frozenset[str] | None,
) -> None:
    visibility = Visibility(audiences, segments, products)
    with any_database.transaction() as session:
        made = [
            make_article(session, audience=audience, segments=for_whom, products=about)
            for audience, for_whom, about in things
        ]
        ids = [article.id for article in made]
        shown = session.scalars(
            select(Article.id).where(Article.id.in_(ids), visible(session, Article, visibility))
        )
        assert set(shown) == {article.id for article in made if visibility.allows(article)}
