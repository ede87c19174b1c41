"""A text as words with tags: what the rules of elicitation read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from codify.elicitation.english_verbs import english_forms
from codify.elicitation.persian_verbs import bare_verb, inflection
from codify.elicitation.rule_files import word_classes
from codify.elicitation.typos import without_slip
from codify.elicitation.wordlists import MODALS
from search.analysis.analyzer import Analyzer
from search.analysis.lexicon import load_lexicon
from search.analysis.tokens import Kind

_APOSTROPHE = re.compile("['’`´]")
_SEPARATOR = re.compile("[/ ]")
_QUOTED = re.compile('«[^«»\n]{0,400}»|“[^“”\n]{0,400}”|"[^"\n]{0,400}"|„[^„“”\n]{0,400}[“”]')
_PERSIAN = re.compile("[\u0620-\u064a\u066e-\u06d3]")


class Word(NamedTuple):
    """One word as rules see it.

    Attributes:
        start, end: its place in the original text, code points.
        form: folded, joined, without apostrophes.
        lemma: the analyzer's term; verbs begin with @ (`@گفت`, `@restart`).
        tags: person, tense and so on, of verbs (`persian_verbs`, `english_verbs`).
    """

    start: int
    end: int
    form: str
    lemma: str
    tags: frozenset[str]

    @property
    def is_finite(self) -> bool:
        """Whether it is a Persian verb with a person."""
        return "1" in self.tags or "2" in self.tags or "3" in self.tags


@dataclass(frozen=True, slots=True)
class Worded:
    """A text's words in reading order, and which of them stand in quotation marks."""

    text: str
    words: tuple[Word, ...]
    quoted: frozenset[int]


@lru_cache(maxsize=1)
def analyzer() -> Analyzer:
    """One for the process: it remembers the words that it met."""
    return Analyzer()


def read_words(text: str) -> Worded:
    """The words of `text`, in any spelling that the analyzer understands."""
    words = tuple(_words(text))
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    quoted = frozenset(
        at for at, word in enumerate(words) if any(start <= word.start < end for start, end in quotes)
    )
    return Worded(text, words, quoted)


def _words(text: str) -> list[Word]:
    words = []
    for start, end, entry in analyzer().words(text):
        form = _SEPARATOR.sub("-", _APOSTROPHE.sub("", entry.joined))
        if not form:
            continue
        if _PERSIAN.search(form):
            words.append(_persian(start, end, form, entry.term))
        elif entry.kind is Kind.WORD:
            words.append(_english(start, end, form, entry.term))
        else:
            words.append(Word(start, end, form, form, frozenset(("number",))))
    return words


def _persian(start: int, end: int, form: str, term: str) -> Word:
    verb = term if term.startswith("@") else bare_verb(form)
    if verb is None:
        if (meant := without_slip(form)) != form and not load_lexicon().known(term):
            form = term = meant
        return _classed(start, end, form, _SEPARATOR.sub("-", term), ())
    return _classed(start, end, form, _SEPARATOR.sub("-", verb), inflection(form))


def _english(start: int, end: int, form: str, term: str) -> Word:
    if form not in english_forms() and (meant := without_slip(form)) != form:
        form = term = meant
    base, tags = english_forms().get(form, ("", ()))
    if form in MODALS:
        tags = (*tags, "modal", *(("neg",) if form.endswith(("nt", "not")) else ()))
    return _classed(start, end, form, f"@{base}" if base else _SEPARATOR.sub("-", term), tags)


def _classed(start: int, end: int, form: str, lemma: str, tags: Iterable[str]) -> Word:
    """A word with the classes that list it, by its lemma or as it is spelt."""
    classes = word_classes()
    return Word(start, end, form, lemma, frozenset((*tags, *classes.get(lemma, ()), *classes.get(form, ()))))
