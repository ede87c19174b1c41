"""Recognise Persian verb forms, written and spoken, and give each verb one key."""

import re
from collections.abc import Iterator

from search.analysis.lexicon import Lexicon, Verb
from search.analysis.tokens import PREVERBS
from search.analysis.wordlists import (
    AUXILIARY_FORMS,
    FREQUENT_VERBS,
    INFLECTED_PREPOSITIONS,
    NEVER_VERBS,
    SPOKEN_PASTS,
    SPOKEN_STEMS,
    STRONG_NOUNS,
    UNUSED_VERBS,
)

#: Marks a verb key, so that it can never equal a noun.
MARK = "@"

#: Without a prefix, -am and -i are far more often a possessive and an indefinite: کارم, کاری.
_BARE_PRESENT_ENDINGS = frozenset(("د", "یم", "ید", "ند"))
_PRESENT_ENDINGS = frozenset(("م", "ی", "د", "یم", "ید", "ند", "ه", "ن", "ین"))
_SPOKEN_ENDINGS = ("م", "ی", "ه", "د", "یم", "ین", "ید", "ن", "ند")
_PAST_ENDINGS = frozenset(("", "م", "ی", "یم", "ید", "ند", "ن", "ین"))
_PERFECT_ENDINGS = ("ام", "ایم", "اید", "اند", "است")
#: Object pronouns after a personal ending: می‌بینمش, گفتمتان, میفرستمشون.
_CLITICS = ("مان", "تان", "شان", "مون", "تون", "شون", "م", "ت", "ش", "و")
#: A frequent misspelling: بزارید for بگذارید.
_SAME_VERB = {"گزارد": "گذاشت"}
_PREVERB = re.compile("(?P<preverb>بر|در|باز|فرا|فرو|وا|ور)(?:(?P<durative>ن?می)|ن)(?P<rest>.{2,})")


