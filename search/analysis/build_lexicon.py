"""Derive `lexicon.json.gz` from the data files of hazm and shekar (both MIT; see NOTICE.md).

    pip download --no-deps hazm==0.10.0 shekar==1.7.0
    python -m search.analysis.build_lexicon hazm-*.whl shekar-*.whl

The same two wheels always give the same bytes.
"""

import argparse
import csv
import gzip
import io
import json
import math
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from search.analysis.fold import ZWNJ, fold_text
from search.analysis.lexicon import DATA, FREQUENCY_BASE, LEXICON_FORMAT

_PERSIAN = re.compile("[ا-ی]{2,30}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Last pieces that are inflection, not half of a compound.
_INFLECTION = _words(
    "ها های هایی هایش هایم ی ای ام ات اش ایم اید اند است تر ترین تری مان تان شان یی ه ا م ت ش"
)
_NOMINAL = _words("N AJ ADV NUM PL PRO DET CONJ P POSTP INT CL PR")
#: Living verbs of hazm's table that shekar's lacks; the rest of that table is archaic or made of nouns.
_MORE_VERBS = _words(
    """
    مرد نامید گمارد گماشت پسندید گسترد گستراند شکاند تکاند انجامید ارزید دوشید فزود پوشانید واکاوید وارسید
    سپارد ویراست گنجانید چرخانید رسانید
    """
)
#: Entries of the spoken-word lists that are ordinary words of their own.
_NOT_SPOKEN = _words(
    """
    تو توی خان بوم دون کا صب جزو مش مشد اوس قایل والا خوب چی کمون دهن رو مثه نگه اخر حیون مشتی مشدی مرتیکه
    ابرام وخ
    """
)
#: Counts below this in shekar's list are mostly noise and misspellings.
_MIN_COUNT = 1000


def _lines(wheel: zipfile.ZipFile, ending: str) -> Iterator[str]:
    name = next(name for name in wheel.namelist() if name.endswith(ending))
    with wheel.open(name) as file:
        for line in io.TextIOWrapper(file, "utf-8"):
            if line.strip():
                yield line.rstrip("\r\n")


def _rows(wheel: zipfile.ZipFile, ending: str) -> Iterable[list[str]]:
    return csv.reader(_lines(wheel, ending))


def _joined(word: str) -> str:
    return fold_text(word).replace(ZWNJ, "").strip()


def _pieces(word: str) -> tuple[str, ...]:
    return tuple(piece for piece in re.split(f"[{ZWNJ} ]+", fold_text(word)) if piece)


def _counts(shekar: zipfile.ZipFile) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in _rows(shekar, "files/vocab.csv"):
        word = _joined(row[0])
        if len(row) == 2 and row[1].isdigit() and _PERSIAN.fullmatch(word):
            counts[word] = counts.get(word, 0) + int(row[1])
    return {word: count for word, count in counts.items() if count >= _MIN_COUNT}


def _dictionary(hazm: zipfile.ZipFile) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Pieces and parts of speech of hazm's entries that have a part of speech or are compounds."""
    for line in _lines(hazm, "data/words.dat"):
        word, _, tags = [*line.split("\t"), "", ""][:3]
        pieces = _pieces(word)
        parts = frozenset(tags.split(",")) & _NOMINAL
        if pieces and all(_PERSIAN.fullmatch(p) or p in "واآ" for p in pieces):
            yield pieces, parts


def _is_compound(pieces: tuple[str, ...]) -> bool:
    return (
        2 <= len(pieces) <= 3
        and pieces[-1] not in _INFLECTION
        and pieces[0] not in ("می", "نمی")
        and all(len(p) >= 2 or p == "و" for p in pieces)
    )


def _verbs(hazm: zipfile.ZipFile, shekar: zipfile.ZipFile, counts: dict[str, int]) -> list[list[object]]:
    presents: dict[str, list[str]] = {}
    spoken: dict[str, list[str]] = {}
    spoken_pasts: dict[str, list[str]] = {}

    def add(table: dict[str, list[str]], past: str, stem: str) -> None:
        if stem and stem not in table.setdefault(past, []):
            table[past].append(stem)

    pairs: list[tuple[str, str]] = []
    for row in _rows(shekar, "files/verbs.csv"):
        present, past, spoken_present, spoken_past = (*map(_joined, row), "", "", "")[:4]
        pairs.append((past, present))
        add(spoken, past, spoken_present)
        if spoken_past != past:
            add(spoken_pasts, past, spoken_past)
    living = _MORE_VERBS.union(past for past, _ in pairs)
    for line in _lines(hazm, "data/verbs.dat"):
        past, present = map(fold_text, line.split("#"))
        if past in living:
            pairs.append((past, present))
    for past, present in pairs:
        for stem in fold_text(present).split(" یا "):
            if past and " " not in stem:
                add(presents, _joined(past), _joined(stem))
    for line in _lines(hazm, "data/iverbs.dat"):
        pair, stem, _ = line.split(" ")
        past = _joined(pair.split("#")[0])
        if past in presents:
            add(spoken, past, _joined(stem))
    # Where two verbs share a present stem, the one whose infinitive is more frequent has it.
    ranked = sorted(presents, key=lambda past: (-counts.get(past + "ن", 0), past))
    return [[p, presents[p], spoken.get(p, []), spoken_pasts.get(p, [])] for p in ranked]


def _informal(hazm: zipfile.ZipFile, shekar: zipfile.ZipFile) -> dict[str, str]:
    pairs = [line.split(" ", 1) for line in _lines(hazm, "data/iwords.dat")]
    pairs += [row[:2] for row in _rows(shekar, "files/informal_words.csv")]
    informal: dict[str, str] = {}
    for spoken, written in ((fold_text(p[0]), fold_text(p[1])) for p in pairs if len(p) == 2):
        key, value = spoken.replace(ZWNJ, ""), written.replace(ZWNJ, "")
        if key != value and " " not in key + value and len(key) > 1 and key not in _NOT_SPOKEN:
            informal.setdefault(key, value)
    return dict(sorted(informal.items()))


def build(hazm: zipfile.ZipFile, shekar: zipfile.ZipFile) -> dict[str, object]:
    """The lexicon as the JSON value that `lexicon.load_lexicon` reads."""
    counts = _counts(shekar)
    flags: dict[str, int] = dict.fromkeys(counts, 0)
    compounds: set[tuple[str, ...]] = set()
    for pieces, parts in _dictionary(hazm):
        word = "".join(pieces)
        if parts:
            flags[word] = flags.get(word, 0) | 1 | (2 if "PL" in parts else 0)
        if _is_compound(pieces):
            compounds.add(pieces)
    for row in [*_rows(shekar, "files/compound_words.csv"), *_rows(shekar, "files/vocab.csv")]:
        pieces = _pieces(row[0])
        if _is_compound(pieces) and all(_PERSIAN.fullmatch(p) or p == "و" for p in pieces):
            compounds.add(pieces)
    words = sorted(word for word in flags if _PERSIAN.fullmatch(word))
    return {
        "format": LEXICON_FORMAT,
        "words": " ".join(words),
        "classes": "".join(
            chr(FREQUENCY_BASE + (round(2 * math.log2(counts[w])) if w in counts else 0)) for w in words
        ),
        "flags": "".join(str(flags[word]) for word in words),
        "compounds": " ".join(sorted("_".join(pieces) for pieces in compounds)),
        "verbs": _verbs(hazm, shekar, counts),
        "informal": _informal(hazm, shekar),
    }


def main() -> None:
    """Write the lexicon beside this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hazm", type=Path, help="the hazm 0.10.0 wheel")
    parser.add_argument("shekar", type=Path, help="the shekar 1.7.0 wheel")
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.hazm) as hazm, zipfile.ZipFile(arguments.shekar) as shekar:
        value = build(hazm, shekar)
    data = gzip.compress(json.dumps(value, ensure_ascii=False).encode(), compresslevel=9, mtime=0)
    DATA.write_bytes(data)
    sys.stdout.write(f"{DATA.name}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
