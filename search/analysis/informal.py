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
        if len(word) < 3 or "ون" not in word or self._lexicon.known(word):
            return word
        at = word.rfind("ون")
        if at:
            for vowel in ("ان", "وان"):  # خونه, خوندن
                guess = word[:at] + vowel + word[at + 2 :]
                if self._lexicon.known(guess, 24) or (
                    guess[-1] in "متش" and self._lexicon.known(guess[:-1], 24)  # خوندنش
                ):
                    return guess
        guess = "ان" + word[3:]  # اونوقت
        return guess if word.startswith("اون") and self._lexicon.known(guess) else word
