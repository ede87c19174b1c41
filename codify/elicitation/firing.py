"""Where rules fire: matches of patterns, clause by clause."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codify.elicitation.clauses import Clause
from codify.elicitation.pattern import Encoded, encode
from codify.elicitation.rules import Rule
from codify.elicitation.words import Word, Worded


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule's match.

    Attributes:
        first, last: clauses that the match covers, inclusive.
        words: the first and the last word that it matched, inclusive.
    """

    rule: Rule
    first: int
    last: int
    words: tuple[int, int]


def fire(worded: Worded, clauses: Sequence[Clause], rules: Sequence[Rule]) -> list[Fired]:
    """Every match of every rule, sentence by sentence, in the order of the rules."""
    fired: list[Fired] = []
    for first, upto in _sentences(clauses):
        part = _Sentence(worded, clauses, first, upto)
        for rule in rules:
            fired += part.matches(rule)
    return fired


def _sentences(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Half-open runs of clauses of one sentence."""
    first = 0
    for at in range(1, len(clauses) + 1):
        if at == len(clauses) or clauses[at].sentence != clauses[first].sentence:
            yield first, at
            first = at


class _Sentence:
    """One sentence's clauses, encoded."""

    def __init__(self, worded: Worded, clauses: Sequence[Clause], first: int, upto: int) -> None:
        self._worded = worded
        self._clauses = clauses
        self._first, self._upto = first, upto
        self._word = clauses[first].first
        words = worded.words[self._word : clauses[upto - 1].last + 1]
        self._begins = [clause.first for clause in clauses[first:upto]]
        self._encoded: Encoded = encode(words, [self._tags(self._word + at) for at in range(len(words))])

    def _tags(self, word: int) -> tuple[str, ...]:
        tags = ["cl"] if word in self._begins else []
        if word == self._word:
            tags.append("se")
        if word in self._worded.quoted:
            tags.append("quoted")
        return tuple(tags)

    def matches(self, rule: Rule) -> Iterator[Fired]:
        """Matches that nothing cancels."""
        for pattern in rule.patterns:
            for match in pattern.finditer(self._encoded.text):
                if match.start() == match.end():
                    continue
                first = self._word_at(match.start())
                last = self._word_at(match.end() - 1)
                if not rule.quoted and all(word in self._worded.quoted for word in range(first, last + 1)):
                    continue
                fired = Fired(rule, self._clause_of(first), self._clause_of(last), (first, last))
                if not self._cancelled(fired):
                    yield fired

    def _word_at(self, position: int) -> int:
        return self._word + bisect_right(self._encoded.starts, position) - 1

    def _clause_of(self, word: int) -> int:
        return self._first + bisect_right(self._begins, word) - 1

    def _cancelled(self, fired: Fired) -> bool:
        if not fired.rule.unless:
            return False
        starts = self._encoded.starts
        begin = starts[self._clauses[fired.first].first - self._word]
        after = self._clauses[fired.last].last + 1 - self._word
        end = starts[after] if after < len(starts) else len(self._encoded.text)
        return any(pattern.search(self._encoded.text, begin, end) for pattern in fired.rule.unless)


def surface(words: Sequence[Word], span: tuple[int, int]) -> tuple[int, int]:
    """Original offsets of words `span[0]` to `span[1]`, inclusive."""
    return words[span[0]].start, words[span[1]].end
