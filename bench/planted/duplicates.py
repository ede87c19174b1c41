"""Pairs of texts that are near-duplicates, and pairs that only look like it; seeded, in two halves.

From public question sets come what people wrote twice (a typo and its correction, spoken and written
Persian), and hard negatives: the nearest question of another intent, the same question about another place,
another question about the same place. Questions of one intent are paraphrases, not duplicates: an article
for each may be right, so they are in neither class. Edits of those texts and of the demo's make the rest.
"""

import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.dataset import read_rows, spread
from bench.planted.conflicts import HALVES, Half
from bench.planted.demo import Article, demo_articles
from bench.planted.edits import EDITS
from search.analysis.analyzer import Analyzer
from search.analysis.sparse import gram_vector

#: at most so many pairs of one kind
PER_KIND = 150


@dataclass(frozen=True, slots=True)
class Text:
    """One side of a pair."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, how they were paired, and whether they are near-duplicates."""

    kind: str
    one: Text
    two: Text
    is_duplicate: bool


def make_pairs(directory: Path | None, half: Half, *, seed: int = 0) -> list[Pair]:
    """The pairs of one half; of the demo alone without a directory of public sets.

    Raises:
        BrokenDataset: a file of a set is not what it should be.
    """
    chance = random.Random(f"{seed} {half}")  # noqa: S311 - reproducible, not secret
    pairs = list(_of_demo(chance))
    if directory is not None:
        pairs += _of_sets(directory, chance)
    mine = [pair for pair in pairs if HALVES[_half(pair)] == half]
    by_kind: dict[str, list[Pair]] = {}
    for pair in mine:
        by_kind.setdefault(pair.kind, []).append(pair)
    return [pair for kind in sorted(by_kind) for pair in spread(by_kind[kind], PER_KIND)]


def _half(pair: Pair) -> int:
    return zlib.crc32(pair.one.id.encode()) % 2


def _of_sets(directory: Path, chance: random.Random) -> Iterator[Pair]:
    for name in ("perspell_dev", "shekasteh_dev"):
        if (directory / name / "pairs.jsonl").exists():
            yield from _written_twice(name, list(read_rows(directory / name / "pairs.jsonl")))
    if (directory / "banking77").exists():
        yield from _intents(directory / "banking77", chance)
    if (directory / "dstc10_faq").exists():
        yield from _places(directory / "dstc10_faq", chance)
    for name in ("vue_fa_sections", "polar_docs"):
        if (directory / name).exists():
            yield from _pages(directory / name, chance)


def _written_twice(name: str, rows: Sequence[dict[str, str]]) -> Iterator[Pair]:
    """Both spellings of a sentence; and a sentence with the most similar other one."""
    for row in rows:
        one = Text(row["id"], "", row["noisy"])
        yield Pair(f"{name}: written twice", one, Text(row["id"], "", row["standard"]), True)
    texts = [Text(row["id"], "", row["standard"]) for row in rows]
    for one, two in _nearest(texts, lambda a, b: a.id != b.id and a.text != b.text):
        yield Pair(f"{name}: nearest other", one, two, False)


def _intents(folder: Path, chance: random.Random) -> Iterator[Pair]:
    """Edited questions; and the nearest question of another intent."""
    relevant = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, intent, _ = line.split("\t")
        relevant[query] = intent
    texts = [Text(row["id"], "", row["text"]) for row in read_rows(folder / "queries.jsonl")]
    texts = texts[::3]
    yield from _edited("banking77", texts, chance, ("respelt", "mistyped", "informal", "reworded"))
    for one, two in _nearest(texts, lambda a, b: relevant.get(a.id) != relevant.get(b.id)):
        yield Pair("banking77: nearest of another intent", one, two, False)


def _places(folder: Path, chance: random.Random) -> Iterator[Pair]:
    """Questions about a place: edited, of another place, and another one of the same place."""
    rows = list(read_rows(folder / "corpus.jsonl"))
    by_place: dict[str, list[Text]] = {}
    by_question: dict[str, list[Text]] = {}
    for row in rows:
        place, _, question = row["title"].partition(": ")
        text = Text(row["id"], row["title"], row["text"])
        by_place.setdefault(place, []).append(text)
        by_question.setdefault(question, []).append(text)
    texts = [Text(row["id"], row["title"], row["text"]) for row in rows[::40]]
    yield from _edited("dstc10", texts, chance, ("respelt", "mistyped", "informal", "lengthened"))
    for place, members in by_place.items():
        if len(members) > 1:
            one, two = chance.sample(members, 2)
            if one.title != two.title and place:
                yield Pair("dstc10: another question, same place", one, two, False)
    for members in by_question.values():
        if len(members) > 1:
            one, two = chance.sample(members, 2)
            if one.title != two.title:
                yield Pair("dstc10: same question, another place", one, two, False)


