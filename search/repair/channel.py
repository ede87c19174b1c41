"""How Persian letters are typed in Latin ones: a channel model, read for all candidates of a word at once.

Costs are rough negative logarithms of how rare a habit is; they state what writers do (kh or x for خ, no
letter at all for most short vowels) and were set by hand, not fitted to a corpus.
"""

import numpy as np
from numpy.typing import NDArray

from search.repair.letters import LATIN, code_of

#: The cost of what cannot be.
NEVER = np.float32(50.0)
#: Letters that are read otherwise in one place have a code of their own there.
_FIRST_ALEF, _LAST_HEH, _MUTE_VAV, _LAST_YEH, _LAST_ALEF = 1, 2, 3, 4, 5


def _costs(text: str) -> dict[str, float]:
    return {latin: float(cost) for latin, cost in (pair.split("=") for pair in text.split())}


#: What each Persian letter is typed as; "" is nothing at all.
_TYPED: dict[str, dict[str, float]] = {
    "ا": _costs("a=.1 aa=.1 â=.1 o=1 oo=1 u=1.1 ou=1 e=1.5 =2.2"),
    "ب": _costs("b=0"),
    "پ": _costs("p=0"),
    "ت": _costs("t=.1 th=1"),
    "ث": _costs("s=.2"),
    "ج": _costs("j=0 g=2 dj=.3"),
    "چ": _costs("ch=0 c=.6 tch=.3"),
    "ح": _costs("h=.15"),
    "خ": _costs("kh=0 x=.2 k=1.8 h=2"),
    "د": _costs("d=0 t=2.5"),
    "ذ": _costs("z=.2"),
    "ر": _costs("r=0"),
    "ز": _costs("z=.1"),
    "ژ": _costs("zh=0 j=.5 z=1.5"),
    "س": _costs("s=.1 c=1.5"),
    "ش": _costs("sh=0 s=1.8 ch=1.8"),
    "ص": _costs("s=.15"),
    "ض": _costs("z=.2"),
    "ط": _costs("t=.15"),
    "ظ": _costs("z=.2"),
    "ع": _costs("=.5 a=.4 e=.6 o=.8 aa=.6 i=1.5"),
    "غ": _costs("gh=.1 q=.3 g=1.2"),
    "ف": _costs("f=0 ph=.5"),
    "ق": _costs("gh=.1 q=.1 g=1.2 k=2"),
    "ک": _costs("k=0 c=.7 ck=.3 q=2"),
    "گ": _costs("g=0 gh=2"),
    "ل": _costs("l=0"),
    "م": _costs("m=0"),
    "ن": _costs("n=0 m=1"),
    "و": _costs("v=.1 w=.2 o=.3 u=.2 oo=.1 ou=.2 ow=.3 au=.6 =1.6"),
    "ه": _costs("h=.1 e=1.5 =2"),
    "ی": _costs("i=.1 y=.1 ee=.1 ie=.4 ei=.3 ey=.3 iy=.2 yi=.3 e=1 ye=.6 ay=.6 ai=.4 =1.8"),
}
_TYPED_THERE: dict[int, dict[str, float]] = {
    _FIRST_ALEF: _costs("a=.1 e=.2 o=.2 aa=.1 â=.1 =.4 i=.8 u=.8 oo=.8"),
    _LAST_HEH: _costs("e=.1 eh=.1 a=.4 ah=.3 h=.4 =1.6"),
    _LAST_ALEF: _costs("a=.1 aa=.1 â=.1 o=1.5 an=.5 =2.5"),  # an is tanvin: دقیقا
    _MUTE_VAV: _costs("=-.05 v=.6 w=.6 o=.6"),
    _LAST_YEH: _costs(
        "i=.1 y=.2 ee=.1 ie=.3 ye=.3 ey=.3 ei=.4 ii=.2 yi=.2 e=.8 ay=.6 ai=.4 yeh=.4 iye=.3 =2"
    ),
}
#: Latin letters that stand for no letter: short vowels, the ezafe, an apostrophe for ع or a pause.
_UNWRITTEN = {"a": 0.25, "e": 0.2, "o": 0.35, "i": 1.1, "u": 0.9, "'": 0.0, "â": 1.5, "y": 1.3, "h": 1.6}
_UNWRITTEN_LAST = {"e": 0.65, "ye": 0.6, "yeh": 0.8, "eh": 0.9}
#: The second letter of aa, ee, oo or ou: long vowels are seldom left out.
_LONG_UNWRITTEN = 1.2
#: A consonant typed twice for one.
_DOUBLED = 0.15

