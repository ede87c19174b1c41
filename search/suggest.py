"""Suggestions while typing: titles, issue lines and learnt queries that go on as what was typed."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kb.database import Database
from kb.learnt_query import LEAST_PEOPLE, LearntQuery
from kb.passage import Edition
from kb.sight import visible
from kb.visibility import Visibility
from kb.vocabulary import EditionState, PassageField
from search.analysis.analyzer import Analyzer
from search.completions import Completions
from search.readers import possible_groups_of
from search.results import Suggestion
from search.vocabulary import Line, Snapshot, Vocabulary

#: characters looked at; what is typed beyond is rarely a title
MAX_CHARS = 200
#: lines looked up in the record for each one wanted: some may be gone by now
CANDIDATES_PER_SUGGESTION = 4
#: after completions were made, none are for this many times as long: a bulk ingest changes the corpus often
REST_FACTOR = 10


@dataclass(frozen=True, slots=True)
class _Made:
    snapshot: Snapshot
    completions: Completions
    #: on the monotonic clock
    rests_until: float


class Suggester:
    """Suggests from the newest look at the corpus what the record confirms; safe for several threads."""

    def __init__(self, database: Database, *, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._analyzer = analyzer
        self._lock = threading.Lock()
        self._made: _Made | None = None

    def suggest(self, *, text: str, visibility: Visibility, limit: int = 8) -> list[Suggestion]:
        """Lines that go on as `text`, one per origin, best first; nothing that `visibility` does not allow.

        Learnt queries are suggested once several people have asked them.
        """
        if visibility.is_empty or not text.strip():
            return []
        lines = self._current().complete(
            text[:MAX_CHARS], groups=possible_groups_of(visibility), stem=self._stem
        )
        kept = self._confirmed(lines[: limit * CANDIDATES_PER_SUGGESTION], visibility)
        return [Suggestion(line.text, line.origin_kind, line.origin_id) for line in kept[:limit]]

    def _confirmed(self, lines: Sequence[Line], visibility: Visibility) -> list[Line]:
        if not lines:
            return []
        learnt = {line.origin_id for line in lines if line.field == PassageField.QUERY}
        with self._database.reading() as session:
            shown = set(
                session.scalars(
                    select(Edition.id).where(
                        Edition.id.in_({line.edition_id for line in lines}),
                        Edition.state == EditionState.LIVE,
                        visible(session, Edition, visibility),
                    )
                )
            )
            asked = set[tuple[str, str]]()
            if learnt:
                rows = session.execute(
                    select(LearntQuery.origin_id, LearntQuery.text).where(
                        LearntQuery.origin_id.in_(learnt), LearntQuery.people >= LEAST_PEOPLE
                    )
                )
                asked = {(origin_id, text) for origin_id, text in rows}
        return [
            line
            for line in lines
            if line.edition_id in shown
            and (line.field != PassageField.QUERY or (line.origin_id, line.text) in asked)
        ]

    def _current(self) -> Completions:
        """Of the newest snapshot; while many follow one another, of one that is a little older."""
        snapshot, made = self._vocabulary.snapshot, self._made
        if made is not None and (made.snapshot is snapshot or time.monotonic() < made.rests_until):
            return made.completions
        with self._lock:
            if self._made is made:
                started = time.monotonic()
                completions = Completions(snapshot.lines, made.completions if made else None)
                took = time.monotonic() - started
                self._made = _Made(snapshot, completions, started + took * (1 + REST_FACTOR))
            assert self._made is not None
            return self._made.completions

    def _stem(self, word: str) -> str:
        """The word without its endings, where that is a beginning of it."""
        groups = self._analyzer.query_terms(word)
        stem = groups[0].term if len(groups) == 1 else word
        return stem if len(stem) > 1 and word.startswith(stem) else word