class VerbTable:
    """Maps a joined, folded word form to the key of its verb."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._pasts: dict[str, str] = {}
        self._presents: dict[str, str] = {}
        self._imperatives: dict[str, str] = {}
        self._spoken: dict[str, str] = {}
        self._sure: dict[str, str] = {}
        for verb in lexicon.verbs:
            if verb.past and verb.past not in UNUSED_VERBS:
                self._add(verb)
        for verb in lexicon.verbs:  # after all are known
            if verb.past in FREQUENT_VERBS:
                self._add_sure(verb)

    def _add_sure(self, verb: Verb) -> None:
        """Short spoken forms of the most frequent verbs, listed because they look like nouns."""
        key = MARK + verb.past
        spoken = verb.colloquial_presents + SPOKEN_STEMS.get(verb.past, ())
        for stem in verb.presents + spoken:
            for prefix in ("ب", "ن") if verb.past not in ("داشت", "بود") else ("", "ن"):
                for ending in _SPOKEN_ENDINGS:
                    if stem[0] == "ا" or prefix + stem + ending in STRONG_NOUNS:
                        continue
                    if self._present_form(stem + ending, _PRESENT_ENDINGS) in (None, key):  # بخواند reads
                        self._sure.setdefault(prefix + stem + ending, key)
        for stem in spoken:  # imperatives: بذار, but بدون is "without"
            if len(stem) > 2 and "ب" + stem not in self._lexicon.lemmas:
                self._sure.setdefault("ب" + stem, key)

    def _add(self, verb: Verb) -> None:
        past = _SAME_VERB.get(verb.past, verb.past)
        key = self._pasts.setdefault(past, MARK + past)
        self._pasts.setdefault(verb.past, key)
        for stem in verb.colloquial_pasts + SPOKEN_PASTS.get(verb.past, ()):
            self._pasts.setdefault(stem, key)
        for stem in verb.presents:
            if stem == "است":  # takes no ending
                continue
            glided = stem + "ی" in verb.presents  # بو of بوییدن takes endings as بوی only
            if not stem.endswith("ا") and not glided:
                self._presents.setdefault(stem, key)
            self._imperatives.setdefault(stem, key)
            if stem.endswith(("ا", "و")):  # the glide that an ending needs: گرا, گراید
                self._presents.setdefault(stem + "ی", key)
            if stem.endswith(("ای", "وی")):
                self._imperatives.setdefault(stem[:-1], key)
        for stem in verb.colloquial_presents + SPOKEN_STEMS.get(verb.past, ()):
            self._spoken.setdefault(stem, key)

    def key(self, word: str) -> str | None:
        """The verb's key if `word` is a form of it, None if it is not, or reads as a noun first."""
        if len(word) < 3 or word in NEVER_VERBS or word in INFLECTED_PREPOSITIONS:
            return None
        for prefix in ("نمی", "می", "همی"):
            if word.startswith(prefix) and word not in self._lexicon.lemmas:
                found = self._durative(word[len(prefix) :])
                if found:
                    return found
        if word in ("میتوان", "نمیتوان"):
            return self._presents.get("توان")
        found = self._sure.get(word) or self.infinitive(word) or self._with_preverb(word)
        if found:
            return found
        if word in AUXILIARY_FORMS:
            return self._past_form(word) or self._present_form(word, _PRESENT_ENDINGS) or self._prefixed(word)
        if word[0] == "ن" and word[-1] == "ه" and word[:-1] not in self._pasts:
            found = self._negated_past(word[1:-1])  # a negated participle is never a noun: نرسیده است
            if found:
                return found
        if word in self._lexicon.lemmas or self._reads_as_noun(word):
            return None
        return (
            self._past_form(word)
            or self._present_form(word, _BARE_PRESENT_ENDINGS)
            or self._prefixed(word)
            or self._past_with_clitic(word)
            or self._bare_with_preverb(word)
        )

    def _bare_with_preverb(self, word: str) -> str | None:
        """برگرده, دربیاد: preverb and verb without prefix, in speech."""
        for preverb in PREVERBS:
            rest = word.removeprefix(preverb)
            if rest != word and len(rest) > 2:
                found = self._spoken_with_preverb(preverb, rest)
                if found:
                    return found
        return None

    def _negated_past(self, rest: str) -> str | None:
        """The verb of a past stem after ن, with the glide that a vowel needs: رسید, یامد, یومد."""
        glided = rest.removeprefix("ی")
        return self._pasts.get(rest) or (
            self._pasts.get(glided) or self._pasts.get("ا" + glided) if glided != rest else None
        )

    def _reads_as_noun(self, word: str) -> bool:
        """Whether a noun plus one letter (نیرو+ی, بار+م) spells the same; past stems stay verbs."""
        base = word[:-1]
        return (
            word[-1] in "یمتشه"
            and base in self._lexicon.lemmas
            and (word[-1] != "م" or base not in self._pasts)
        )

    def participle(self, word: str) -> str | None:
        """The verb's key if `word` is its past participle or bare past stem (داده, پرداخت), else None."""
        stem = word[:-1] if word.endswith("ه") else word
        return self._pasts.get(stem) if len(stem) > 1 else None

    def perfect_participle(self, word: str) -> str | None:
        """The participle inside a perfect form: بسته of بسته‌ام, which may also be "my package"."""
        for ending in _PERFECT_ENDINGS:
            if word.endswith("ه" + ending):
                return word[: -len(ending)]
        return None

    def infinitive(self, word: str) -> str | None:
        """The verb's key if `word` is its infinitive, negated or not, else None."""
        if not word.endswith("ن") or len(word) < 3:
            return None
        found = self._pasts.get(word[:-1])
        if not found and word[0] == "ن":
            found = self._pasts.get(word[1:-1])
        return found

    def _with_preverb(self, word: str) -> str | None:
        """برمیگردد, برنمیگشت, برنگشت: the preverb stands before the prefix."""
        match = _PREVERB.match(word)
        if not match:
            return None
        form = match["preverb"] + match["rest"]
        found = self._past_form(form) or (self._pasts.get(form[:-1]) if form[-1] == "ه" else None)
        if not found and match["durative"]:
            found = self._present_form(form, _PRESENT_ENDINGS, spoken=True)
        return found or self._spoken_with_preverb(match["preverb"], match["rest"])

    def _spoken_with_preverb(self, preverb: str, rest: str) -> str | None:
        """برمیگردونه, برگردونه: the spoken verb without the preverb leads to the one with it."""
        found = self._present_form(rest, _PRESENT_ENDINGS, spoken=True) or self._past_form(rest)
        return self._pasts.get(preverb + found.removeprefix(MARK)) if found else None

    def _durative(self, rest: str) -> str | None:
        """After می or نمی: any past form, or a present stem with an ending."""
        for body in _without_clitic(rest):
            # Written present stems first: می‌روند is of رفتن, though speech has روند for راند.
            found = self._present_form(body, _PRESENT_ENDINGS) or self._past_form(body)
            found = found or self._present_form(body, _PRESENT_ENDINGS, spoken=True)
            if not found and body.endswith("ه"):  # میرفته
                found = self._pasts.get(body[:-1])
            if found:
                return found
        # Speech drops the initial alef: میفته, میندازم.
        return self._present_form("ا" + rest, _PRESENT_ENDINGS) if len(rest) > 2 else None

    def _prefixed(self, word: str) -> str | None:
        """After ب (subjunctive, imperative) or ن (negative), with the glide that a vowel needs."""
        if word[0] not in "بن":
            return None
        rests = [word[1:]] if word[1] != "ا" else []  # a vowel needs the glide: بیاید, never باید
        if word[1] == "ی":
            rests.append(word[2:] if word[2:3] == "ا" else "ا" + word[2:])
        if len(word) > 4:  # speech drops the initial alef: بندازه
            rests.append("ا" + word[1:])
        for rest in rests:
            found = self._after_prefix(rest, negative=word[0] == "ن")
            if found:
                return found
        return None

    def _after_prefix(self, rest: str, *, negative: bool) -> str | None:
        if len(rest) < 2:
            return None
        for body in _without_clitic(rest, at_least=4):
            found = self._past_form(body) if negative else None
            found = found or self._present_form(body, _PRESENT_ENDINGS) or self._imperatives.get(body)
            found = found or self._present_form(body, _PRESENT_ENDINGS, spoken=True)
            if found:
                return found
        return None

    def _past_with_clitic(self, word: str) -> str | None:
        for clitic in _CLITICS:
            body = word[: -len(clitic)]
            if word.endswith(clitic) and body.endswith(("م", "ی", "ید", "ند")) and body not in self._pasts:
                return self._past_form(body) if len(body) > 3 else None
        return None

    def _past_form(self, word: str) -> str | None:
        for cut in (0, 1, 2):
            stem, ending = word[: len(word) - cut], word[len(word) - cut :]
            if ending in _PAST_ENDINGS and len(stem) > 1 and stem in self._pasts:
                return self._pasts[stem]
        if word.endswith("ه"):
            return self._pasts.get(word[:-1]) if word in AUXILIARY_FORMS else None
        for ending in _PERFECT_ENDINGS:
            if word.endswith("ه" + ending):
                return self._pasts.get(word[: -len(ending) - 1])
        return None

    def _present_form(self, word: str, endings: frozenset[str], *, spoken: bool = False) -> str | None:
        for stems in (self._presents, self._spoken) if spoken else (self._presents,):
            for cut in (1, 2):
                stem, ending = word[: len(word) - cut], word[len(word) - cut :]
                if stem and ending in endings and stem in stems:
                    return stems[stem]
        return None


def _without_clitic(rest: str, at_least: int = 2) -> Iterator[str]:
    """The form itself, then without each object pronoun it could end in."""
    yield rest
    for clitic in _CLITICS:
        if rest.endswith(clitic) and len(rest) - len(clitic) >= at_least:
            yield rest[: -len(clitic)]