#: letter groups for buckets: vowels, ه, ح and ع are typed in too many ways to count
_SOUNDS = ("ب", "پ", "تط", "ثسص", "جژ", "چ", "خ", "د", "ذزضظ", "ر", "ش", "غق", "ف", "ک", "گ", "ل", "م", "ن")
_SOUND_OF = {letter: place for place, group in enumerate(_SOUNDS, start=1) for letter in group}
#: What Latin consonants may be, likeliest first; longer spellings first.
_READ: dict[str, tuple[str, ...]] = {
    "tch": ("چ",),
    "kh": ("خ", "ک"),
    "sh": ("ش", "س"),
    "ch": ("چ", "ش"),
    "zh": ("ژ", "ز"),
    "gh": ("ق", "گ"),
    "dj": ("ج", "دج"),
    "ph": ("ف", "پ"),
    "ck": ("ک",),
    "mb": ("نب", "مب"),
    "x": ("خ", "کس"),
    "c": ("ک", "چ", "س"),
    "q": ("ق", "ک"),
    "g": ("گ", "ق"),
    "j": ("ج",),
    **{latin: (persian,) for latin, persian in zip("bptsdzrfklmn", "بپتسدزرفکلمن", strict=True)},
}
_MOST_KEYS = 8
_KEY_BITS = 5
#: As many sounds as a 64-bit key holds; the rest of a longer word is not looked at.
_KEY_SOUNDS = 12


def _emission_table() -> dict[str, NDArray[np.float32]]:
    table: dict[str, NDArray[np.float32]] = {}
    by_code = {code_of(letter): costs for letter, costs in _TYPED.items()} | _TYPED_THERE
    for code, costs in by_code.items():
        for latin, cost in costs.items():
            table.setdefault(latin, np.full(256, NEVER, np.float32))[code] = cost
    return table


_EMISSION = _emission_table()
_LONGEST_SPELLING = max(map(len, _EMISSION))
_SOUND_OF_CODE = np.zeros(256, np.uint64)
for _letter, _sound in _SOUND_OF.items():
    _SOUND_OF_CODE[code_of(_letter)] = _sound
_ALEF, _HEH, _VAV, _KHEH, _YEH = (code_of(letter) for letter in "اهوخی")


