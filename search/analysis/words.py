"""Read one surface word: its primary term, and the alternatives it may also be found by."""

import re
from itertools import accumulate

from search.analysis.compounds import FREQUENT_HALF, Compounds
from search.analysis.english import stem_english
from search.analysis.informal import InformalWords
from search.analysis.lexicon import Lexicon
from search.analysis.stem import NounStemmer
from search.analysis.terms import (
    KIN_WEIGHT,
    LIGHT_WEIGHT,
    PIECE_WEIGHT,
    READING_WEIGHT,
    Alternative,
    Entry,
    Placed,
)
from search.analysis.tokens import CONDITIONAL, MONTHS, PREFIXES, PREVERBS, Kind, Word
from search.analysis.verbs import MARK, VerbTable
from search.analysis.wordlists import (
    BOUND_PIECES,
    FUSED_FIRST,
    LATIN_COMPOUNDS,
    LATIN_HEADS,
    LIGHT_VERBS,
    PRODUCTIVE_FIRST,
    PRODUCTIVE_LAST,
    STOP_VERBS,
    STOP_WORDS,
)

_DURATIVE = re.compile("(?:بر|در|باز|فرا|فرو|وا|ور)?ن?می(?=..)")
_PLURAL_SUFFIX = re.compile("ها(?:ی(?:ی|م|ت|ش|مان|تان|شان|مون|تون|شون)?|م|ت|ش|مان|تان|شان|مون|تون|شون)?")
#: of words that no lexicon lists: تمپلیتها
_LOANED_PLURAL = re.compile(f"(.{{3,}}?)(?:{_PLURAL_SUFFIX.pattern})")
_COMPARATIVE = frozenset(("تر", "تری", "ترین"))
_AFTER_HEH = frozenset(("ی", "ای", "ام", "ات", "اش", "ایم", "اید", "اند"))
_PARTS = re.compile(r"[a-z]+|\d+")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)+)")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[a-z]+")
_SEPARATORS = re.compile(r"[-_.'’]")
#: Longer codes are hashes and tokens; their parts would be noise.
_LONGEST_SPLIT_CODE = 24
_PAIR_LIMIT = 200_000
_PRODUCTIVE_ENDS = tuple(sorted(PRODUCTIVE_LAST))


