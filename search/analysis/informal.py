"""Written forms of spoken Persian words: listed ones, and -un for -an."""

from search.analysis.lexicon import Lexicon
from search.analysis.wordlists import SPOKEN


class InformalWords:
    """Gives the written form of a spoken word, or the word itself."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._written = {**lexicon.informal, **SPOKEN}

    def written(self, word: str) -> str:
        """`word` in written Persian: listed forms first, then ون for ان where only the latter is a word."""
        found = self._written.get(word)
        if found is not None:
            return found
        at = word.rfind("ون")
        if at < 1 or len(word) < 3 or self._lexicon.known(word):
            return word
        guess = word[:at] + "ان" + word[at + 2 :]
        return guess if self._lexicon.known(guess, 24) else word