def sound_keys(letters: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The consonants of each word ([n, L] codes) as one number; words without any are 0."""
    keys = np.zeros(len(letters), np.uint64)
    last = np.zeros(len(letters), np.uint64)
    sounds = np.zeros(len(letters), np.uint8)
    for column in letters.T:
        sound = _SOUND_OF_CODE[column]
        new = (sound > 0) & (sound != last) & (sounds < _KEY_SOUNDS)
        keys = np.where(new, (keys << np.uint64(_KEY_BITS)) | sound, keys)
        # Two of one consonant with nothing between are one sound; a vowel between makes them two, but
        # Latin spelling does not tell, so they are one here as well.
        last = np.where(sound > 0, sound, last)
        sounds += new
    return keys


def keys_of(typed: str) -> list[int]:
    """Keys under which the words that `typed` may stand for are found, likeliest first."""
    readings: list[str] = [""]
    at = 0
    while at < len(typed):
        size = next((size for size in (3, 2, 1) if typed[at : at + size] in _READ), 0)
        if size:
            options = _READ[typed[at : at + size]]
            readings = [reading + option for option in options for reading in readings][:_MOST_KEYS]
        at += size or 1
    if typed.endswith("an"):  # may be tanvin, which is written with alef alone
        readings += [reading[:-1] for reading in readings[:2]]
    return list(dict.fromkeys(_key(reading) for reading in readings))


def _key(reading: str) -> int:
    key, last, sounds = 0, 0, 0
    for letter in reading:
        sound = _SOUND_OF[letter]
        if sound != last and sounds < _KEY_SOUNDS:
            key, sounds = key << _KEY_BITS | sound, sounds + 1
        last = sound
    return key


def costs_of(typed: str, letters: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What it costs to have typed each word as `typed`.

    Args:
        typed: folded Latin letters and apostrophes.
        letters: [n, L] codes of Persian words.
    Returns:
        [n] float32; `NEVER` or more for what cannot be.
    Source:
        The cheapest path through a pair of strings, as in weighted edit distance (Wagner and Fischer, 1974).
    """
    lengths = np.count_nonzero(letters, axis=1)
    width = int(lengths.max(initial=1))
    codes = _in_place(letters[:, :width], lengths)
    total = len(typed)
    rows: list[NDArray[np.float32]] = []
    silent = _EMISSION[""][codes]
    for at in range(total + 1):
        row = np.full((len(codes), width + 1), NEVER, np.float32)
        if at == 0:
            row[:, 0] = 0.0
        else:
            skipped = _unwritten(typed, at)
            for size, cost in skipped:
                np.minimum(row, rows[at - size] + cost, out=row)
            for size in range(1, min(at, _LONGEST_SPELLING) + 1):
                emission = _EMISSION.get(typed[at - size : at])
                if emission is not None:
                    step = rows[at - size][:, :-1] + emission[codes]
                    np.minimum(row[:, 1:], step, out=row[:, 1:])
        for _ in range(2):  # at most two letters in a row are silent
            np.minimum(row[:, 1:], row[:, :-1] + silent, out=row[:, 1:])
        rows.append(row)
    found: NDArray[np.float32] = rows[total][np.arange(len(codes)), lengths]
    return found


def _unwritten(typed: str, at: int) -> list[tuple[int, float]]:
    """Ways in which the letters that end at `at` stand for nothing: how many, and the cost."""
    ways = []
    letter = typed[at - 1]
    if letter in _UNWRITTEN:
        long = letter in "aeou" and at > 1 and typed[at - 2] in ("o" + letter)
        ways.append((1, _LONG_UNWRITTEN if long else _UNWRITTEN[letter]))
    if at > 1 and letter == typed[at - 2] and letter not in "aeiou'":
        ways.append((1, _DOUBLED))
    if at == len(typed):
        ways += [
            (len(ending), cost)
            for ending, cost in _UNWRITTEN_LAST.items()
            if typed.endswith(ending) and at > len(ending)
        ]
    return ways


def _in_place(letters: NDArray[np.uint8], lengths: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Codes with the special ones where a letter is read otherwise."""
    codes = letters.copy()
    mute = (letters[:, 1:-1] == _VAV) & (letters[:, :-2] == _KHEH) & (letters[:, 2:] == _ALEF)
    codes[:, 1:-1][mute] = _MUTE_VAV
    codes[:, 0][letters[:, 0] == _ALEF] = _FIRST_ALEF
    rows = np.arange(len(codes))
    last = np.maximum(lengths - 1, 0)
    ends = letters[rows, last]
    long = lengths > 1
    for letter, there in ((_HEH, _LAST_HEH), (_YEH, _LAST_YEH), (_ALEF, _LAST_ALEF)):
        chosen = long & (ends == letter)
        codes[rows[chosen], last[chosen]] = there
    return codes


def is_typed(text: str) -> bool:
    """Whether `text` has nothing but what the model can read."""
    return bool(text) and all(letter in LATIN or letter in "'â" for letter in text)