class WordReader:
    """Reads surface words with one lexicon."""

    def __init__(self, lexicon: Lexicon, compounds: Compounds) -> None:
        self._lexicon = lexicon
        self._compounds = compounds
        self._verbs = VerbTable(lexicon)
        self._nouns = NounStemmer(lexicon)
        self._informal = InformalWords(lexicon)
        self._pair_terms: dict[tuple[str, str], str] = {}

    def reach(self, tokens: list[str], at: int) -> int:
        """End of the word that begins at `tokens[at]`: prefixes and suffixes apart are its own."""
        token, total = tokens[at], len(tokens)
        if token in PREVERBS and at + 1 < total and tokens[at + 1].startswith(("می", "نمی")):
            upto = at + (3 if tokens[at + 1] in PREFIXES and at + 2 < total else 2)
            if self._verbs.key("".join(tokens[at:upto])):
                return upto
            return at + 1
        upto = at + 1
        if token in PREFIXES and upto < total:
            if not self._verbs.key(token + tokens[upto]):
                return upto
            return upto + 1
        while upto < total and self._takes(token, tokens[upto]):
            upto += 1
        return upto

    def _takes(self, host: str, suffix: str) -> bool:
        """Whether a suffix written apart belongs to `host`."""
        if suffix.startswith("ها"):
            return True
        if host in STOP_WORDS or len(host) < 2:
            return False
        if suffix == "است":
            return self._verbs.key(host + suffix) is not None
        return suffix not in CONDITIONAL or host in self._lexicon.frequency

    def persian(self, word: Word) -> Entry:
        """The entry of a Persian word."""
        joined = word.joined
        verb = self._verbs.key(joined)
        if not verb:
            joined = self._informal.written(joined)
            verb = self._verbs.key(joined)
        if joined in STOP_WORDS:
            return self._entry(word, joined, (), stop=True)
        if verb:
            light = LIGHT_WEIGHT if verb in LIGHT_VERBS else 1.0
            noun = self._verbs.perfect_participle(joined)
            readings = ((noun, READING_WEIGHT),) if noun in self._lexicon.lemmas and light == 1.0 else ()
            return self._entry(word, verb, readings, stop=verb in STOP_VERBS, weight=light)
        primary, second = self._nouns.stem(joined)
        primary = self._informal.written(primary)
        infinitive = self._verbs.infinitive(primary)
        if infinitive:  # خواندنش
            light = LIGHT_WEIGHT if infinitive in LIGHT_VERBS else 1.0
            return self._entry(word, infinitive, (), stop=infinitive in STOP_VERBS, weight=light)
        alternatives: list[Alternative] = []
        if second:
            second = self._informal.written(second)
            if second != primary:
                alternatives.append((second, READING_WEIGHT))
        kin = self._verbs.participle(primary)
        if kin:
            alternatives.append((kin, KIN_WEIGHT))
        pieces = self._compounds.pieces(primary) or (word.pieces if len(word.pieces) > 1 else ())
        if not pieces and primary not in self._lexicon.frequency:
            primary, pieces = self._after_fused(primary)
        alternatives += self._piece_terms(pieces, primary)
        return self._entry(word, primary, tuple(alternatives))

    @staticmethod
    def _entry(
        word: Word,
        term: str,
        alternatives: tuple[Alternative, ...],
        *,
        stop: bool = False,
        weight: float = 1.0,
    ) -> Entry:
        return Entry(word.start, word.end, term, alternatives, Kind.WORD, stop, weight, word.joined)

    def _piece_terms(self, pieces: tuple[str, ...], whole: str) -> list[Alternative]:
        content = [piece for piece in pieces if piece not in BOUND_PIECES and len(piece) > 1]
        if not content and pieces and pieces[0] in STOP_WORDS and pieces[-1] not in STOP_WORDS:
            content = [pieces[-1]]  # به‌کار apart is کار
        terms = [self._piece(piece) for piece in content]
        return [(term, PIECE_WEIGHT) for term in dict.fromkeys(terms) if term != whole]

    def _after_fused(self, word: str) -> tuple[str, tuple[str, ...]]:
        """Base and pieces of an unlisted word that begins like تکصفحهای; (word, ()) if it does not."""
        for first in FUSED_FIRST:
            if word.startswith(first):
                rest = self._nouns.stem(word[len(first) :])[0]
                if len(rest) > 2 and self._lexicon.known(rest, FREQUENT_HALF):
                    return first + rest, (first, rest)
        return word, ()

    def _piece(self, piece: str) -> str:
        return self._verbs.key(piece) or self._nouns.stem(piece)[0]

    def cuts(self, word: str) -> tuple[int, ...]:
        """Where careful writers set a joined word's prefix, suffix and rarely joined pieces apart."""
        durative = _DURATIVE.match(word)
        if durative and self._verbs.key(word):
            return (durative.end(),)
        base = self._nouns.stem(word)[0]
        suffix = word[len(base) :] if word.startswith(base) else ""
        if suffix and (
            _PLURAL_SUFFIX.fullmatch(suffix)
            or (base[-1] == "ه" and suffix in _AFTER_HEH)
            or (suffix in _COMPARATIVE and not self.is_usual(word))
        ):
            return (*self.cuts(base), len(base))
        plural = _LOANED_PLURAL.fullmatch(word)
        if plural and word not in self._lexicon.lemmas and plural[1] + "ه" not in self._lexicon.frequency:
            return (*self.cuts(plural[1]), plural.end(1))
        pieces = self._compounds.pieces(word) if word in self._compounds or base == word else ()
        # برنامه‌نویسی: a silent -eh is never joined to what follows
        if not pieces or (self.is_usual(word) and not (pieces[0][-1] == "ه" and len(pieces[0]) > 3)):
            return ()
        return tuple(accumulate(map(len, pieces[:-1])))

    def is_usual(self, word: str) -> bool:
        """Whether a word is frequent as it is, joined: کتابخانه, but not نرمافزار."""
        return self._lexicon.known(word, FREQUENT_HALF)

    def pair_term(self, left: Entry, right: Entry) -> str:
        """Primary term of two adjacent words that are one compound, "" if they are not."""
        key = (left.joined, right.joined)
        found = self._pair_terms.get(key)
        if found is None:
            if len(self._pair_terms) >= _PAIR_LIMIT:
                self._pair_terms.clear()
            found = self._pair_terms[key] = self._find_pair_term(left, right)
        return found

    def _find_pair_term(self, left: Entry, right: Entry) -> str:
        joined = left.joined + right.joined
        if joined in LATIN_COMPOUNDS:
            return stem_english(joined)
        if left.is_stop and not joined.endswith(_PRODUCTIVE_ENDS):  # به حساب is rarely one word
            return ""
        if joined in self._compounds or joined.startswith(self._compounds.heads.get(left.joined, ())):
            stem = self._nouns.stem(joined)[0]  # ستاره شناسان, آسیب پذیری های
            if stem in self._compounds:
                return stem
        for spelling in (joined, left.joined + right.term, left.term + right.term):
            if spelling in self._compounds:
                return spelling
        freely = left.joined in PRODUCTIVE_FIRST and self._joins_freely(right)
        if right.term in PRODUCTIVE_LAST or right.joined in PRODUCTIVE_LAST:
            freely = freely or self._joins_freely(left)
        return self._nouns.stem(joined)[0] if freely else ""

    @staticmethod
    def _joins_freely(entry: Entry) -> bool:
        return (
            entry.kind is Kind.WORD and not entry.is_stop and entry.term[0] != MARK and len(entry.joined) > 1
        )

    def joins(self, entry: Entry) -> tuple[bool, bool]:
        """Whether a compound may begin with this word, and whether one may end with it."""
        heads = self._compounds.heads
        opens = entry.joined in heads or entry.term in heads or entry.joined in PRODUCTIVE_FIRST
        opens = opens or entry.joined in LATIN_HEADS
        return opens, entry.joined in PRODUCTIVE_LAST or entry.term in PRODUCTIVE_LAST

    def compound(self, placed: list[Placed], term: str) -> Placed:
        """One entry for adjacent words that spell the compound `term`; each of them stays an alternative."""
        entries = [entry for _, entry in placed]
        content = [e for e in entries if not e.is_stop and e.joined not in BOUND_PIECES]
        alternatives = tuple((piece, PIECE_WEIGHT) for piece in dict.fromkeys(e.term for e in content))
        start, end = placed[0][0] + entries[0].start, placed[-1][0] + entries[-1].end
        joined = "".join(e.joined for e in entries)
        return start, Entry(0, end - start, term, alternatives, Kind.WORD, False, 1.0, joined)

    def other(self, surface: str, group: str) -> Entry:
        """The entry of a number, code, date, address or word of another script."""
        size = len(surface)
        if group == "latin":
            term, alternatives, kind = _latin(surface)
        elif group == "amount":
            term, alternatives, kind = _amount(surface), (), Kind.NUMBER
        elif group == "phone":
            term, alternatives, kind = _phone(surface)
        elif group == "date":
            term, alternatives, kind = _date(surface)
        elif group == "written":
            term, alternatives, kind = _written_date(surface)
        elif group == "email":
            parts = [(part, PIECE_WEIGHT) for part in re.split(r"[@.]", surface)[:-1] if len(part) > 1]
            term, alternatives, kind = surface, tuple(parts), Kind.CODE
        elif group == "sign":
            term, alternatives, kind = surface, (), Kind.CODE
        else:
            term, alternatives, kind = surface, (), Kind.WORD
        return Entry(0, size, term, alternatives, kind, term in STOP_WORDS, 1.0, surface)

    def teaches(self, entry: Entry) -> bool:
        """Whether a word can be half of a compound worth learning: no number, stop word or verb form."""
        return entry.kind is Kind.WORD and not entry.is_stop and entry.term[0] != MARK

    def unknown(self, term: str) -> bool:
        """Whether the lexicon has never heard of `term`, which is no verb and longer than three letters."""
        return term[0] != MARK and len(term) > 3 and term not in self._lexicon.frequency