def _pages(folder: Path, chance: random.Random) -> Iterator[Pair]:
    rows = [row for row in read_rows(folder / "corpus.jsonl") if 200 < len(row["text"]) < 6000]
    texts = [Text(row["id"], row["title"], row["text"]) for row in rows[:300]]
    ways = ("respelt", "mistyped", "reordered", "reworded", "lengthened", "shortened")
    yield from _edited(folder.name, texts, chance, ways)
    for one, two in _nearest(texts, lambda a, b: a.id != b.id and a.text != b.text):
        yield Pair(f"{folder.name}: nearest other", one, two, False)


def _edited(name: str, texts: Sequence[Text], chance: random.Random, ways: Sequence[str]) -> Iterator[Pair]:
    for number, text in enumerate(texts):
        way = ways[number % len(ways)]
        body = EDITS[way](text.text, chance)
        title = (
            EDITS[way](text.title, chance) if way in ("respelt", "informal") and text.title else text.title
        )
        if (body, title) != (text.text, text.title):
            yield Pair(f"{name}: {way}", text, Text(text.id, title, body), True)


def _nearest(texts: Sequence[Text], differ: Callable[[Text, Text], bool]) -> Iterator[tuple[Text, Text]]:
    """Each text with the other one that shares most 3-grams, where `differ` accepts it."""
    analyzer = Analyzer()
    joined = [analyzer.joined_text(f"{text.title} {text.text}") for text in texts]
    dense = np.zeros((len(texts), 4096), np.float32)
    for row, text in enumerate(joined):
        vector = gram_vector(text)
        np.add.at(dense[row], vector.indices % 4096, vector.values)
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)
    likeness = dense @ dense.T
    for row, one in enumerate(texts):
        for other in np.argsort(-likeness[row])[:8]:
            if other != row and joined[other] != joined[row] and differ(one, texts[other]):
                yield one, texts[other]
                break


def _of_demo(chance: random.Random) -> Iterator[Pair]:
    """Articles and their issue lines, edited; articles of one product, and issue lines of two articles."""
    articles = demo_articles()
    texts = [Text(a.name, a.data["title"], a.text) for a in articles]
    every = ("respelt", "mistyped", "informal", "reordered", "reworded", "lengthened", "shortened")
    for way in every:
        yield from _edited("demo articles", texts, chance, (way,))
    lines = [
        Text(f"{a.name}:{n}", "", line) for a in articles for n, line in enumerate(a.data.get("issue", ()))
    ]
    yield from _edited("demo questions", lines, chance, ("respelt", "mistyped", "informal", "reworded"))
    for one, two in _siblings(articles):
        first, second = (
            Text(one.name, one.data["title"], one.text),
            Text(two.name, two.data["title"], two.text),
        )
        yield Pair("demo articles: of one product", first, second, False)
    for first, second in _nearest(
        lines, lambda a, b: a.id.split(":")[0].removesuffix("-en") != b.id.split(":")[0]
    ):
        yield Pair("demo questions: nearest of another article", first, second, False)
    for first in texts:
        second = Text(first.id, _other_thing(first.title), _other_thing(first.text))
        if second.text.count("\x00") == 0 and second.text != first.text and second.title != first.title:
            yield Pair("demo articles: about another thing", first, second, False)


#: what a near-twin is about instead; titles that have one of these give such a twin
_OTHER_THINGS = {
    "کارت هدیه": "اشتراک ماهانه",
    "مرجوعی": "تعمیر",
    "مرجوع": "تعمیر",
    "ارسال فوری": "ارسال بین‌المللی",
    "کیف پول": "حساب بانکی",
    "شمارهٔ موبایل": "نشانی ایمیل",
    "قسطینه": "اعتبارینه",
    "گارانتی": "بیمه",
    "فاکتور": "پیش‌فاکتور",
    "gift card": "train ticket",
    "refund": "insurance claim",
    "return": "repair",
    "delivery": "installation",
    "mobile number": "postal address",
    "pickup point": "parcel locker",
}


def _other_thing(text: str) -> str:
    for thing, other in _OTHER_THINGS.items():
        text = text.replace(thing, other)
        text = text.replace(thing.capitalize(), other.capitalize())
    return text


def _siblings(articles: Sequence[Article]) -> Iterable[tuple[Article, Article]]:
    for at, one in enumerate(articles):
        for two in articles[at + 1 :]:
            same = all(one.data.get(key) == two.data.get(key) for key in ("language", "product"))
            if same:
                yield one, two
