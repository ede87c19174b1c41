"""Person, tense and polarity of Persian verb forms, written and spoken.

The analyzer says which verb a word is a form of; this says which form. Where a spelling has two readings,
the one that support notes use more often is taken.
"""

import re
from functools import lru_cache

from search.analysis.lexicon import load_lexicon
from search.analysis.wordlists import SPOKEN_PASTS

_PERSONS = {
    "م": ("1", "sg"),
    "یم": ("1", "pl"),
    "ی": ("2", "sg"),
    "ید": ("2", "pl"),
    "ین": ("2", "pl"),
    "ند": ("3", "pl"),
    "ن": ("3", "pl"),
    "د": ("3", "sg"),
    "ه": ("3", "sg"),
    "": ("3", "sg"),
}
_PERFECT = {
    "م": ("1", "sg"),
    "ام": ("1", "sg"),
    "ای": ("2", "sg"),
    "است": ("3", "sg"),
    "ایم": ("1", "pl"),
    "اید": ("2", "pl"),
    "این": ("2", "pl"),
    "اند": ("3", "pl"),
    "ن": ("3", "pl"),
    "": ("3", "sg"),
}
#: Object pronouns after a personal ending.
_CLITIC = "(?:مان|تان|شان|مون|تون|شون|ش|ت|و)?"
_PREFIX = re.compile("(?P<preverb>بر|در|باز|فرا|فرو|وا|ور)?(?P<durative>ن?می|همی)(?P<rest>.+)")
_PAST_ENDING = re.compile(f"(?P<stem>.+?)(?P<ending>یم|ید|ین|ند|م|ی|ن|){_CLITIC}")
_PRESENT_ENDING = re.compile(f"(?P<stem>.+?)(?P<ending>یم|ید|ین|ند|م|ی|د|ه|ن){_CLITIC}")
_PARTICIPLE = re.compile("(?P<stem>.+)ه(?P<ending>ام|ای|است|ایم|اید|این|اند|م|ن|)")
#: Past stems that the analyzer leaves alone, as some nouns spell the same; told stories use them as verbs.
_BARE = {
    stem: f"@{verb}"
    for verb, stems in {
        "کرد": "کرد", "شد": "شد", "داد": "داد", "زد": "زد", "رفت": "رفت", "امد": "امد اومد", "گرفت": "گرفت",
        "دید": "دید", "گفت": "گفت", "خواست": "خواست", "افتاد": "افتاد", "برگشت": "برگشت", "ماند": "ماند موند",
        "گذاشت": "گذاشت", "کشید": "کشید", "فهمید": "فهمید", "پرسید": "پرسید", "شنید": "شنید",
        "برداشت": "برداشت",
        "فرستاد": "فرستاد", "اورد": "اورد", "نوشت": "نوشت", "رسید": "رسید", "بست": "بست", "ریخت": "ریخت",
        "برد": "برد", "سوخت": "سوخت", "شکست": "شکست", "بود": "بود", "داشت": "داشت",
    }.items()
    for stem in stems.split()
}  # fmt: skip
#: Imperatives to one person, which look like other forms or like nouns.
_IMPERATIVES = {
    form: f"@{verb}"
    for verb, forms in {
        "کرد": "کن نکن بکن", "زد": "بزن نزن", "گفت": "بگو نگو", "داد": "بده نده", "دید": "ببین نبین",
        "رفت": "برو نرو", "گذاشت": "بذار نذار بگذار نگذار", "پرسید": "بپرس نپرس", "خواند": "بخون نخون بخوان",
        "نوشت": "بنویس ننویس",
        "فرستاد": "بفرست نفرست", "گرفت": "بگیر نگیر", "برداشت": "بردار", "بست": "ببند نبند", "خواست": "بخواه",
        "کشید": "بکش نکش", "شد": "بشو نشو",
    }.items()
    for form in forms.split()
}  # fmt: skip


@lru_cache(maxsize=1)
def _pasts() -> frozenset[str]:
    """Past stems, spoken ones among them."""
    stems: set[str] = set()
    for verb in load_lexicon().verbs:
        stems.update((verb.past, *verb.colloquial_pasts, *SPOKEN_PASTS.get(verb.past, ())))
    return frozenset(stem for stem in stems if len(stem) > 1)


