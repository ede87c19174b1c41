"""Derive `english.json.gz` from symspellpy's frequency list (see NOTICE.md).

    pip download --no-deps symspellpy==6.10.1
    python -m search.repair.build_english symspellpy-*.whl

The same wheel always gives the same bytes.
"""

import argparse
import gzip
import json
import math
import sys
import zipfile
from pathlib import Path

from search.repair.letters import LONGEST, is_latin
from search.repair.lexis import CLASS_BASE, ENGLISH_DATA

_LIST = "symspellpy/frequency_dictionary_en_82_765.txt"
#: The tail is archaic, and half of it reads as Persian.
_WORDS = 45_000
#: Counts are of a corpus of 10^12 words; the classes are brought to the scale of the Persian lexicon.
_SCALE = 1024


def build(wheel: zipfile.ZipFile) -> dict[str, str]:
    """The list as the JSON value that `lexis.english_words` reads."""
    rows = [line.split() for line in wheel.read(_LIST).decode("utf-8-sig").splitlines() if line.strip()]
    ranked = sorted(((int(count), word) for word, count in rows), reverse=True)
    kept = [(word, count) for count, word in ranked if is_latin(word) and len(word) <= LONGEST]
    chosen = sorted(kept[:_WORDS])
    return {
        "words": " ".join(word for word, _ in chosen),
        "classes": "".join(chr(CLASS_BASE + round(2 * math.log2(max(1, c // _SCALE)))) for _, c in chosen),
    }


def main() -> None:
    """Write the list beside this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("symspellpy", type=Path, help="the symspellpy 6.10.1 wheel")
    with zipfile.ZipFile(parser.parse_args().symspellpy) as wheel:
        value = build(wheel)
    data = gzip.compress(json.dumps(value).encode(), compresslevel=9, mtime=0)
    ENGLISH_DATA.write_bytes(data)
    sys.stdout.write(f"{ENGLISH_DATA.name}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
