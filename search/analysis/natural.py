"""A query as an embedder reads it best, however it was spelt: one spelling for letters, marks and affixes.

Embedding models see characters, not words: كتابها, کتابها and کتاب‌ها are three things to them, and their
tokenizers turn ZWNJ into a space. So letters are unified, marks go, and affixes and the pieces of compounds
stand apart, as they do in carefully written text. Passages are embedded as they were written.
"""

import re
from functools import lru_cache
from itertools import pairwise

from search.analysis.analyzer import Analyzer
from search.analysis.fold import ZWNJ, fold_text, without_marks

_RUN = re.compile(f"[آ-غف-ی\u0671-\u06d3]+(?:{ZWNJ}+[آ-غف-ی\u0671-\u06d3]+)*")
_LETTERS = str.maketrans("يىكە", "ییکه")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


class NaturalSpelling:
    """Spells queries with one analyzer's lexicon; safe for several threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._apart = lru_cache(maxsize=20_000)(self._find_apart)

    def spell(self, text: str) -> str:
        """`text` in the one spelling; what is not Persian stays, but for Unicode's compatibility forms."""
        unified = without_marks(text).translate(_LETTERS).translate(_DIGITS)
        return " ".join(_RUN.sub(lambda run: self._apart(run[0]), unified).replace(ZWNJ, " ").split())

    def _find_apart(self, run: str) -> str:
        joined = run.replace(ZWNJ, "")
        folded = fold_text(joined)
        if len(folded) != len(joined):  # a lone hamza: no place maps to a place
            return run
        cuts = self._analyzer.cuts(folded)
        if not cuts:
            return joined if self._analyzer.is_usual(folded) else run
        return " ".join(joined[start:end] for start, end in pairwise((0, *cuts, len(joined))))
