"""Take inflection off Persian nouns and adjectives, never off a word that is one without it."""

import re

from search.analysis.lexicon import Lexicon
from search.analysis.wordlists import COMMON_ADJECTIVES, STOP_WORDS, WHOLE_WORDS

#: Other spellings of one word that letter folding cannot unify: hamza seats, and به written fused.
_SEATS = {
    "مسیول": "مسوول",
    "مسیله": "مساله",
    "هییت": "هیات",
    "مسول": "مسوول",
    "سیوال": "سوال",
    "بروز": "بهروز",
    "روزرسان": "بهروزرسان",
    "ب": "به",
}
_SEAT = re.compile(
    "مسیول|مسیله|هییت|مسول|سیوال|بروز(?=رسان|اور)|روزرسان"
    "|ب(?=(?:عنوان|صورت|نظر|طور|دلیل|راحتی|وسیله|همراه|خاطر|طرف|سوی|جای|زودی|سرعت|ندرت|علت|واسطه|هرحال"
    "|دنبال|منظور|تدریج|دست|کار|تنهایی|هیچوجه)$)"
)
_PLURAL = re.compile(
    "(.{2,}?)(ها(?:ی(?:ی|م|ت|ش|مان|تان|شان|مون|تون|شون|ند)?|م|ت|ش|مان|تان|شان|مون|تون|شون|ست)?)(?:رو|را|و)?$"
)
#: Plural endings that read as -eh plus a clitic when the ZWNJ is lost: پروندهای is پرونده‌ای.
_AMBIGUOUS = frozenset(("های", "هام", "هات", "هاش", "هایم", "هاست"))
#: Difference of frequency classes: sixteen times.
_FAR_RARER = 8
#: Eight times; enough for a second reading.
_RARER = 6
#: About 16,000 times in the web corpus behind the lexicon.
_FAIRLY_FREQUENT = 28
#: About a million times there.
_VERY_FREQUENT = 40
_COPULA = re.compile("(.{3,}?)(?:ن|ند|ین|ید|یم|(?<=[یاو])ست)$")
_SPOKEN_PLURAL = re.compile("(.{2,}?)ا(?:[یمتش]|[متش](?:ون|ان))?(?:رو|را|و)?$")
_AFTER_HEH = re.compile("(.{2,}ه)(?:ا(?:ست|یی|یم|ید|ند|[یمتش])|[متش](?:ان|ون)|ی|م)$")
_AFTER_VOWEL = re.compile("(.{2,}[او])ی(?:[متش](?:ان|ون)|یم|ان|[یمتش])$")
_COMPARATIVE = re.compile("(.{2,}?)تر(?:ین|ی)?$")
_POSSESSIVE = ("مان", "تان", "شان", "مون", "تون", "شون")
_SINGLE = ("ی", "م", "ت", "ش", "و", "ه", "ا", "ای", "رو")
#: How many endings may follow these: ران‌تایم is no رانت with three.
_DEEPEST = {"ا": 1, "ای": 0}
_PERSONS = re.compile("(?P<base>.{2,}?)(?:(?P<eh>گان)|ان)(?P<more>[یمتش]?)$")
_AGENT = re.compile(
    "(?:کار|گر|مند|دار|بان|نده|گذار|ساز|شناس|نویس|فروش|بر|ور|یر|جو|موز|ست|ری|یگ|مع|شک|رک|لم)$"
)