def _amount(surface: str) -> str:
    """Thousands separators go; a point before fewer than three digits stays."""
    return re.sub(r"[,،/]|\.(?=\d{3}(?:\D|$))", "", surface)


def _phone(surface: str) -> tuple[str, tuple[Alternative, ...], Kind]:
    """The digits of a telephone or card number, in the form used at home: +98 912 is 0912."""
    digits = "".join(_DIGITS.findall(surface))
    if surface[0] == "+" or digits.startswith("0098"):
        digits = "0" + digits.removeprefix("00").removeprefix("98").removeprefix("0")
    parts = _DIGITS.findall(surface) if surface[0] == "0" else []
    return digits, tuple((part, PIECE_WEIGHT) for part in dict.fromkeys(parts) if part != digits), Kind.CODE


def _written_date(surface: str) -> tuple[str, tuple[Alternative, ...], Kind]:
    """۲۱ مرداد ۱۴۰۳ as its figures, found by the month's name too."""
    day, year = _DIGITS.findall(surface)
    month = next(number for number, name in enumerate(MONTHS, start=1) if name in surface)
    return _date(f"{year}/{month}/{day}")


def _date(surface: str) -> tuple[str, tuple[Alternative, ...], Kind]:
    """Dates in any order and separator become year-month-day, found by year and month too."""
    parts = _DIGITS.findall(surface)
    if len(parts[0]) < 4 and len(parts[2]) == 4:
        parts.reverse()
    if len(parts[0]) != 4:
        return _latin(surface.replace("/", "."))
    year, month, day = parts[0], parts[1].zfill(2), parts[2].zfill(2)
    pieces = [f"{year}-{month}", year]
    if year[:2] in ("13", "14") and 1 <= int(month) <= len(MONTHS):
        pieces.append(MONTHS[int(month) - 1])
    return f"{year}-{month}-{day}", tuple((piece, PIECE_WEIGHT) for piece in pieces), Kind.NUMBER


