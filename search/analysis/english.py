"""English stems: Porter2, left alone where it would hurt names and codes."""

from functools import lru_cache

import snowballstemmer

from search.analysis.wordlists import ENGLISH_WHOLE

_PORTER2 = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem_english(word: str) -> str:
    """The Porter2 stem of a folded Latin word; words of up to three letters stay as they are.

    Source: Porter's "English (Porter2) stemming algorithm", as snowballstemmer has it.
    """
    if len(word) <= 3 or word.endswith("js") or word in ENGLISH_WHOLE:
        return word
    return str(_PORTER2.stemWord(word))
