"""Pairs of texts with a planted conflict, and near-twins without one; the same for the same seed.

The finder was developed on some of the frames and half of the demo's articles; the rest is held out.
"""

import random
import re
from dataclasses import dataclass
from typing import Literal

from bench.planted.demo import Article, demo_articles
from bench.planted.edits import EDITS, respelt
from bench.planted.frame import Claim, Frame
from bench.planted.frames_en import CLAIMS as ENGLISH_CLAIMS
from bench.planted.frames_en import FRAMES as ENGLISH_FRAMES
from bench.planted.frames_fa import CLAIMS as PERSIAN_CLAIMS
from bench.planted.frames_fa import FRAMES as PERSIAN_FRAMES
from bench.planted.frames_fa_more import CLAIMS as MORE_CLAIMS
from bench.planted.frames_fa_more import FRAMES as MORE_FRAMES
from bench.planted.held_en import CLAIMS as HELD_ENGLISH_CLAIMS
from bench.planted.held_en import FRAMES as HELD_ENGLISH_FRAMES
from bench.planted.held_fa import CLAIMS as HELD_PERSIAN_CLAIMS
from bench.planted.held_fa import FRAMES as HELD_PERSIAN_FRAMES

Half = Literal["development", "held out"]
HALVES: tuple[Half, ...] = ("development", "held out")
CONFLICTS, TWINS = 100, 200
#: parts of the conflicts and of the twins that are made of articles of the demo
ARTICLE_SHARE = 0.25
_NUMBER = re.compile(r"(?<![\d٬,./:A-Za-z۰-۹-])[\d۰-۹]+(?:[٬,][\d۰-۹]{3})*(?![\d٬,./:۰-۹A-Za-z-])")
_RANGE = re.compile(r"\s*(?:تا|to|–|-|در|و|and|×)\s*[\d۰-۹]")
_RANGE_BEFORE = re.compile(r"[\d۰-۹][^\s]*\s*(?:تا|to|–|-|در|و|and|×)\s*$")
_LIST_MARK = re.compile(r"^\s*$")
_TOMAN = re.compile(r"([\d۰-۹]+(?:٬[\d۰-۹]{3})+) تومان")
_PAST = {"fa": "پیش از این {v} بود.", "en": "It used to be {v}."}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


@dataclass(frozen=True, slots=True)
class Case:
    """Two texts and what is true of them.

    Args:
        kind: how the pair was made.
        left, right: the words that conflict, as they stand in the texts; "" for near-twins.
    """

    kind: str
    language: str
    one: str
    two: str
    title: str
    other_title: str
    conflict: bool
    left: str = ""
    right: str = ""


def make_cases(half: Half, *, seed: int = 0) -> list[Case]:
    """100 conflicts and 200 near-twins of one half."""
    chance = random.Random(f"{seed} {half}")  # noqa: S311 - reproducible, not secret
    maker = _Maker(half, chance)
    articles = round(CONFLICTS * ARTICLE_SHARE)
    conflicts = [maker.article_conflict() for _ in range(articles)]
    conflicts += [maker.conflict(number) for number in range(CONFLICTS - articles)]
    articles = round(TWINS * ARTICLE_SHARE)
    twins = [maker.article_twin(number) for number in range(articles)]
    twins += [maker.twin(number) for number in range(TWINS - articles)]
    return [*conflicts, *twins]


_FRAMES: dict[Half, dict[str, tuple[Frame | Claim, ...]]] = {
    "development": {
        "fa": (*PERSIAN_FRAMES, *PERSIAN_CLAIMS, *MORE_FRAMES, *MORE_CLAIMS),
        "en": (*ENGLISH_FRAMES, *ENGLISH_CLAIMS),
    },
    "held out": {
        "fa": (*HELD_PERSIAN_FRAMES, *HELD_PERSIAN_CLAIMS),
        "en": (*HELD_ENGLISH_FRAMES, *HELD_ENGLISH_CLAIMS),
    },
}