class NounStemmer:
    """Gives the base of a joined Persian word, and a second reading where spelling leaves two."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._frequency = lexicon.frequency

    def stem(self, word: str) -> tuple[str, str | None]:
        """Base of `word` and the other possible base, or None."""
        seat = _SEAT.match(word)
        if seat:
            word = _SEATS[seat[0]] + word[seat.end() :]
        if len(word) < 4 or word in WHOLE_WORDS:
            return word, None
        plural = None if word in self._lexicon.lemmas else _PLURAL.match(word)
        if plural:
            whole = plural[1] + "ها"  # تنهایی is of تنها
            if plural[2] != "ها" and (whole in self._lexicon.lemmas or whole in WHOLE_WORDS):
                return whole, None
            return self._without_plural(plural[1], plural[2])
        clitic = self._listed_clitic(word)
        if clitic:
            return clitic, word
        swallowed = self._swallowed_heh(word)
        if swallowed:
            return swallowed
        return self._base(word, depth=0), self._arabic_plural(word) or self._listed_reading(word)

    def _listed_clitic(self, word: str) -> str | None:
        """Base of a listed word that no dictionary has and that is far rarer: دستش, خودت, مهمه."""
        base = word[:-1]
        if word[-1] not in "متشه" or len(base) < 3 or word in self._lexicon.lemmas:
            return None
        rarer = base in self._lexicon.lemmas and 0 < self._class(word) <= self._class(base) - _FAR_RARER
        return base if rarer else None

    def _swallowed_heh(self, word: str) -> tuple[str, str] | None:
        """Base and other reading where a spoken pronoun has swallowed the -eh: شمارتون, برنامتون."""
        if word[-3:] not in _POSSESSIVE or len(word) < 6 or word in self._frequency:
            return None
        plain, with_heh = self._class(word[:-3]), self._class(word[:-3] + "ه")
        if with_heh < _FAIRLY_FREQUENT or word[:-3] + "ه" not in self._lexicon.lemmas:
            return None
        if with_heh > plain:
            return word[:-3] + "ه", word[:-3]
        return (word[:-3], word[:-3] + "ه") if with_heh > plain - _RARER else None

    def _class(self, word: str) -> int:
        return self._frequency.get(word, -1)

    def _without_plural(self, base: str, ending: str) -> tuple[str, str | None]:
        if ending in _AMBIGUOUS:
            with_heh = base + "ه"
            plain, heh = self._class(base), self._class(with_heh)
            if heh > plain or (base in STOP_WORDS and heh > 0):  # همه‌اش
                return with_heh, base if plain >= heh - 8 and plain > 0 else None
            if heh >= plain - 8 and heh > 0:
                return self._base(base, depth=0), with_heh
        return self._base(base, depth=0), None

    def _arabic_plural(self, word: str) -> str | None:
        """Singular of a listed plural in -at, a second reading only: اطلاعات is more than اطلاع."""
        if word.endswith("ات") and word in self._frequency and word[:-2] in self._lexicon.lemmas:
            return word[:-2] if len(word) > 4 else None
        return None

    def _listed_reading(self, word: str) -> str | None:
        """Base of a listed word that is one letter longer and far rarer: قسمتی is mostly "a part"."""
        base = word[:-1]
        if word[-1] not in "یمتشهاو" or len(base) < 3 or word in self._lexicon.lemmas:
            return None
        rarer = base in self._lexicon.lemmas and 0 <= self._class(word) < self._class(base) - _RARER
        return base if rarer else None

    def _base(self, word: str, depth: int) -> str:
        if len(word) < 4 or word in self._lexicon.lemmas or word in WHOLE_WORDS:
            return word
        for rest in self._rests(word, depth):
            if rest in self._frequency:
                return self._base(rest, depth + 1) if depth < 2 else rest
            if depth < 2 and len(rest) > 3:
                deeper = self._base(rest, depth + 1)
                if deeper != rest and (
                    deeper in self._lexicon.lemmas or self._class(deeper) >= _FAIRLY_FREQUENT
                ):
                    return deeper
        return word

    def _rests(self, word: str, depth: int) -> list[str]:
        """Candidates for the base, the surest ending first."""
        rests = self._heh_and_vowel_rests(word)
        listed = word in self._frequency
        rests += self._comparative_rests(word)
        rests += self._agent_rests(word)
        if word.endswith("ات") and word[:-2] in self._lexicon.lemmas and len(word) > 4:
            rests.append(word[:-2])
        if listed:
            return rests
        if depth == 0:
            rests += self._spoken_plural_rests(word)
        rests += [word[: -len(e)] for e in _POSSESSIVE if word.endswith(e) and len(word) - len(e) > 2]
        if word[-1] in "متش" and word[:-1] not in self._frequency and word[:-1] + "ه" in self._lexicon.lemmas:
            rests.append(word[:-1] + "ه")  # spoken clitics swallow the -eh: نتیجش
        for ending in _SINGLE:
            rest = word[: -len(ending)]
            if depth > _DEEPEST.get(ending, depth):
                continue
            if word.endswith(ending) and len(rest) > 2 and self._worth(rest):
                rests.append(rest)
        if word.endswith("رو") and rests[-2:] == [word[:-1], word[:-2]]:  # خدارو, not خدار
            rests[-2:] = sorted(rests[-2:], key=self._class, reverse=True)
        return rests + self._copula_rests(word)

    def _heh_and_vowel_rests(self, word: str) -> list[str]:
        """Bases in -eh or a vowel, whose endings need no other evidence: خانه‌ام, کالایی."""
        match = _AFTER_HEH.match(word) or _AFTER_VOWEL.match(word)
        # A listed word is its own unless it is far rarer than the base.
        if match and self._class(match[1]) > self._class(word) + _FAR_RARER:
            return [match[1]]
        return []

    def _spoken_plural_rests(self, word: str) -> list[str]:
        """Noun of a plural in -a with what follows it: چشمامون, روزای, پستامو."""
        match = _SPOKEN_PLURAL.match(word)
        if not match or match[1] not in self._lexicon.lemmas:
            return []
        frequency = self._class(match[1])
        surely = frequency >= _FAIRLY_FREQUENT and frequency >= self._class(match[1] + "ا") + _FAR_RARER
        return [match[1]] if surely else []

    def _copula_rests(self, word: str) -> list[str]:
        """Adjective before "are" or "is", written or spoken: مقصرن, ناراحتین, خوشند, کافیست."""
        match = _COPULA.match(word)
        frequent = match and match[1] in self._lexicon.lemmas and self._class(match[1]) >= _VERY_FREQUENT
        return [match[1]] if match and frequent else []

    def _worth(self, rest: str) -> bool:
        """Whether one letter may go for this rest: a fairly frequent word, or one to cut further."""
        return not 0 < self._class(rest) < _FAIRLY_FREQUENT  # 0 is a compound of unknown frequency

    def _comparative_rests(self, word: str) -> list[str]:
        """Adjective of a comparative; a listed word is one only of a common adjective: فیلتر is not."""
        match = _COMPARATIVE.match(word)
        if not match:
            return []
        base = match[1]
        if base in COMMON_ADJECTIVES:
            return [base]
        unlisted = word not in self._frequency and word.removesuffix("ی") not in self._frequency
        return [base] if unlisted and len(base) > 2 and base in self._lexicon.lemmas else []

    def _agent_rests(self, word: str) -> list[str]:
        """Base of a plural in -an or -gan, with or without one more letter (کاربران, کاربرانی)."""
        match = _PERSONS.match(word)
        if not match:
            return []
        base, lemmas = match["base"], self._lexicon.lemmas
        if match["more"] and word[:-1] in lemmas:  # جوانی, سلمانی
            return []
        if match["eh"]:
            return [base + "ه"] if len(base) > 2 and base + "ه" in lemmas else []
        return [base] if base in lemmas and (len(base) > 4 or _AGENT.search(base)) else []
