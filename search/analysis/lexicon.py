"""The read-only Persian lexicon that ships with the package."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("lexicon.json.gz")
LEXICON_FORMAT = 1

#: Code letters of the `codes` string: a frequency class, two flags a word (see `build_lexicon.py`).
FREQUENCY_BASE = 48
FLAG_LEMMA, FLAG_PLURAL = 1, 2


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: folded past and present stems, with the colloquial ones."""

    past: str
    presents: tuple[str, ...]
    colloquial_presents: tuple[str, ...] = ()
    colloquial_pasts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded Persian words without ZWNJ.

    Attributes:
        frequency: word -> frequency class, 2 * log2(occurrences in a web corpus), 0..63; 0 is unseen.
        lemmas: words that a dictionary lists as a noun, adjective or adverb of their own.
        plurals: lemmas that the dictionary marks as plural.
        compounds: joined word -> its pieces, two or three.
        verbs: all verbs, the more frequent of two with one present stem first.
        informal: spoken form -> written form, one word each.
    """

    frequency: dict[str, int]
    lemmas: frozenset[str]
    plurals: frozenset[str]
    compounds: dict[str, tuple[str, ...]]
    verbs: tuple[Verb, ...]
    informal: dict[str, str]

    def known(self, word: str, at_least: int = 0) -> bool:
        """Whether `word` is listed, with at least this frequency class."""
        return self.frequency.get(word, -1) >= at_least


def _read(path: Path) -> Lexicon:
    raw = json.loads(gzip.decompress(path.read_bytes()))
    if raw["format"] != LEXICON_FORMAT:
        raise ValueError(f"{path.name}: lexicon format {raw['format']}, this code reads {LEXICON_FORMAT}")
    words: list[str] = raw["words"].split(" ")
    classes = [ord(code) - FREQUENCY_BASE for code in raw["classes"]]
    flags = raw["flags"]
    compounds = {c.replace("_", ""): tuple(c.split("_")) for c in raw["compounds"].split(" ")}
    frequency = dict.fromkeys(compounds, 0) | dict(zip(words, classes, strict=True))
    return Lexicon(
        frequency=frequency,
        lemmas=frozenset(w for w, f in zip(words, flags, strict=True) if f in "13"),
        plurals=frozenset(w for w, f in zip(words, flags, strict=True) if f in "23"),
        compounds=compounds,
        verbs=tuple(
            Verb(past, tuple(presents), tuple(spoken_presents), tuple(spoken_pasts))
            for past, presents, spoken_presents, spoken_pasts in raw["verbs"]
        ),
        informal=raw["informal"],
    )


@lru_cache(maxsize=1)
def lexicon_version() -> str:
    """The first 10 hexadecimal digits of the SHA-256 of the lexicon file; reads, does not load it."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of the package, read once per process (about a tenth of a second)."""
    return _read(DATA)
