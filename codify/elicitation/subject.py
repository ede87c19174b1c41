"""Who or what a clause is about, and in which tense: the plainest sign of what it tells.

Heuristics over tags, not a parse: the first verb of an English clause and what stands before it, the person
of a Persian verb and the first noun of its clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from codify.elicitation.wordlists import (
    BE,
    DETERMINERS,
    FIRST,
    IT,
    LEADING,
    PERSIAN_LEADING,
    PERSIAN_PREPOSITIONS,
    PERSONS,
    PREPOSITIONS,
    SECOND,
)
from codify.elicitation.words import Word


@dataclass(frozen=True, slots=True)
class About:
    """What a clause is about.

    Attributes:
        subject: first, second, staff, requester, they, it, thing, nobody (an imperative, or none was found).
        tense: past, present, modal, order, or none where no verb was found.
        negated: whether the verb is.
        fronted: whether the clause opens with a preposition.
        bare: whether the subject is a plural without an article.
        definite: whether it has a definite article or a possessive.
    """

    subject: str
    tense: str
    negated: bool
    fronted: bool
    bare: bool
    definite: bool


def about(words: Sequence[Word]) -> About:
    """Read one clause."""
    persian = sum(not word.form.isascii() for word in words)
    return _persian(words) if 2 * persian > len(words) else _english(words)


def _english(words: Sequence[Word]) -> About:
    start = 0
    while start < len(words) - 1 and words[start].form in LEADING:
        start += 1
    fronted = words[start].form in PREPOSITIONS and start < len(words) - 1
    begin = _after_fronted(words, start) if fronted else start
    at = _verb(words, begin)
    negated = any("neg" in word.tags or word.form in ("not", "never", "no", "none") for word in words)
    if at is None:
        return About(
            _subject(words[begin:]),
            "none",
            negated,
            fronted,
            _is_bare(words, begin),
            _is_definite(words, begin),
        )
    if at == begin and "base" in words[at].tags and "modal" not in words[at].tags:
        return About("nobody", "order", negated, fronted, False, False)
    tense = _tense(words[at])
    if at == begin:
        return About("nobody", tense, negated, fronted, False, False)
    return About(
        _subject(words[begin:at]), tense, negated, fronted, _is_bare(words, begin), _is_definite(words, begin)
    )


def _after_fronted(words: Sequence[Word], start: int) -> int:
    """Where the subject begins after a preposition and its noun: at the next article or pronoun."""
    for at in range(start + 2, len(words)):
        form = words[at].form
        if form in FIRST | SECOND | PERSONS | IT or (
            form in DETERMINERS and words[at - 1].form not in PREPOSITIONS
        ):
            return at
    return start


def _tense(word: Word) -> str:
    if "modal" in word.tags:
        return "modal"
    if "past" in word.tags and "base" not in word.tags:
        return "past"
    return "present"


def _verb(words: Sequence[Word], begin: int) -> int | None:
    """The first word that is likely a finite verb."""
    for at in range(begin, len(words)):
        word = words[at]
        before = words[at - 1].form if at > begin else ""
        if "modal" in word.tags or (word.lemma in BE and not {"part", "ing"} >= word.tags):
            return at
        if before in DETERMINERS or before in PREPOSITIONS or before.endswith("'s"):
            continue
        if "past" in word.tags:
            return at
        after = words[at + 1] if at + 1 < len(words) else None
        if (
            "3rd" in word.tags
            and at > begin
            and (after is None or not {"base", "3rd", "past", "modal"} & after.tags)
        ):
            return at
        if "base" in word.tags and (
            at == begin or before in FIRST | SECOND | {"they", "who", "people", "to"} or before.endswith("s")
        ):
            if before == "to":
                continue
            return at
    return None


def _subject(words: Sequence[Word]) -> str:
    """The class of the head: the last word before a preposition or a relative."""
    head: list[Word] = []
    for word in words:
        if head and (word.form in PREPOSITIONS or word.form in ("that", "which", "who", "whose", "and")):
            break
        head.append(word)
    forms = {word.form for word in head}
    if forms & FIRST:
        return "first"
    if forms & SECOND:
        return "second"
    for word in reversed(head[-2:]):
        if "staff" in word.tags:
            return "staff"
        if "requester" in word.tags or word.form in PERSONS:
            return "requester"
    if "they" in forms:
        return "they"
    if len(head) <= 1 and forms & IT:
        return "it"
    return "thing" if head else "nobody"


def _is_bare(words: Sequence[Word], begin: int) -> bool:
    first = words[begin]
    return first.form not in DETERMINERS and any(
        word.form.endswith("s") and "number" not in word.tags for word in words[begin : begin + 3]
    )


def _is_definite(words: Sequence[Word], begin: int) -> bool:
    return words[begin].form in ("the", "his", "her", "their", "my", "our")


def _persian(words: Sequence[Word]) -> About:
    verbs = [word for word in words if word.is_finite]
    start = 0
    while start < len(words) - 1 and words[start].form in PERSIAN_LEADING:
        start += 1
    fronted = words[start].form in PERSIAN_PREPOSITIONS
    nouns = [
        word
        for word in words[start : start + 4]
        if not word.is_finite and word.form not in PERSIAN_PREPOSITIONS
    ]
    bare = bool(nouns) and nouns[0].form.endswith(("ها", "های", "هایی", "ان", "ات"))
    verb = verbs[-1] if verbs else None
    negated = any("neg" in word.tags for word in verbs) or any(
        word.form in ("نیست", "نیس", "ندارد", "نداره", "نبود", "نباید") for word in words
    )
    if verb is None:
        return About(_persian_subject(nouns), "none", negated, fronted, bare, False)
    if "1" in verb.tags:
        return About("first", _persian_tense(verb), negated, fronted, bare, False)
    if "2" in verb.tags and "subj" in verb.tags:
        return About("nobody", "order", negated, fronted, bare, False)
    return About(_persian_subject(nouns), _persian_tense(verb), negated, fronted, bare, False)


def _persian_tense(verb: Word) -> str:
    if "subj" in verb.tags:
        return "modal"
    return "past" if {"past", "perf"} & verb.tags else "present"


def _persian_subject(nouns: Sequence[Word]) -> str:
    for word in nouns[:2]:
        if "staff" in word.tags:
            return "staff"
        if "requester" in word.tags:
            return "requester"
    return "thing" if nouns else "nobody"
