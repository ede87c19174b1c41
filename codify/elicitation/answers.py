"""Whether the answer to a probe says anything."""

import re
from functools import lru_cache

from codify.elicitation.pattern import compile_pattern, encode
from codify.elicitation.rule_files import read_file
from codify.elicitation.words import read_words
from kb.vocabulary import Language
from search.analysis.fold import fold_text


def says_something(answer: str) -> bool:
    """Whether anything is left of an answer without "no idea", «نمی‌دونم» and the like.

    What is left may be one word. Signs, a dash or an emoji alone say nothing.
    """
    worded = read_words(answer)
    encoded = encode(worded.words, [()] * len(worded.words)).text
    for pattern in _no_answers():
        encoded = pattern.sub("", encoded)
    left = [part.partition("/")[0] for part in encoded.split()]
    return any(word not in _fillers() for word in left)


@lru_cache(maxsize=1)
def _stated() -> tuple[tuple[list[str], list[str]], ...]:
    files = (read_file(language.value) for language in Language)
    return tuple((raw["no_answer"], raw["filler"]) for raw in files)


@lru_cache(maxsize=1)
def _no_answers() -> tuple[re.Pattern[str], ...]:
    return tuple(compile_pattern(pattern, {}) for patterns, _ in _stated() for pattern in patterns)


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(fold_text(word) for _, words in _stated() for word in words)