class _Maker:
    """Makes pairs of one half."""

    def __init__(self, half: Half, chance: random.Random) -> None:
        which = HALVES.index(half)
        self._chance = chance
        self._frames = [(language, frame) for language, frames in _FRAMES[half].items() for frame in frames]
        chance.shuffle(self._frames)
        self._articles = [a for at, a in enumerate(demo_articles()) if at % 2 == which]

    def _frame(self, number: int) -> tuple[str, Frame | Claim]:
        return self._frames[number % len(self._frames)]

    def conflict(self, number: int) -> Case:
        """Two statements of one frame that cannot both be true."""
        language, frame = self._frame(number)
        if isinstance(frame, Claim):
            one, two = self._chance.choice(frame.yes), self._chance.choice(frame.no)
            if self._chance.random() < 0.5:
                one, two = two, one
            return self._around(f"{language} yes and no", language, one, two, frame, True, (one, two))
        first, second = self._chance.sample(frame.values, 2)
        same_words = self._chance.random() < 0.5
        wordings = (
            [self._chance.choice(frame.wordings)] * 2
            if same_words
            else self._chance.sample(frame.wordings, 2)
        )
        one, two = wordings[0].format(v=first), wordings[1].format(v=second)
        kind = "same words" if same_words else "other words"
        return self._around(f"{language} {kind}", language, one, two, frame, True, (first, second))

    def twin(self, number: int) -> Case:
        """Two statements that look alike and do not conflict."""
        language, frame = self._frame(number)
        if isinstance(frame, Claim):
            return self._claim_twin(language, frame)
        ways = ["equal", "equal words", "other thing", "other thing", "other thing", "past"]
        way = self._chance.choice([*ways, "overlap", "overlap"] if frame.overlapping else ways)
        first, second = self._chance.sample(frame.values, 2)
        wording = self._chance.choice(frame.wordings)
        if way == "equal":
            first, second = self._chance.choice(frame.equal)
            one, two = wording.format(v=first), self._chance.choice(frame.wordings).format(v=second)
        elif way == "equal words":
            one, two = (w.format(v=first) for w in self._chance.sample(frame.wordings, 2))
        elif way == "overlap":
            first, second = self._chance.choice(frame.overlapping)
            one, two = wording.format(v=first), wording.format(v=second)
        elif way == "past":
            one = wording.format(v=first)
            two = f"{one} {_PAST[language].format(v=second)}"
        else:
            one, two = wording.format(v=first), self._chance.choice(frame.others).format(v=second)
        return self._around(f"{language} {way}", language, one, two, frame, False)

    def _claim_twin(self, language: str, claim: Claim) -> Case:
        side = self._chance.choice((claim.yes, claim.no))
        if len(side) > 1 and self._chance.random() < 0.4:
            one, two = self._chance.sample(side, 2)
            return self._around(f"{language} equal words", language, one, two, claim, False)
        one, two = self._chance.choice(claim.no), self._chance.choice(claim.others)
        return self._around(f"{language} other thing", language, one, two, claim, False)

    def _around(
        self,
        kind: str,
        language: str,
        one: str,
        two: str,
        frame: Frame | Claim,
        conflict: bool,
        planted: tuple[str, str] = ("", ""),
    ) -> Case:
        """The statements among neighbours that both texts share, one of them sometimes respelt."""
        others = [f for lang, f in self._frames if lang == language and f.name != frame.name]
        neighbours = []
        for other in self._chance.sample(others, self._chance.choice((0, 0, 1, 2))):
            if isinstance(other, Claim):
                neighbours.append(self._chance.choice(other.yes))
            else:
                neighbours.append(
                    self._chance.choice(other.wordings).format(v=self._chance.choice(other.values))
                )
        texts = []
        for statement in (one, two):
            lines = list(neighbours)
            lines.insert(self._chance.randint(0, len(lines)), statement)
            texts.append(self._chance.choice((" ", "\n\n")).join(lines))
        if language == "fa" and self._chance.random() < 0.3:
            texts[1] = respelt(texts[1], self._chance)
        return Case(kind, language, texts[0], texts[1], "", "", conflict, *planted)

    def article_conflict(self) -> Case:
        """An article of the demo, and a copy in which one number is another."""
        while True:
            article = self._chance.choice(self._articles)
            text = article.text
            numbers = [m for m in _NUMBER.finditer(text) if _is_free(text, m)]
            if not numbers:
                continue
            chosen = self._chance.choice(numbers)
            other = _another(chosen[0], self._chance)
            copy = text[: chosen.start()] + other + text[chosen.end() :]
            language = article.data["language"]
            kind = f"{language} article"
            title = article.data["title"]
            planted = _line(text, chosen), _line(copy, chosen)
            return Case(kind, language, text, copy, title, title, True, *planted)

    def article_twin(self, number: int) -> Case:
        """An article of the demo and a copy that says the same, or another article on the same product."""
        article = self._articles[number % len(self._articles)]
        language, text = article.data["language"], article.text
        way = self._chance.choice(
            ("respelt", "reordered", "lengthened", "shortened", "informal", "rials", "sibling")
        )
        if way == "rials" and _TOMAN.search(text):
            copy = _TOMAN.sub(_in_rials, text)
        elif way == "sibling":
            sibling = self._sibling(article)
            titles = article.data["title"], sibling.data["title"]
            return Case(f"{language} article, {way}", language, text, sibling.text, *titles, False)
        else:
            copy = _by_lines(text, way, self._chance)
        return Case(
            f"{language} article, {way}",
            language,
            text,
            copy,
            article.data["title"],
            article.data["title"],
            False,
        )

    def _sibling(self, article: Article) -> Article:
        same = [
            other
            for other in self._articles
            if other is not article and other.data["language"] == article.data["language"]
        ]
        near = [other for other in same if other.data.get("product") == article.data.get("product")]
        return self._chance.choice(near or same)


