"""What a probe refers to: the author's own clause, cut so that it can be said back to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codify.elicitation.element import Evidence
from codify.elicitation.words import Word, Worded, read_words

#: A longer clause is not repeated to its author; a shorter one says nothing.
LONGEST_CHARS = 80
_LEAST_WORDS = 2

_LEADING = frozenset(
    "و ولی اما پس که چون خلاصه بعدش سپس منم من ما منهم خب خوب اره اگه اگر وقتی چنانچه هرگاه and but so then because well also if when whenever i we".split()
)
_SUBJECTS = frozenset("i we".split())
_RELATIVE = frozenset("what which that who whose how why until unless in".split())
_TRAILING = re.compile(r"[\s.,،؛;:!…\-–—(]+$")
_MARK = re.compile("[,،;؛:–—\\n.!?؟]")
#: Marks that would make a quotation confusing, or a second question of it.
_UNQUOTABLE = re.compile("[«»“”\"„؟?\n*_`#|<>\\[\\]{}]")
_ENGLISH_SWAPS = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours",
    "ours": "yours", "myself": "yourself", "ourselves": "yourselves", "am": "are", "im": "you're",
    "ive": "you've", "id": "you'd", "ill": "you'll", "weve": "you've", "wed": "you'd", "well": "you'll",
    "were": "you're",
}  # fmt: skip
_CONTRACTED = frozenset("im ive id ill weve wed well were".split())
#: Persian words of the first person that would have to change with the verb.
_OWN = re.compile("(?:من|ما|خودم|خودمان|خودمون|منم|ماهم|.*(?:یم|امون|امان))")
_PREPOSITIONS_OWN = frozenset("بهم ازم برام برایم باهام واسم بهمون ازمون برامون باهامون واسمون پیشم دستم".split())


@dataclass(frozen=True, slots=True)
class Saying:
    """An author's clause.

    Attributes:
        quote: its own words.
        said: the same to its author, "you restarted the modem"; None where grammar cannot be guaranteed.
    """

    quote: str
    said: str | None


def saying_of(text: str, evidence: Evidence) -> Saying | None:
    """The clause around the end of what made the rule fire; None where repeating it would be clumsy."""
    worded = read_words(text)
    words = worded.words
    inside = [at for at, word in enumerate(words) if evidence.start <= word.start and word.end <= evidence.end]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    edges = [first, *(at for at in inside[1:] if _is_edge(worded, first, at)), last + 1]
    pieces = [(begin, end - 1) for begin, end in zip(edges, edges[1:], strict=False)]
    fired = [piece for piece in pieces if words[piece[0]].start < evidence.at[1] <= words[piece[1]].end]
    for begin, end in (*fired, *pieces):
        saying = _say(worded, begin, end)
        if saying is not None:
            return saying
    return None


def _is_edge(worded: Worded, first: int, at: int) -> bool:
    """Whether a piece begins with the word at `at`: after a mark, or with an "and" that follows a verb."""
    words = worded.words
    if at in worded.quoted and at - 1 in worded.quoted:
        return False
    if _MARK.search(worded.text[words[at - 1].end : words[at].start]):
        return True
    if words[at].form == "و":
        return words[at - 1].is_finite
    if words[at].form in ("and", "then", "n") and at + 1 < len(words):
        return bool({"past", "base", "modal"} & words[at + 1].tags) and at - first > 1
    return False


def _say(worded: Worded, first: int, last: int) -> Saying | None:
    words = worded.words
    subject = ""
    while first <= last and words[first].form in _LEADING:
        subject = words[first].form if words[first].form in _SUBJECTS else ""
        first += 1
    if last - first + 1 < _LEAST_WORDS or not any(word.lemma.startswith("@") for word in words[first : last + 1]):
        return None
    start, end = words[first].start, words[last].end
    quote = _TRAILING.sub("", worded.text[start:end])
    if len(quote) > LONGEST_CHARS or _UNQUOTABLE.search(quote) or words[first].form in _RELATIVE:
        return None
    chosen = words[first : last + 1]
    if any(word.form == "که" for word in chosen[:2]):  # درسی که گرفتم: no clause of its own
        return None
    return Saying(quote, _to_author(worded.text, chosen, subject))


def _to_author(text: str, words: Sequence[Word], subject: str) -> str | None:
    if any("\u0620" <= letter <= "\u06d3" for letter in words[-1].form):
        return _persian(text, words)
    return _english(text, words, subject)


def _persian(text: str, words: Sequence[Word]) -> str | None:
    """«ریست کردم» as «ریست کردید», where the only verb is the last word and is in the first person."""
    *before, verb = words
    if "1" not in verb.tags or not verb.lemma.startswith("@"):
        return None
    if any(word.is_finite or _is_own(word) for word in before):
        return None
    surface = text[verb.start : verb.end]
    if "perf" in verb.tags:
        ending = re.search("(?:یم|م)$", surface)
    else:
        ending = re.search("(?:یم|م)$", surface) if verb.form.endswith("م") else None
    if ending is None:
        return None
    stem = surface[: ending.start()]
    glide = "ی" if re.search("[وا]$", stem) and "past" not in verb.tags and "perf" not in verb.tags else ""
    return f"{text[words[0].start : verb.start]}{stem}{glide}ید"


def _is_own(word: Word) -> bool:
    """Whether a word may carry the first person: a pronoun or a possessive ending."""
    return (
        bool(_OWN.fullmatch(word.form))
        or word.form in _PREPOSITIONS_OWN
        or (word.form.endswith("م") and word.lemma != word.form and not word.lemma.endswith("م"))
    )


def _english(text: str, words: Sequence[Word], subject: str) -> str | None:
    """ "I restarted my modem" as "you restarted your modem", where the clause tells what the author did."""
    if "quoted" in {tag for word in words for tag in word.tags}:
        return None
    forms = [word.form for word in words]
    if {"you", "your", "yours", "youre"} & set(forms):
        return None
    if not subject and "past" not in words[0].tags:
        return None
    if not subject and "@be" in (words[0].lemma,):
        return None
    said: list[str] = []
    at = words[0].start
    for number, word in enumerate(words):
        own = text[word.start : word.end]
        swapped = _ENGLISH_SWAPS.get(word.form)
        if word.form in _CONTRACTED and "'" not in own and "’" not in own:
            swapped = None
        if word.form == "was" and (number == 0 or words[number - 1].form == "i"):
            swapped = "were"
        said.append(text[at : word.start] + (swapped or (_lowered(own) if number == 0 else own)))
        at = word.end
    return "you " + "".join(said)


def _lowered(word: str) -> str:
    """A first word as it stands inside a sentence."""
    return word if word[1:] != word[1:].lower() else word[:1].lower() + word[1:]
