"""Cut a worded text into clauses: the spans that show an element are made of them.

Where a writer sets marks, these decide, and the connectives that open a reason, a condition or an exception.
Spoken and dictated notes have no marks; there a clause also begins after the verb that ends the one before,
in Persian, and before a subject or a bare past with which a new one opens, in English.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from codify.elicitation.wordlists import (
    BEFORE_SUBJECT,
    CONDITIONS,
    DETERMINERS,
    JOINING,
    NOT_BEFORE_OPENER,
    OBJECTS,
    OPEN_VERBS,
    OPENERS,
    PRONOUNS,
    RUN_ON_OPENERS,
    VERBAL,
)
from codify.elicitation.words import Word, Worded
from search.analysis.sentences import sentences

#: Marks within a sentence that always end a clause.
_HARD = re.compile(r"[;؛–—…]|:(?!\d)|\s-+\s|\n")
_COMMA = re.compile("[,،]")
#: Fewest words before and after a soft break.
_LEAST_WORDS = 3
#: A stretch of more words without any mark is read as dictation.
RUN_ON_WORDS = 30
#: A text with fewer ends of sentences than one in so many words is written without them.
WORDS_PER_MARK = 30
_SENTENCE_END = re.compile(r"[.!?؟؛;](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words, `first` to `last` inclusive, of the sentence with this number."""

    first: int
    last: int
    sentence: int

    def span(self, words: Sequence[Word]) -> tuple[int, int]:
        """Its place in the original text."""
        return words[self.first].start, words[self.last].end


def cut_clauses(worded: Worded) -> list[Clause]:
    """Clauses in reading order; together they hold every word once."""
    words = worded.words
    marked = _is_marked(worded)
    clauses: list[Clause] = []
    at = 0
    for number, (_, end) in enumerate(sentences(worded.text)):
        first = at
        while at < len(words) and words[at].start < end:
            at += 1
        for begun, upto in _stretches(worded, first, at):
            clauses += _clauses_of(worded, begun, upto, number, marked=marked)
    return clauses


def _is_marked(worded: Worded) -> bool:
    """Whether the writer ends sentences with marks."""
    return len(_SENTENCE_END.findall(worded.text)) * WORDS_PER_MARK >= len(worded.words)


def _gap(worded: Worded, at: int) -> str:
    """What stands between the word at `at` and the one before."""
    return worded.text[worded.words[at - 1].end : worded.words[at].start]


def _stretches(worded: Worded, first: int, upto: int) -> list[tuple[int, int]]:
    """Half-open runs of words between marks that always end a clause."""
    cuts = [first]
    for at in range(first + 1, upto):
        inside = at in worded.quoted and at - 1 in worded.quoted
        if not inside and _is_hard(worded, cuts[-1], at):
            cuts.append(at)
    return [(begun, end) for begun, end in zip(cuts, [*cuts[1:], upto], strict=True) if begun < end]


def _is_hard(worded: Worded, begun: int, at: int) -> bool:
    """Whether a mark before the word at `at` ends a clause; not in 12:30, nor after an item's number."""
    if all("number" in word.tags for word in worded.words[begun:at]):
        return False
    return bool(_HARD.search(worded.text[worded.words[at - 1].end : worded.words[at].start + 1]))


def _clauses_of(worded: Worded, first: int, upto: int, sentence: int, *, marked: bool) -> list[Clause]:
    """Clauses of one stretch."""
    commas = [at for at in range(first + 1, upto) if _COMMA.search(_gap(worded, at))]
    edges = [first, *commas, upto]
    clauses: list[Clause] = []
    begun = first
    for left, right in itertools.pairwise(edges):
        for at in range(left, right):
            if at == first or (at in worded.quoted and at - 1 in worded.quoted):
                continue
            soft = _at_comma(worded, begun, at, upto, marked=marked) if at == left else None
            if soft is None:
                soft = _opens(worded.words, begun, at, upto, run_on=not marked or right - left > RUN_ON_WORDS)
            if soft:
                clauses.append(Clause(begun, at - 1, sentence))
                begun = at
    clauses.append(Clause(begun, upto - 1, sentence))
    return clauses


def _at_comma(worded: Worded, begun: int, at: int, upto: int, *, marked: bool) -> bool:
    """Whether a clause begins after the comma before `at`.

    It does after a condition and before an opener; where commas do a full stop's work, between two verbs.
    """
    words = worded.words
    if at - begun < _LEAST_WORDS or upto - at < _LEAST_WORDS:
        return False
    if words[begun].form in CONDITIONS or words[at].form in OPENERS:
        return True
    if marked:
        return False
    return _has_verb(words[begun:at]) and _has_verb(words[at:upto])


def _has_verb(words: Sequence[Word]) -> bool:
    return any(word.is_finite or {"past", "3rd", "base"} & word.tags for word in words)


def _opens(words: Sequence[Word], begun: int, at: int, upto: int, *, run_on: bool) -> bool:
    """Whether a clause begins with the word at `at`, though no mark stands before it."""
    before, after = at - begun, upto - at
    if before < _LEAST_WORDS or after < _LEAST_WORDS - 1:
        return False
    word, previous = words[at], words[at - 1]
    if word.form in (RUN_ON_OPENERS if run_on else OPENERS):
        return previous.form not in NOT_BEFORE_OPENER and previous.form not in OPENERS
    if not run_on:
        return False
    if word.form.isascii():
        return _english_opens(words, at, upto)
    return _persian_opens(word, previous)


def _persian_opens(word: Word, previous: Word) -> bool:
    """Whether the verb before, or an adjective with the spoken "is", ends its clause."""
    if word.form in JOINING or "inf" in word.tags or len(previous.form) < 2:
        return False
    if word.is_finite:
        return (
            previous.is_finite and "1" in word.tags and "subj" not in word.tags and "1" not in previous.tags
        )
    if previous.is_finite:
        return previous.lemma not in OPEN_VERBS
    return previous.form == f"{previous.lemma}ه" or previous.form in ("نیس", "نیست", "هست", "هس", "است")


def _english_opens(words: Sequence[Word], at: int, upto: int) -> bool:
    word, previous = words[at], words[at - 1]
    if previous.form in BEFORE_SUBJECT:
        return False
    if VERBAL & previous.tags and word.form in OBJECTS:
        return False
    if word.form in ("doesnt", "dont", "wont"):
        return at + 1 < upto and words[at + 1].form in ("work", "help", "apply", "do", "bother", "touch")
    if word.form in PRONOUNS:
        return _is_verb(words, at + 1, upto) or word.form in ("its", "im", "ive", "theres")
    if word.form in DETERMINERS:
        return _is_verb(words, at + 2, min(upto, at + 6))
    return "past" in word.tags and "deed" in word.tags and previous.form not in PRONOUNS


def _is_verb(words: Sequence[Word], at: int, upto: int) -> bool:
    """Whether a verb stands among the next words."""
    return any({"past", "3rd", "base", "modal"} & words[i].tags for i in range(at, min(at + 3, upto)))
