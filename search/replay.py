"""Replaying the queries that articles must answer, as if a working revision had been released.

Issue lines and learnt queries are passages of their article, too, and would lead to it whatever it says. They
are left out when its own queries are replayed: an echo proves nothing, the text has to answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article.model import Article
from kb.article.release_check import (
    RegressionQuery,
    finish_check,
    regression_queries,
    waiting_check,
)
from kb.clock import utc_now
from kb.database import Database
from kb.edition import (
    Confirmed,
    confirmed_passages,
    drop_proposed,
    edition_bodies,
    live_edition,
    proposed_edition,
)
from kb.passage import Edition, Passage
from kb.visibility import EVERYTHING, Visibility
from kb.vocabulary import Audience, EditionState, OriginKind, OriginState, PassageField
from search.boosts import boost
from search.find import PASSAGES_PER_HIT, select_visible
from search.group import group
from search.index import Findable, IndexPoint
from search.open import Search
from search.overlay import OverlaidIndex, Overlay
from search.regression import DEPTH, LEAST_SHARE, Replayed, report_of
from search.results import Filters
from search.retrieval import Retrieval

#: articles beside the new revision whose queries are replayed, too
MOST_NEIGHBOURS = 12
#: of the article's own queries, so many are asked to find its neighbours
NEIGHBOUR_QUERIES = 10


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """One article before and after."""

    article: Article
    edition: Edition
    overlay: Overlay
    #: what is put over, as searches confirm it
    confirmed: Mapping[str, Confirmed]


def replay_waiting(database: Database, search: Search, *, article_id: str) -> bool:
    """Do the check that waits for an article, if its passages have been proposed; whether it was done.

    Raises:
        IndexUnavailable, EmbeddingUnavailable.
    """
    with database.reading() as session:
        check = waiting_check(session, article_id=article_id)
        edition = proposed_edition(session, article_id=article_id)
        if check is None or edition is None:
            return False
        rehearsal = _rehearsal(session, search, edition)
        own = regression_queries(session, article_ids=[article_id])
    with _Stage(database, search, rehearsal) as stage:
        neighbours = stage.neighbours(own)
        with database.reading() as session:
            theirs = regression_queries(session, article_ids=neighbours)
        replayed = stage.replay([*own, *theirs])
    report = report_of(replayed)
    with database.transaction() as session:
        drop_proposed(session, article_id=article_id)
        return finish_check(
            session, check_id=check.id, report=report.as_dict(), broken_count=report.broken_count
        )


class _Stage:
    """Two retrievals side by side: over the index as it is, and as it would be."""

    def __init__(self, database: Database, search: Search, rehearsal: _Rehearsal) -> None:
        self._database = database
        self._rehearsal = rehearsal
        self._sight = _sight_of(rehearsal.article)
        self._before = _retrieval(search, search.index)
        over = OverlaidIndex(search.index, search.vocabulary, rehearsal.overlay)
        self._after = _retrieval(search, over)

    def __enter__(self) -> "_Stage":
        return self

    def __exit__(self, *_error: object) -> None:
        self._before.close()
        self._after.close()

    def neighbours(self, own: Iterable[RegressionQuery]) -> list[str]:
        """Articles that are found together with the new revision, nearest first."""
        texts = [self._rehearsal.edition.title, *(query.text for query in own)][:NEIGHBOUR_QUERIES]
        found: dict[str, None] = {}
        for text in texts:
            for article_id in self._ranked(self._after, text, proposed=True):
                if article_id != self._rehearsal.article.id:
                    found.setdefault(article_id)
        return list(found)[:MOST_NEIGHBOURS]

    def replay(self, queries: Iterable[RegressionQuery]) -> list[Replayed]:
        """Each query's rank of its article before and after, and what comes first."""
        replayed = []
        for query in queries:
            echoes = self._echoes(query.article_id)
            before = self._ranked(self._before, query.text, proposed=False, without=echoes)
            after = self._ranked(self._after, query.text, proposed=True, without=echoes)
            replayed.append(
                Replayed(
                    query,
                    before=_rank(before, query.article_id),
                    after=_rank(after, query.article_id),
                    first_before=before[0] if before else None,
                    first_after=after[0] if after else None,
                    released_id=self._rehearsal.article.id,
                )
            )
        return replayed

    def _echoes(self, article_id: str) -> frozenset[str]:
        """Passages of an article that only repeat what people asked."""
        statement = (
            select(Passage.id)
            .join(Edition, Edition.id == Passage.edition_id)
            .where(
                Edition.origin_kind == OriginKind.ARTICLE,
                Edition.origin_id == article_id,
                Edition.state.in_([EditionState.LIVE, EditionState.PROPOSED]),
                Passage.field.in_([PassageField.ISSUE, PassageField.QUERY]),
            )
        )
        with self._database.reading() as session:
            return frozenset(session.scalars(statement))

    def _ranked(
        self, retrieval: Retrieval, text: str, *, proposed: bool, without: frozenset[str] = frozenset()
    ) -> list[str]:
        """Ids of what a reader of the article's audience finds, best first; ids of other kinds, too."""
        retrieved = retrieval.retrieve(text, selection=select_visible(self._sight, Filters()))
        ranked = [one for one in retrieved.ranked if one.passage_id not in without]
        ranking = replace(retrieved.ranking, ranked=tuple(ranked))
        ids = [one.passage_id for one in ranked]
        with self._database.reading() as session:
            confirmed = confirmed_passages(session, passage_ids=ids, visibility=self._sight)
            if proposed:
                hidden = self._rehearsal.overlay.hidden
                confirmed = {id: one for id, one in confirmed.items() if id not in hidden}
                confirmed |= self._rehearsal.confirmed
            # As searches do: origins that the first candidates lead to, with all their passages.
            first = [confirmed[id] for id in ids[: DEPTH * PASSAGES_PER_HIT] if id in confirmed]
            editions = {one.edition_id for one in first}
            confirmed = {id: one for id, one in confirmed.items() if one.edition_id in editions}
            bodies = edition_bodies(session, edition_ids=editions)
        groups = boost(group(ranking, confirmed, bodies), now=utc_now())
        least = LEAST_SHARE * groups[0].boosted if groups else 0.0
        return [one.origin_id for one in groups[:DEPTH] if one.boosted >= least]


