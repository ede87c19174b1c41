"""Searching: from a caller's words to hits, an answer, and suggestions. One place composes visibility."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from kb.clock import utc_now
from kb.database import Database
from kb.edition import LivePassage
from kb.passage import Edition
from kb.sight import visible
from kb.text import clean_line
from kb.visibility import Visibility
from kb.vocabulary import Audience, EditionState
from search.analysis.highlight import Snippet as Cut
from search.boosts import boost, spread_twins
from search.confidence import evidence_of, load_confidence
from search.explain import explain
from search.group import Group, group
from search.index import Leg, Selection
from search.present import Presenter
from search.readers import groups_of
from search.reading import PassageMemory, Reading
from search.repair import QueryRepairer, Repair
from search.rerank import Reranking
from search.results import Filters, SearchResult, Suggestion
from search.retrieval import PendingVector, Retrieval, Retrieved
from search.suggest import Suggester
from search.terms import QueryTerms, TermCounter
from search.vocabulary import Snapshot, Vocabulary

QUERY_LIMIT_CHARS = 2000
#: candidates confirmed against the record for each wanted hit: several passages share an origin
PASSAGES_PER_HIT = 6
#: hits whose snippets are cut while the question is still being embedded
EARLY_SNIPPETS = 12
#: results kept for repeated questions
REMEMBERED_RESULTS = 1024


@dataclass(frozen=True, slots=True)
class _Question:
    """Everything a result depends on, besides the corpus."""

    text: str
    visibility: Visibility
    selection: Selection
    limit: int
    legs: tuple[Leg, ...]
    repair: bool

    @property
    def is_whole(self) -> bool:
        """Whether it is asked as people ask: a leg by itself is a yardstick for the ranking of all."""
        return len(self.legs) == len(Leg)


class Searcher:
    """Answers queries from one index and one record; safe for several threads."""

    def __init__(
        self,
        database: Database,
        *,
        retrieval: Retrieval,
        vocabulary: Vocabulary,
        counter: TermCounter,
        query_limit: int = QUERY_LIMIT_CHARS,
        reranking: Reranking | None = None,
    ) -> None:
        self._database = database
        self._retrieval = retrieval
        self._vocabulary = vocabulary
        self._presenter = Presenter(counter)
        self._passages = PassageMemory()
        self._suggester = Suggester(database, vocabulary=vocabulary, analyzer=counter.analyzer)
        self._repairer = QueryRepairer(counter.analyzer)
        self._query_limit = query_limit
        self._reranking = reranking
        self._lock = threading.Lock()
        self._results: OrderedDict[_Question, tuple[Snapshot, SearchResult]] = OrderedDict()

    def search(
        self,
        *,
        text: str,
        visibility: Visibility,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        limit: int = 10,
        legs: tuple[Leg, ...] = tuple(Leg),
        repair: bool = True,
    ) -> SearchResult:
        """The best hits for `text` among what `visibility` allows and `filters` ask for.

        Args:
            legs: fewer than all are yardsticks, ranked by their passages alone.
            repair: search for what was probably meant where words match nothing; else for `text` as it is.
        Raises:
            EmptyText, TextTooLong: the query is blank or too long.
            IndexUnavailable: the index does not answer.
        """
        started = time.perf_counter()
        query = clean_line("query", text, self._query_limit)
        sight = _asked_for(visibility, filters)
        question = _Question(query, sight, select_visible(sight, filters), limit, legs, repair)
        result = self._remembered(question) or self._find(question)
        return replace(result, took_ms=round((time.perf_counter() - started) * 1000, 2))

    def suggest(self, *, text: str, visibility: Visibility, limit: int = 8) -> list[Suggestion]:
        """Lines that go on as `text`, one per origin, best first; see `Suggester`."""
        return self._suggester.suggest(text=text, visibility=visibility, limit=limit)

    def warm_up(self) -> None:
        """Load what the first query to be repaired would wait for."""
        self._repairer.warm_up()

    def forget(self) -> None:
        """Drop remembered results: what measures must not profit from them."""
        with self._lock:
            self._results.clear()

    def _find(self, question: _Question) -> SearchResult:
        snapshot = self._vocabulary.snapshot
        if question.visibility.is_empty:
            return SearchResult(question.text, (), None, 0.0, 0.0)
        # Most queries need no repair: theirs are embedded while that is found out.
        begun = self._retrieval.begin(question.text, legs=question.legs)
        repair = self._repaired(question, snapshot)
        text = repair.text if repair else question.text
        early: dict[str, Cut] = {}

        def meanwhile(terms: QueryTerms, found: Sequence[str], vector: PendingVector) -> None:
            self._cut_early(early, terms, found, vector)

        retrieved = self._retrieval.retrieve(
            text,
            selection=question.selection,
            legs=question.legs,
            alternatives=repair.alternatives if repair else (),
            begun=begun if text == question.text else None,
            meanwhile=meanwhile,
        )
        with self._database.reading() as session:
            widened = self._widened(question)
            reading = Reading(session, self._passages, question.visibility)
            found = boost(_confirmed_groups(reading, retrieved, widened), now=utc_now())
            groups = found[: widened.limit]
            passages = reading.show(groups)
            asked_as = reading.words_that_led(groups)
        groups = [one for one in groups if passages.get(one.edition_id)]
        evidence = evidence_of(found, retrieved.terms.groups) if groups else None
        confidence = round(load_confidence().confidence(evidence), 4) if evidence else 0.0
        said = {id: self._presenter.read(shown[0]).terms for id, shown in passages.items()}
        groups = spread_twins(groups, said)
        degraded = retrieved.degraded
        if self._reranking is not None:
            groups, passages, failed = self._reranked(self._reranking, question, text, groups, passages)
            degraded += failed
        hits = tuple(
            self._presenter.hit(
                rank,
                one,
                passages[one.edition_id][0],
                retrieved.terms,
                explain(one),
                early.get(passages[one.edition_id][0].id),
            )
            for rank, one in enumerate(groups, start=1)
        )
        answer = None
        if groups:
            best = passages[groups[0].edition_id]
            answer = self._presenter.answer(best, text, retrieved.terms, snapshot.terms, confidence, asked_as)
        result = SearchResult(question.text, hits, answer, confidence, 0.0, degraded, evidence, repair)
        self._remember(question, snapshot, result)
        return result

    def _cut_early(
        self, cuts: dict[str, Cut], terms: QueryTerms, found: Sequence[str], vector: PendingVector
    ) -> None:
        """Read what the words found, and cut snippets of it, as long as the vector is waited for anyway.

        Nothing of it leaves before the record has confirmed who may see it.
        """
        with self._database.reading() as session:
            for passage in self._passages.likely(session, found, limit=EARLY_SNIPPETS):
                if vector.is_done:
                    break
                cuts[passage.id] = self._presenter.cut(passage, terms)

    def _widened(self, question: _Question) -> _Question:
        """`question` with as many hits as the second stage wants to look at."""
        if self._reranking is None:
            return question
        return replace(question, limit=self._reranking.depth(question.limit))

    def _reranked(
        self,
        reranking: Reranking,
        question: _Question,
        text: str,
        groups: list[Group],
        passages: dict[str, list[LivePassage]],
    ) -> tuple[list[Group], dict[str, list[LivePassage]], tuple[str, ...]]:
        """Groups in the reranker's order, their passages, and what did not answer.

        No transaction is open while it is asked, so the record is asked once more what may be shown.
        """
        groups, failed = reranking.reorder(text, groups, passages)
        groups = groups[: question.limit]
        with self._database.reading() as session:
            passages = Reading(session, self._passages, question.visibility).show(groups)
        return [found for found in groups if passages.get(found.edition_id)], passages, failed

    def _repaired(self, question: _Question, snapshot: Snapshot) -> Repair | None:
        """What the query was meant to say, in words that the record confirms the caller may read."""
        # Words are counted apart for segments, but not for products: who does not see them all learns none.
        if not question.repair or question.visibility.products is not None:
            return None
        repair = self._repairer.repair(question.text, snapshot.visible_to(groups_of(question.visibility)))
        return repair if repair is None or self._may_be_shown(repair, question, snapshot) else None

    def _may_be_shown(self, repair: Repair, question: _Question, snapshot: Snapshot) -> bool:
        """Whether the record confirms that the caller may read every word of a repair.

        The snapshot may be a moment older than the record, in which an article was closed meanwhile.
        """
        witnesses = snapshot.words.witnesses(repair, groups_of(question.visibility))
        if not witnesses:
            return True
        with self._database.reading() as session:
            shown = set(
                session.scalars(
                    select(Edition.id).where(
                        Edition.id.in_({edition_id for ids in witnesses for edition_id in ids}),
                        Edition.state == EditionState.LIVE,
                        visible(session, Edition, question.visibility),
                    )
                )
            )
        return all(shown.intersection(ids) for ids in witnesses)

    def _remember(self, question: _Question, snapshot: Snapshot, result: SearchResult) -> None:
        if result.degraded:
            return
        with self._lock:
            self._results[question] = (snapshot, result)
            while len(self._results) > REMEMBERED_RESULTS:
                self._results.popitem(last=False)

    def _remembered(self, question: _Question) -> SearchResult | None:
        """The same question's result, if the corpus is the same and the record still allows every hit."""
        with self._lock:
            known = self._results.get(question)
            if known is None or known[0] is not self._vocabulary.snapshot:
                return None
            self._results.move_to_end(question)
        snapshot, result = known
        if result.repair is not None and not self._may_be_shown(result.repair, question, snapshot):
            return None
        shown = {hit.passage_id for hit in result.hits}
        if result.answer is not None:
            shown.add(result.answer.passage_id)
        with self._database.reading() as session:
            confirmed = Reading(session, self._passages, question.visibility).confirm(shown)
        return result if len(confirmed) == len(shown) else None


