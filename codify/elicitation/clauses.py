"""Cut a worded text into clauses: the spans that show an element are made of them.

Spoken and dictated notes have no punctuation, so a clause also begins at a connective and, in Persian, after
the verb that ends the clause before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codify.elicitation.words import Word, Worded
from search.analysis.sentences import sentences

#: Marks within a sentence that always end a clause.
_HARD = re.compile("[;؛:–—…]|\\s-+\\s|\\.\\s|\n")
_COMMA = re.compile("[,،]")
#: Fewest words before and after a soft break.
_LEAST_WORDS = 3

_OPENERS = {
    *"چون چونکه زیرا ولی اما مگر اگر اگه وقتی وقتیکه بعدش سپس بلکه درحالیکه هرچند گرچه وگرنه والا وگرنه".split(),
    *"because since but unless if when whenever until although though while whereas otherwise except".split(),
    *"so then".split(),
}
#: They continue a clause that one of the openers has begun: ولی اگه, but if.
_PRONOUNS = frozenset("i we you they he she it".split())
#: After these words a pronoun begins no clause of its own.
_BEFORE_PRONOUN = frozenset(
    "and or but so because since if when whenever that what which who where why how as until while before after"
    " than then though although unless whatever everything thing all time way first now once said says told"
    " think thought know knew make made let see saw is was only even except for to with of by from at in on".split()
)
#: Persian verbs whose object is the clause that follows.
_OPEN_VERBS = frozenset(
    "@گفت @پرسید @دید @فهمید @دانست @خواست @توانست @گذاشت @بود @نوشت @شنید @شد @داشت".split()
)
_JOINING = frozenset("که و بود بودم بودند بودن بودیم است باشه باشد باشند شده را رو هم بشه بشود".split())


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
    clauses: list[Clause] = []
    at = 0
    for number, (_, end) in enumerate(sentences(worded.text)):
        first = at
        while at < len(words) and words[at].start < end:
            at += 1
        if first < at:
            clauses += _clauses_of(worded, first, at, number)
    return clauses


def _clauses_of(worded: Worded, first: int, upto: int, sentence: int) -> list[Clause]:
    clauses: list[Clause] = []
    begun = first
    for at in range(first + 1, upto):
        if _breaks(worded, begun, at, upto):
            clauses.append(Clause(begun, at - 1, sentence))
            begun = at
    clauses.append(Clause(begun, upto - 1, sentence))
    return clauses


def _breaks(worded: Worded, begun: int, at: int, upto: int) -> bool:
    """Whether a clause begins with the word at `at`."""
    words = worded.words
    if at in worded.quoted and at - 1 in worded.quoted:
        return False
    gap = worded.text[words[at - 1].end : words[at].start]
    if _HARD.search(gap):
        return True
    before, after = at - begun, upto - at
    word, previous = words[at], words[at - 1]
    if _COMMA.search(gap):
        return before >= _LEAST_WORDS and after >= _LEAST_WORDS
    if before < _LEAST_WORDS or after < _LEAST_WORDS - 1:
        return False
    if word.form in _OPENERS:
        return previous.form not in _OPENERS and previous.form not in ("و", "and", "که", "حتی", "even", "only")
    if word.form in ("و", "and"):
        return _joins_clauses(words, at, upto)
    if word.form in _PRONOUNS:
        return previous.form not in _BEFORE_PRONOUN and _is_verb(words, at + 1, upto)
    return (
        previous.is_finite
        and previous.lemma not in _OPEN_VERBS
        and word.form not in _JOINING
        and not word.is_finite
        and len(previous.form) > 1
    )


def _joins_clauses(words: Sequence[Word], at: int, upto: int) -> bool:
    """Whether "and" stands between clauses, not between things."""
    if words[at - 1].is_finite:
        return True
    if at + 1 >= upto or words[at].form != "and":
        return False
    following = words[at + 1]
    return following.form in _PRONOUNS or following.form in _OPENERS or "past" in following.tags


def _is_verb(words: Sequence[Word], at: int, upto: int) -> bool:
    return any("@" in words[i].lemma or "modal" in words[i].tags for i in range(at, min(at + 2, upto)))
