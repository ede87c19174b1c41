"""The words of a query as the repair sees them: which match, which may be repaired, which are left alone."""

import re
from dataclasses import dataclass

from search.analysis.analyzer import Analyzer
from search.analysis.terms import PIECE_WEIGHT, Alternative, Entry
from search.analysis.tokens import Kind
from search.analysis.verbs import MARK
from search.repair.corpus import VisibleCorpus
from search.repair.letters import is_persian

_CHUNK = re.compile(r"\S+")
#: Stretches with these are addresses, paths, codes, tags and amounts; nobody's spelling. Persian and Arabic
#: digits count too.
_CODE = re.compile(r"[\d@/=#<>_&%$+*{}|~^]|\w:\w|\w\.\w")
#: Signs that are letters on a Persian keyboard; inside a word they tell that it is no Finglish.
_KEYS = re.compile(r"[\w'][\[\];`\\,]+[\w']|^[\[\];`\\,]")
_CAMEL = re.compile("[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_ACRONYM = re.compile("[A-Z]{2,5}s?")


@dataclass(frozen=True, slots=True)
class Heard:
    """One word of a query.

    Args:
        start, end: in the query, code points.
        word: folded, without ZWNJ.
        persian: whether its letters are Persian; Latin otherwise.
        matches: whether a passage that the asker may see holds it.
        is_stop: whether it is a word that queries lose anyway.
        fixed: never to be repaired: a product's name, an acronym.
        recognised: whether the analyzer took it for a verb form.
        is_name: whether it is capitalised where other words are not.
    """

    start: int
    end: int
    word: str
    persian: bool
    matches: bool
    is_stop: bool
    fixed: bool
    recognised: bool
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two blanks, and its words."""

    start: int
    end: int
    text: str
    words: tuple[Heard, ...]

    @property
    def has_keys(self) -> bool:
        """Whether signs stand in it that are letters on another keyboard."""
        return _KEYS.search(self.text) is not None


def heard(text: str, analyzer: Analyzer, corpus: VisibleCorpus) -> list[Chunk]:
    """The chunks of `text` that have nothing but words, in reading order.

    A Persian word may reach over a blank to its ending (کتاب ها); it is of the chunk in which it begins.
    """
    acronyms = not text.isupper()
    matched = [(g.start, g.end) for g in analyzer.analyze(text) if _matches(g.term, g.alternatives, corpus)]
    words: dict[int, list[Heard]] = {}
    chunks = list(_CHUNK.finditer(text))
    at = 0
    for start, end, entry in analyzer.words(text):
        while at + 1 < len(chunks) and chunks[at + 1].start() <= start:
            at += 1
        if entry.kind is not Kind.WORD or not (entry.joined.isalpha() or set(entry.joined) & set("'’-")):
            words.setdefault(at, []).append(_fixed(start, end, entry))
            continue
        surface = text[start:end]
        words.setdefault(at, []).append(
            Heard(
                start=start,
                end=end,
                word=entry.joined.replace("’", "'"),
                persian=is_persian(entry.joined),
                matches=any(first <= start and end <= last for first, last in matched),
                is_stop=entry.is_stop,
                fixed=_CAMEL.search(surface) is not None
                or (acronyms and _ACRONYM.fullmatch(surface) is not None),
                recognised=entry.term.startswith(MARK),
                is_name=start > 0 and acronyms and surface[:1].isupper(),
            )
        )
    return [
        Chunk(match.start(), match.end(), match[0], tuple(words.get(place, ())))
        for place, match in enumerate(chunks)
        if words.get(place) and not _CODE.search(match[0])
    ]


def _fixed(start: int, end: int, entry: Entry) -> Heard:
    return Heard(start, end, entry.joined, False, False, False, True, False)


def _matches(term: str, alternatives: tuple[Alternative, ...], corpus: VisibleCorpus) -> bool:
    """Whether passages hold the term, or everything else it may be found by: all pieces of a compound."""
    if corpus.knows(term):
        return True
    others = [other for other, weight in alternatives if weight >= PIECE_WEIGHT]
    return bool(others) and all(corpus.knows(other) for other in others)
