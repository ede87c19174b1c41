"""The words that ship with the package as `WordList`s: Persian ones with verb forms, and English ones."""

import gzip
import json
from functools import lru_cache
from itertools import product
from pathlib import Path

from search.analysis.lexicon import Lexicon, Verb, load_lexicon
from search.analysis.wordlists import SPOKEN
from search.repair.wordlist import WordList

ENGLISH_DATA = Path(__file__).with_name("english.json.gz")
#: A code letter of this file's `classes` is a frequency class from here on.
CLASS_BASE = 48

#: Frequency classes taken off a verb's own for one of its forms.
_FORM_COST = 8.0
_LEAST = 18.0
_PREFIXES = ("می", "نمی", "ب", "ن", "")
_PRESENT_ENDINGS = ("م", "ی", "د", "ه", "یم", "ید", "ین", "ند", "ن")
_PAST_ENDINGS = ("", "م", "ی", "یم", "ید", "ین", "ند", "ن")
#: Forms of the copula and of a few verbs that no table of stems gives.
_AUXILIARIES = (
    "است هستم هستی هست هستیم هستید هستند هستین هستن نیستم نیستی نیست نیستیم نیستید نیستند نیستین نیستن"
)
#: As they are typed without an apostrophe; the list has none of them.
_CONTRACTIONS = (
    "dont cant wont isnt arent wasnt werent didnt doesnt hasnt havent hadnt wouldnt couldnt shouldnt cannot"
    " im ive ill id youre youve theyre weve thats whats hows wheres theres lets"
)
_CONTRACTION_CLASS = 30.0
#: The analyzer joins these to their hosts, so that no corpus holds them as words; they are as likely as
#: a word that it does hold.
_AFFIXES = "ها های هایی می نمی تر ترین ام ات اش"
_AFFIX_LIFT = 14.0


@lru_cache(maxsize=1)
def persian_words() -> WordList:
    """Dictionary words and the forms of living verbs; made once per process (about a third of a second)."""
    lexicon = load_lexicon()
    classes: dict[str, float] = {}
    for verb in lexicon.verbs:
        own = lexicon.frequency.get(verb.past + "ن", 0) or lexicon.frequency.get(verb.past, 0)
        for form in _forms(verb):
            value = max(_LEAST, own - _FORM_COST)
            classes[form] = max(classes.get(form, 0.0), value)
    for word in _AUXILIARIES.split():
        classes[word] = 44.0
    for word, written in {**lexicon.informal, **SPOKEN}.items():
        classes[word] = max(_LEAST, lexicon.frequency.get(written, 0) - 4.0)
    for word, value in lexicon.frequency.items():
        classes[word] = max(classes.get(word, 0.0), value or _LEAST)
    classes["و"] = 65.0
    for word in _AFFIXES.split():
        classes[word] += _AFFIX_LIFT
    return WordList.of(classes)


def _forms(verb: Verb) -> set[str]:
    """Written and spoken forms of a verb, without those in auxiliaries."""
    forms: set[str] = set()
    for stem in (*verb.presents, *verb.colloquial_presents):
        if not stem or stem == "است":
            continue
        stems = {stem, stem + "ی"} if stem.endswith(("ا", "و")) else {stem}
        for base, prefix, ending in product(stems, _PREFIXES[:4], _PRESENT_ENDINGS):
            glide = "ی" if prefix in ("ب", "ن") and base.startswith("ا") else ""
            forms.add(prefix + glide + base + ending)
        forms.update(("ب" + stem, "ن" + stem))
    for stem in (verb.past, *verb.colloquial_pasts):
        if not stem:
            continue
        glide = "ی" if stem.startswith("ا") else ""
        for prefix, ending in product(("می", "نمی", "ن" + glide, ""), _PAST_ENDINGS):
            forms.add(prefix + stem + ending)
        forms.update((stem + "ن", stem + "ه", "ن" + glide + stem + "ه"))
    return {form for form in forms if len(form) > 1}


def lexicon() -> Lexicon:
    """The analyzer's own lexicon."""
    return load_lexicon()


@lru_cache(maxsize=1)
def english_words() -> WordList:
    """The most frequent English words; see `build_english.py`."""
    raw = json.loads(gzip.decompress(ENGLISH_DATA.read_bytes()))
    words: list[str] = raw["words"].split(" ")
    classes = {word: float(ord(code) - CLASS_BASE) for word, code in zip(words, raw["classes"], strict=True)}
    return WordList.of(dict.fromkeys(_CONTRACTIONS.split(), _CONTRACTION_CLASS) | classes)