def _asked_for(visibility: Visibility, filters: Filters) -> Visibility:
    """`visibility` as far as `filters` name audiences."""
    if not filters.audiences:
        return visibility
    return replace(visibility, audiences=visibility.audiences & {Audience(one) for one in filters.audiences})


def select_visible(visibility: Visibility, filters: Filters) -> Selection:
    """AND of what the caller may see and what was asked for; the one place where they meet."""
    return Selection(
        frozenset(audience.value for audience in _asked_for(visibility, filters).audiences),
        languages=filters.languages,
        origin_kinds=filters.origin_kinds,
        tags=filters.tags,
        products=filters.products,
        states=filters.states,
        seen_segments=visibility.segments,
        seen_products=visibility.products,
    )


def _confirmed_groups(reading: Reading, retrieved: Retrieved, question: _Question) -> list[Group]:
    """Origins of the candidates that the record confirms, best first: as many as asked for, or more.

    Later candidates are looked at only where the first ones were passages of few origins, or are not
    live any more.
    """
    step = max(20, question.limit * PASSAGES_PER_HIT)
    ids = [one.passage_id for one in retrieved.ranked]
    groups: list[Group] = []
    for start in range(0, len(ids), step):
        confirmed = reading.confirm(ids[start : start + step], beside=ids)
        groups = group(retrieved.ranking, confirmed, reading.bodies() if question.is_whole else None)
        if len(groups) >= question.limit:
            break
    return groups
