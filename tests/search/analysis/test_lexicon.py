"""The shipped lexicon, and the script that derives it."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from search.analysis import lexicon
from search.analysis.build_lexicon import build
from search.analysis.lexicon import load_lexicon


def test_the_shipped_lexicon_is_compact_and_consistent() -> None:
    words = load_lexicon()
    assert lexicon.DATA.stat().st_size < 2_000_000
    assert len(words.frequency) > 80_000
    assert words.lemmas <= set(words.frequency)
    assert words.plurals <= words.lemmas
    assert all("".join(pieces) == joined for joined, pieces in words.compounds.items())
    assert all("\u200c" not in word and " " not in word for word in words.frequency)


def test_notices_of_both_sources_travel_with_it() -> None:
    notice = lexicon.DATA.with_name("NOTICE.md").read_text(encoding="utf-8")
    assert "Alireza Nourian" in notice
    assert "Ahmad Amirivojdan" in notice
    assert notice.count("WITHOUT WARRANTY OF ANY KIND") == 2


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"format": 0}).encode()))
    with pytest.raises(ValueError, match="format 0"):
        lexicon._read(path)


def wheel(path: Path, files: dict[str, str]) -> zipfile.ZipFile:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return zipfile.ZipFile(path)


def test_the_script_folds_counts_and_splits(tmp_path: Path) -> None:
    hazm = wheel(
        tmp_path / "hazm.whl",
        {
            "hazm/data/words.dat": "كتاب\t7\tN\nنرم‌افزار\t1\tN\nکتاب‌ها\t1\t0\nاطلاعات\t3\tN,PL\n",
            "hazm/data/verbs.dat": "رفت#رو\nبوز#بوز\n",
            "hazm/data/iverbs.dat": "رفت#رو ر 0\n",
            "hazm/data/iwords.dat": "خونه خانه\nتو در\n",
        },
    )
    shekar = wheel(
        tmp_path / "shekar.whl",
        {
            "shekar/data/files/vocab.csv": "کتاب,4096\nنادر,12\n",
            "shekar/data/files/verbs.csv": "رو,رفت,ر,رفت\n",
            "shekar/data/files/compound_words.csv": "پیش‌فرض\n",
            "shekar/data/files/informal_words.csv": "نون,نان\n",
        },
    )
    with hazm, shekar:
        value = build(hazm, shekar)
    assert value["words"] == "اطلاعات نرمافزار کتاب"
    assert value["flags"] == "311"
    assert value["classes"] == "00H"  # 2 * log2(4096) = 24, and chr(48 + 24) is H
    assert value["compounds"] == "نرم_افزار پیش_فرض"
    assert value["verbs"] == [["رفت", ["رو"], ["ر"], []]]
    assert value["informal"] == {"خونه": "خانه", "نون": "نان"}