def _latin(surface: str) -> tuple[str, tuple[Alternative, ...], Kind]:
    """A Latin word, number, version or code; codes are glued and also found by their parts."""
    if _LETTERS.fullmatch(surface):
        return stem_english(surface), (), Kind.WORD
    if _DIGITS.fullmatch(surface):
        return surface, (), Kind.NUMBER
    version = _VERSION.fullmatch(surface)
    if version:
        numbers = version[1].split(".")
        shorter = tuple((".".join(numbers[:n]), PIECE_WEIGHT) for n in range(2, len(numbers)))
        return version[1], shorter, Kind.NUMBER if len(numbers) == 2 else Kind.CODE
    if "'" in surface or "’" in surface:
        owner = re.split("['’]", surface)[0]
        if _LETTERS.fullmatch(owner) and len(owner) > 1:
            return stem_english(owner), (), Kind.WORD
    glued = _SEPARATORS.sub("", surface)
    plain = _LETTERS.fullmatch(glued) is not None
    parts: list[Alternative] = []
    if len(glued) <= _LONGEST_SPLIT_CODE:
        found = [stem_english(part) if part.isalpha() else part for part in _PARTS.findall(surface)]
        parts = [
            (part, PIECE_WEIGHT) for part in dict.fromkeys(found) if len(part) > 1 and part not in STOP_WORDS
        ]
    return stem_english(glued) if plain else glued, tuple(parts), Kind.WORD if plain else Kind.CODE
