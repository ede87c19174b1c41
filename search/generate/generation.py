"""From a result to the same result with an answer written from its passages, where that succeeds."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from kb.database import Database
from kb.edition import LivePassage, confirmed_passages, live_passages
from kb.errors import GenerationUnavailable
from kb.visibility import Visibility
from search.breaker import Breaker
from search.generate.check import Refused, check
from search.generate.prompt import Prompt, make_prompt
from search.results import Generated, SearchResult

log = logging.getLogger(__name__)

#: passages that are sent
MOST_PASSAGES = 6
#: answers written at once: they cost money, and each holds a thread that could answer searches
MOST_AT_ONCE = 4
_FAILED = ("generation",)


class Generator(Protocol):
    """A language model; safe to call from several threads at once."""

    def generate(self, prompt: Prompt) -> str:
        """What the model replies; may be empty.

        Raises:
            GenerationUnavailable: it cannot be reached or does not answer as it should.
        """


class Generation:
    """One generator behind a breaker. Nothing is kept: every answer is written for its caller."""

    def __init__(self, database: Database, generator: Generator, *, timeout_seconds: float) -> None:
        self._database = database
        self._generator = generator
        self._breaker = Breaker(
            timeout_seconds=timeout_seconds, most_at_once=MOST_AT_ONCE, error=GenerationUnavailable
        )

    def complete(self, result: SearchResult, *, visibility: Visibility) -> SearchResult:
        """`result` with `generated`, or with "generation" among `degraded`; as it is where nothing answers.

        Only passages of the result that the record confirms for `visibility` are sent. The record is asked
        again afterwards, as the model takes its time: what may not be seen any more is taken out.
        """
        started = time.perf_counter()
        passages = self._passages(result, visibility)
        if not passages:
            return result
        try:
            generated = self._generate(result.query, passages)
            result = replace(result, generated=generated)
        except (GenerationUnavailable, Refused) as error:
            log.warning("the extracted answer stands alone: %s", error)
            result = replace(result, degraded=result.degraded + _FAILED)
        result = self._confirmed(result, passages, visibility)
        took_ms = result.took_ms + (time.perf_counter() - started) * 1000
        return replace(result, took_ms=round(took_ms, 2))

    def _generate(self, question: str, passages: Sequence[LivePassage]) -> Generated | None:
        prompt = make_prompt(question, passages)
        return check(self._breaker.call(lambda: self._generator.generate(prompt)), passages)

    def _passages(self, result: SearchResult, visibility: Visibility) -> list[LivePassage]:
        """The one that the extracted answer stands in, then the hits', best first."""
        wanted = [] if result.answer is None else [result.answer.passage_id]
        wanted = list(dict.fromkeys([*wanted, *(hit.passage_id for hit in result.hits)]))[:MOST_PASSAGES]
        with self._database.reading() as session:
            live = live_passages(session, passage_ids=wanted, visibility=visibility)
        return [live[passage_id] for passage_id in wanted if passage_id in live]

    def _confirmed(
        self, result: SearchResult, sent: Sequence[LivePassage], visibility: Visibility
    ) -> SearchResult:
        """`result` less what the record does not confirm any more; the text may draw on all that was sent."""
        shown = {passage.id for passage in sent} | {hit.passage_id for hit in result.hits}
        with self._database.reading() as session:
            live = confirmed_passages(session, passage_ids=shown, visibility=visibility)
        if len(live) == len(shown):
            return result
        answer = result.answer if result.answer and result.answer.passage_id in live else None
        is_whole = all(passage.id in live for passage in sent)
        return replace(
            result,
            hits=tuple(hit for hit in result.hits if hit.passage_id in live),
            answer=answer,
            generated=result.generated if is_whole else None,
            degraded=result.degraded if is_whole else tuple(dict.fromkeys(result.degraded + _FAILED)),
        )