def _is_free(text: str, match: re.Match[str]) -> bool:
    """Whether a number stands alone: no list mark, range, date or part of a name, and not in an example."""
    start = text.rfind("\n", 0, match.start()) + 1
    before, after = text[start : match.start()], text[match.end() : match.end() + 12]
    if _LIST_MARK.match(before) or before.lstrip().startswith("#") or _RANGE.match(after):
        return False
    section = text[: match.start()].rpartition("## ")[2].split("\n")[0]
    is_example = any(word in section + before for word in ("نمونه", "مثل", "مثال", "xample"))
    return not (is_example or _RANGE_BEFORE.search(before) or before.endswith(("ماه ", "[")))


def _another(number: str, chance: random.Random) -> str:
    """Another number of the same form."""
    value = int(re.sub("[٬,]", "", number.translate(_ASCII)))
    other = chance.choice((value * 2, value * 3, value + 3 if value < 20 else value // 2)) or 4
    text = f"{other:,}" if re.search("[٬,]", number) else str(other)
    if re.search("[۰-۹]", number):
        return text.replace(",", "٬").translate(_PERSIAN_DIGITS)
    return text


def _line(text: str, match: re.Match[str]) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.start())
    return text[start : end if end >= 0 else len(text)]


def _in_rials(match: re.Match[str]) -> str:
    value = int(match[1].replace("٬", "").translate(_ASCII)) * 10
    return f"{value:,} ریال".replace(",", "٬").translate(_PERSIAN_DIGITS)


def _by_lines(text: str, way: str, chance: random.Random) -> str:
    """An edit that keeps tables and headings where they are: sections move or go as wholes."""
    if way in ("reordered", "shortened"):
        sections = re.split(r"(?m)^(?=## )", text)
        if way == "reordered":
            first, rest = sections[0], sections[1:]
            chance.shuffle(rest)
            return "".join([first, *rest])
        drop = chance.randrange(1, len(sections)) if len(sections) > 1 else 0
        return "".join(section for at, section in enumerate(sections) if at != drop) or text
    if way == "rials":
        way = "respelt"
    return EDITS[way](text, chance)


def planted_spans(text: str, planted: str) -> list[tuple[int, int]]:
    """Where the planted words stand in `text`; empty where the text was respelt."""
    return [(m.start(), m.end()) for m in re.finditer(re.escape(planted), text)]
