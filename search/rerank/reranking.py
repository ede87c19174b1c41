"""Reordering the first origins of a result by what a reranker says of their best passages."""

import logging
from collections.abc import Mapping, Sequence

from kb.edition import LivePassage
from kb.errors import RerankerUnavailable
from search.breaker import Breaker
from search.group import Group
from search.plain import plain
from search.rerank.protocol import Reranker

log = logging.getLogger(__name__)

#: calls at once, so that a slow reranker cannot hold every thread that answers searches
MOST_AT_ONCE = 8
#: code points of a passage that are sent
PASSAGE_CHARS = 2000


class Reranking:
    """One reranker behind a breaker; safe for several threads.

    Args:
        candidates: how many of the first origins are reordered, at least 2.
    """

    def __init__(self, reranker: Reranker, *, timeout_seconds: float, candidates: int) -> None:
        self._reranker = reranker
        self._breaker = Breaker(
            timeout_seconds=timeout_seconds, most_at_once=MOST_AT_ONCE, error=RerankerUnavailable
        )
        self._candidates = candidates

    def depth(self, limit: int) -> int:
        """How many origins are wanted from retrieval for `limit` hits."""
        return max(limit, self._candidates)

    def reorder(
        self, query: str, groups: Sequence[Group], passages: Mapping[str, Sequence[LivePassage]]
    ) -> tuple[list[Group], tuple[str, ...]]:
        """`groups` with the first ones in the reranker's order; as they were where it does not answer.

        Args:
            groups: best first; those that are reordered keep its score in `rerank_score`.
            passages: by edition, those that the record confirmed for this caller; only the best is sent.
        Returns:
            The groups, and what did not answer: ("reranker",) or ().
        """
        first, rest = list(groups[: self._candidates]), list(groups[self._candidates :])
        if len(first) < 2:
            return first, ()
        texts = [_text(passages[found.edition_id][0]) for found in first]
        try:
            scores = self._breaker.call(lambda: self._reranker.scores(query, texts))
        except RerankerUnavailable as error:
            log.warning("the order of retrieval stays: %s", error)
            return first + rest, ("reranker",)
        for found, score in zip(first, scores, strict=True):
            found.rerank_score = score
        return [first[place] for place in order_of(scores)] + rest, ()


def order_of(scores: Sequence[float]) -> list[int]:
    """Places by score, best first; equals keep their order."""
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def _text(passage: LivePassage) -> str:
    headings = [heading for heading in passage.heading_path if heading != passage.title]
    return "\n".join([passage.title, *headings, plain(passage.text).text[:PASSAGE_CHARS]])
