"""Forms of the English verbs that notes about support work use."""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from codify.elicitation.wordlists import LONG_DOUBLED

DATA = Path(__file__).with_name("data") / "english_verbs.txt"

_DOUBLED = re.compile("[^aeiou][aeiou][bdgklmnprt]")
#: Forms of auxiliaries, contractions as they read without their apostrophe: the verb and its tags.
_AUXILIARIES = {
    "am": ("be", ("base",)),
    "are": ("be", ("base",)),
    "is": ("be", ("3rd",)),
    "was": ("be", ("past",)),
    "were": ("be", ("past",)),
    "been": ("be", ("part",)),
    "being": ("be", ("ing",)),
    "do": ("do", ("base",)),
    "does": ("do", ("3rd",)),
    "did": ("do", ("past",)),
    "done": ("do", ("part",)),
    "doing": ("do", ("ing",)),
    "have": ("have", ("base",)),
    "has": ("have", ("3rd",)),
    "had": ("have", ("past", "part")),
    "having": ("have", ("ing",)),
    "dont": ("do", ("base", "neg")),
    "doesnt": ("do", ("3rd", "neg")),
    "didnt": ("do", ("past", "neg")),
    "isnt": ("be", ("3rd", "neg")),
    "arent": ("be", ("base", "neg")),
    "wasnt": ("be", ("past", "neg")),
    "werent": ("be", ("past", "neg")),
    "hasnt": ("have", ("3rd", "neg")),
    "havent": ("have", ("base", "neg")),
    "hadnt": ("have", ("past", "neg")),
}


@lru_cache(maxsize=1)
def english_forms() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every form as it is written without apostrophes: its base, its tags.

    Tags are of `base`, `3rd`, `past`, `part` (participle), `ing`, `neg`; a form that is several has them all.
    """
    tags: dict[str, set[str]] = defaultdict(set)
    bases: dict[str, str] = {}

    def note(form: str, base: str, *found: str) -> None:
        bases.setdefault(form, base)
        if bases[form] == base:
            tags[form].update(found)

    irregular, regular = _read()
    for base, past, participle in irregular:
        note(past, base, "past")
        note(participle, base, "part")
    known = {base for base, _, _ in irregular}
    for base in [*known, *regular]:
        note(base, base, "base")
        note(_with_s(base), base, "3rd")
        note(_stem(base, "ing") + "ing", base, "ing")
        if base not in known:
            note(_stem(base, "ed") + "ed", base, "past", "part")
    bases |= {form: base for form, (base, _) in _AUXILIARIES.items()}
    tags |= {form: set(found) for form, (_, found) in _AUXILIARIES.items()}
    return {form: (base, tuple(sorted(tags[form]))) for form, base in bases.items()}


def _read() -> tuple[list[tuple[str, str, str]], list[str]]:
    irregular: list[tuple[str, str, str]] = []
    regular: list[str] = []
    part = ""
    for line in DATA.read_text("utf-8").splitlines():
        words = line.split()
        if line.startswith("#"):
            part = line
        elif "irregular" in part:
            irregular.append((words[0], words[1], words[2]))
        else:
            regular += words
    return irregular, regular


def _with_s(base: str) -> str:
    if re.search("[^aeiou]y$", base):
        return base[:-1] + "ies"
    return base + ("es" if re.search("(?:s|x|z|ch|sh|o)$", base) else "s")


def _stem(base: str, ending: str) -> str:
    """What stands before -ed or -ing."""
    if base.endswith("e") and not base.endswith("ee"):
        if ending == "ing" and base.endswith("ie"):
            return base[:-2] + "y"
        return base[:-1] if base != "be" else base
    if ending == "ed" and re.search("[^aeiou]y$", base):
        return base[:-1] + "i"
    if base in LONG_DOUBLED or (_DOUBLED.fullmatch(base[-3:]) and len(re.findall("[aeiou]+", base)) == 1):
        return base + base[-1]
    return base
