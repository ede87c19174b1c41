"""Misspelt words that rules look for: a word that no list knows, one slip away from one that a rule names."""

import re
from collections.abc import Iterator
from functools import lru_cache

from codify.elicitation.rule_files import read_file
from kb.vocabulary import Language
from search.analysis.fold import ZWNJ, fold_text
from search.analysis.lexicon import load_lexicon
from search.repair.lexis import english_words

#: Shorter words are one slip away from too many others.
SHORTEST = 5
_LITERAL = re.compile(f"[a-z]{{5,}}|[\u0620-\u063f\u0641-\u064a\u066e-\u06d3{ZWNJ}]{{5,}}")
_PERSIAN = re.compile("[\u0620-\u06d3]")


@lru_cache(maxsize=20_000)
def without_slip(form: str) -> str:
    """`form`, or the rules' word that it misspells by one letter left out, doubled, swapped or wrong.

    Args:
        form: folded and joined; no word that the analyzer knows as a verb.
    """
    if len(form) < SHORTEST or _is_known(form):
        return form
    near = sorted(
        {word for key in _keys(form) for word in _neighbours().get(key, ()) if _is_slip(form, word)}
    )
    return near[0] if near else form


def _is_known(form: str) -> bool:
    if _PERSIAN.search(form):
        return load_lexicon().known(form)
    return not form.isascii() or form in english_words()


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, tuple[str, ...]]:
    """Every rule word by itself and by itself less each of its letters (SymSpell's index, distance one)."""
    index: dict[str, set[str]] = {}
    for word in _rule_words():
        for key in _keys(word):
            index.setdefault(key, set()).add(word)
    return {key: tuple(sorted(words)) for key, words in index.items()}


def _rule_words() -> Iterator[str]:
    """Words that patterns name as they are spelt; names of classes are none."""
    for language in Language:
        raw = read_file(language.value)
        stated = [pattern for members in raw["classes"].values() for pattern in members]
        for rules in (value for value in raw.values() if isinstance(value, list)):
            for rule in rules:
                stated += rule["match"] if isinstance(rule, dict) else []
        for pattern in stated:
            for token in re.split(r"[ |()?]+", pattern):
                word = fold_text(token.strip("=*"))
                if _LITERAL.fullmatch(word) and ("*" not in token or _is_known(word)):
                    yield word.replace(ZWNJ, "")


def _keys(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_slip(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours leads from one to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return (
        swapped
        or one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
    )