def _rehearsal(session: Session, search: Search, edition: Edition) -> _Rehearsal:
    article = session.get_one(Article, edition.origin_id)
    live = live_edition(session, origin_kind=OriginKind.ARTICLE, origin_id=article.id)
    hidden: frozenset[str] = frozenset()
    if live is not None:
        hidden = frozenset(session.scalars(select(Passage.id).where(Passage.edition_id == live.id)))
    points = tuple(search.projector.points_of(session, edition))
    confirmed = {point.passage_id: _as_released(point) for point in points}
    return _Rehearsal(article, edition, Overlay(hidden, points), confirmed)


def _as_released(point: IndexPoint) -> Confirmed:
    return Confirmed(
        point.edition_id,
        OriginKind.ARTICLE,
        point.origin_id,
        PassageField(point.field),
        OriginState.VALIDATED,
        utc_now(),
    )


def _retrieval(search: Search, index: Findable) -> Retrieval:
    return Retrieval(
        counter=search.counter, embedder=search.embedder, index=index, vocabulary=search.vocabulary
    )


def _sight_of(article: Article) -> Visibility:
    """What the readers see whom the article is for."""
    is_staff = article.audience is Audience.INTERNAL and not article.segments
    segments = None if is_staff else frozenset(article.segments)
    return Visibility(EVERYTHING.up_to(article.audience).audiences, segments)


def _rank(found: list[str], article_id: str) -> int | None:
    return found.index(article_id) + 1 if article_id in found else None
