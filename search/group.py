"""Candidates to origins: several passages of one article are one hit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kb.edition import Body, Confirmed
from kb.vocabulary import OriginKind, OriginState, PassageField
from search.fusion import Ranked, Ranking, trust_leader

#: Further passages of an origin add to its score, but only what they have above this share of the best
#: passage's score: pages that answer in several places come first, pages that are merely long do not.
#: Of the values tried on nine public sets these kept short sections where they were and gained on long pages.
FURTHER_FLOOR = 0.75
#: what the second passage adds of that; the third adds half as much, the fourth a third
FURTHER_SHARE = 0.5
FURTHER_PASSAGES = 4
#: What meaning and words count each for themselves, wherever in the origin they stand; the rest counts where
#: one passage has both. On long pages the nearest passage often is not the one that holds the words.
APART_SHARE = 0.5
#: What the passage that an origin begins with counts beside its best one, and what all its passages count in
#: the mean: a page is about what it begins with and says throughout, and others mention that in passing.
#: Fitted on each choice of six of seven public sets, logistic weights of the two came to .2 to .3, and gained
#: .02 nDCG@10 on the seventh in the mean; what is one passage has nothing to lose or gain.
FIRST_SHARE, WHOLE_SHARE = 0.25, 0.25


@dataclass(frozen=True, slots=True)
class Boosts:
    """Factors of an origin's score, around 1, and the better origin that says the same, if any."""

    trust: float = 1.0
    freshness: float = 1.0
    twin: float = 1.0
    twin_of: str | None = None


@dataclass(slots=True)
class Group:
    """An origin among the candidates; its passages best first.

    Args:
        score: of its best passage, what its other passages add, and `whole`.
        whole: what it loses where its beginning and the whole of it are not about the question, 0 or less.
        cosine, coverage: the highest of its passages.
        lexical_share: what the words counted in the scores of its passages.
        ranked: its passages.
        line_ids: those of them that are requesters' words, which lead to the body.
        rerank_score: what a reranker said of its best passage, where one was asked.
    """

    origin_kind: OriginKind
    origin_id: str
    edition_id: str
    state: OriginState | None = None
    vouched_at: datetime | None = None
    score: float = 0.0
    whole: float = 0.0
    cosine: float = 0.0
    coverage: float = 0.0
    lexical_share: float = 0.0
    ranked: list[Ranked] = field(default_factory=list)
    body_ids: list[str] = field(default_factory=list)
    line_ids: list[str] = field(default_factory=list)
    boosts: Boosts = Boosts()
    rerank_score: float | None = None

    @property
    def best(self) -> Ranked:
        return self.ranked[0]

    @property
    def passages(self) -> int:
        return len(self.ranked)

    @property
    def boosted(self) -> float:
        """What origins are ordered by."""
        return self.score * self.boosts.trust * self.boosts.freshness * self.boosts.twin

    def add(self, ranked: Ranked, field: PassageField) -> None:
        """Take in the next best passage of this origin."""
        self.ranked.append(ranked)
        self.cosine = max(self.cosine, ranked.dense or 0.0)
        self.coverage = max(self.coverage, ranked.coverage)
        if field == PassageField.BODY:
            self.body_ids.append(ranked.passage_id)
        elif field != PassageField.TITLE:
            self.line_ids.append(ranked.passage_id)


def group(
    ranking: Ranking, confirmed: Mapping[str, Confirmed], bodies: Mapping[str, Body] | None = None
) -> list[Group]:
    """Groups of the confirmed passages, best first; equals keep the order of their best passages.

    Where the words of one origin are far ahead of every other's, they count for more than `ranking` says.

    Args:
        bodies: of the confirmed passages' editions; where it is left out, passages alone count.
    """
    ranking = replace(ranking, ranked=tuple(one for one in ranking.ranked if one.passage_id in confirmed))
    covered: dict[tuple[OriginKind, str], float] = {}
    for one in ranking.ranked:
        passage = confirmed[one.passage_id]
        key = (passage.origin_kind, passage.origin_id)
        covered[key] = max(covered.get(key, 0.0), one.coverage)
    ranking = trust_leader(ranking, covered.values())
    groups: dict[tuple[OriginKind, str], Group] = {}
    for one in ranking.ranked:
        passage = confirmed[one.passage_id]
        key = (passage.origin_kind, passage.origin_id)
        if key not in groups:
            groups[key] = Group(
                passage.origin_kind,
                passage.origin_id,
                passage.edition_id,
                state=passage.state,
                vouched_at=passage.vouched_at,
                lexical_share=ranking.lexical_share,
            )
        groups[key].add(one, passage.field)
    _score(list(groups.values()), ranking)
    if bodies is not None:
        unseen = (1.0 - ranking.lexical_share) * ranking.reach
        for found in groups.values():
            found.whole = aboutness(found, bodies.get(found.edition_id), unseen=unseen)
            found.score += found.whole
    return sorted(groups.values(), key=lambda found: -found.score)


def _score(groups: Sequence[Group], ranking: Ranking) -> None:
    """Each group's score: of its passages as they are, and of what is near and what holds the words apart."""
    meaning_share = 1.0 - ranking.lexical_share
    highest: list[float] = [0.0, 0.0, 0.0]
    of_each = []
    for found in groups:
        whole = [one.score for one in found.ranked]
        near = [meaning_share * one.nearness for one in found.ranked]
        words = [score - part for score, part in zip(whole, near, strict=True)]
        kinds = (whole, near, words)
        of_each.append(kinds)
        highest = [max(most, max(parts)) for most, parts in zip(highest, kinds, strict=True)]
    floors = [FURTHER_FLOOR * most for most in highest]
    for found, kinds in zip(groups, of_each, strict=True):
        whole_sum, near_sum, words_sum = (gathered(p, floor) for p, floor in zip(kinds, floors, strict=True))
        found.score = (1.0 - APART_SHARE) * whole_sum + APART_SHARE * (near_sum + words_sum)


def aboutness(found: Group, body: Body | None, *, unseen: float) -> float:
    """What an origin loses by how far its beginning, and the mean of its body, fall behind the body's best.

    What its title or the requester's words make of it is not touched.

    Args:
        unseen: what a passage that is not in the ranking counts: the most it can have by its nearness.
    Returns:
        0 or less: 0 where the body is one passage, at least minus half of the body's best score.
    """
    if body is None or not found.body_ids:
        return 0.0
    scores = {one.passage_id: one.score for one in found.ranked}
    own = [scores[passage_id] for passage_id in found.body_ids]
    best = max(own)
    first = min(best, scores.get(body.first_id, unseen))
    mean = min(best, (sum(own) + unseen * (body.passages - len(own))) / body.passages)
    return FIRST_SHARE * (first - best) + WHOLE_SHARE * (mean - best)


def gathered(parts: Sequence[float], floor: float) -> float:
    """The highest of an origin's parts, and some of what further ones have above `floor`."""
    if len(parts) == 1:
        return parts[0]
    first, *further = sorted(parts, reverse=True)[:FURTHER_PASSAGES]
    return first + sum(
        FURTHER_SHARE / place * max(0.0, part - floor) for place, part in enumerate(further, start=1)
    )