def bare_verb(form: str) -> str | None:
    """The key of the verb whose bare past stem or participle `form` is, negated or not, else None."""
    if form in _IMPERATIVES:
        return _IMPERATIVES[form]
    for rest, _ in _without_negation(form):
        found = _BARE.get(rest) or _BARE.get(rest.removesuffix("ه"))
        if found:
            return found
    return None


@lru_cache(maxsize=50_000)
def inflection(form: str) -> tuple[str, ...]:
    """Tags of a folded, joined form that the analyzer reads as a verb; sorted, without repetition.

    Returns:
        Of `past`, `pres` (indicative), `subj` (subjunctive and imperative), `perf`, `inf`; `dur` for می;
        `neg`; the person `1`, `2`, `3` and the number `sg`, `pl`. None where the form is not understood.
    """
    if form in _IMPERATIVES and form != "بده":  # also "he may give", the more usual
        return _sorted({"2", "sg", "subj"} | ({"neg"} if form.startswith("ن") else set()))
    durative = _PREFIX.fullmatch(form)
    if durative and form not in _pasts():
        tags = {"dur"} | ({"neg"} if durative["durative"].startswith("ن") else set())
        return _sorted(tags | _durative((durative["preverb"] or "") + durative["rest"], durative["rest"]))
    for rest, negative in _without_negation(form):
        tags = _past(rest)
        if tags:
            return _sorted(tags | ({"neg"} if negative else set()))
    return _sorted(_subjunctive(form))


def _sorted(tags: set[str]) -> tuple[str, ...]:
    return tuple(sorted(tags))


def _without_negation(form: str) -> list[tuple[str, bool]]:
    """The form itself, then without a negating ن and the glide after it."""
    rests = [(form, False)]
    match = re.fullmatch("(?P<preverb>بر|در|باز|وا|ور)?ن(?P<rest>.{2,})", form)
    if match:
        preverb, rest = match["preverb"] or "", match["rest"]
        rests.append((preverb + rest, True))
        if rest.startswith("ی"):
            rests += [(preverb + rest[1:], True), (preverb + "ا" + rest[1:], True)]
    return rests


def _past(form: str) -> set[str]:
    """Simple past, perfect or infinitive of a known past stem."""
    pasts = _pasts()
    if form.endswith("ن") and form[:-1] in pasts:
        return {"inf"} if form[:-1] not in _SHORT_PLURALS else {"past", "3", "pl"}
    match = _PARTICIPLE.fullmatch(form)
    if match and match["stem"] in pasts:
        return {"perf", *_PERFECT[match["ending"]]}
    match = _stem_in_pasts(form)
    return {"past", *_PERSONS[match["ending"]]} if match else set()


#: Past stems after which ن is far more often "they" than the infinitive, in speech; none so far.
_SHORT_PLURALS: frozenset[str] = frozenset()


def _stem_in_pasts(form: str) -> re.Match[str] | None:
    """The split into past stem, ending and clitic, longest stem first."""
    pasts = _pasts()
    for cut in range(len(form), 1, -1):
        if form[:cut] in pasts:
            match = re.fullmatch(f"(?P<ending>یم|ید|ین|ند|م|ی|ن|){_CLITIC}", form[cut:])
            if match:
                return match
    return None


def _durative(with_preverb: str, rest: str) -> set[str]:
    """Present or imperfect after می."""
    for form in (with_preverb, rest):
        match = _stem_in_pasts(form)
        if match:
            return {"past", *_PERSONS[match["ending"]]}
    match = _PRESENT_ENDING.fullmatch(rest)
    return {"pres", *_PERSONS[match["ending"]]} if match else {"pres"}


def _subjunctive(form: str) -> set[str]:
    """Present forms without می: subjunctive, imperative, and دارد and است."""
    tags = {"subj"}
    if form[:1] == "ن":
        tags.add("neg")
    if form in ("دارم", "دارد", "داره", "داریم", "دارید", "دارین", "دارند", "دارن", "داری"):
        tags = {"pres"}
    elif re.fullmatch("ندار(?:م|د|ه|یم|ید|ین|ند|ن|ی)", form):
        tags = {"pres", "neg"}
    match = _PRESENT_ENDING.fullmatch(form)
    tags.update(_PERSONS[match["ending"]] if match else ("2", "sg"))
    return tags
