r"""The language in which rules are written: patterns over words, not over letters.

A pattern is a row of elements with spaces between them:

=============  ==============================================================================================
`تازه‌کار`      a word as it is spelt, in any spelling that the analyzer folds; ZWNJ means joined or apart
`نشان*` `*ها`  a word that begins so, that ends so
`=مشتری`       any form of a noun (the analyzer's term)
`@گفت`         any form of a verb, named as the analyzer does: Persian by past stem, English by base form
`@گفت.1.past`  a form of it with these tags; `@.1.past` of any verb; `!` before a tag: without it
`<sign>`       a class of the rule file, whose members are patterns; tags may follow
`a|b`          either
`(a b)?`       this or nothing; `(a b)` without `?` groups only
`...` `..`     up to 6, up to 2 words of any kind
`~`            up to 6 words that are no form of a verb
`!a|b`         the next word is none of these
`^` `$` `^^`   here a clause begins, ends; here a sentence begins
=============  ==============================================================================================

A text is encoded as one string in which every word is ` form/lemma/.tag.tag.`, so that a pattern becomes one
regular expression without nested repetition.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codify.elicitation.words import Word
from search.analysis.english import stem_english
from search.analysis.fold import ZWNJ, fold_text

#: words that a gap may skip
_GAPS = {"...": 6, "..": 2}
_TOKEN = re.compile(r"\(|\)\??|\.\.\.|\.\.|\^\^|\^|\$|[^\s()]+")
_LETTERS = re.compile("['’`]")


class BrokenPattern(ValueError):
    """A pattern of a rule file cannot be read; says which and why."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Words as one string; `starts` holds where each begins in it, ascending."""

    text: str
    starts: tuple[int, ...]


def encode(words: Sequence[Word], tags: Sequence[Iterable[str]]) -> Encoded:
    """Encode `words`, each with its own tags and those of its place."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for word, more in zip(words, tags, strict=True):
        everything = "".join(f"{tag}." for tag in sorted({*word.tags, *more}))
        part = f" {word.form}/{word.lemma}/.{everything}"
        starts.append(length)
        parts.append(part)
        length += len(part)
    return Encoded("".join(parts), tuple(starts))


def compile_pattern(pattern: str, classes: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """The regular expression of a pattern.

    Args:
        classes: name -> patterns of its members.
    Raises:
        BrokenPattern: an unknown class, or brackets that do not match.
    """
    return re.compile(_Reader(pattern, classes).read())


def either(patterns: Iterable[str], classes: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """One regular expression of several patterns.

    Raises:
        BrokenPattern: as `compile_pattern`.
    """
    return re.compile("|".join(_Reader(pattern, classes).read() for pattern in patterns))


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, classes: Mapping[str, Sequence[str]]) -> None:
        self._pattern = pattern
        self._classes = classes

    def read(self) -> str:
        parts: list[str] = []
        depth = 0
        for part in _TOKEN.findall(self._pattern):
            if part == "(":
                depth += 1
                parts.append("(?:")
            elif part in (")?", ")"):
                depth -= 1
                parts.append(part)
            else:
                parts.append(self._element(part))
        if depth:
            raise BrokenPattern(f"{self._pattern!r}: brackets do not match")
        return "".join(parts)

    def _element(self, part: str) -> str:
        if part in _GAPS:
            return f"(?: [^ ]+){{0,{_GAPS[part]}}}?"
        if part == "~":
            return "(?: [^ /]+/(?!@)[^ ]*){0,6}?"
        if part == "^":
            return r"(?= [^ ]*\.cl\.)"
        if part == "^^":
            return r"(?= [^ ]*\.se\.)"
        if part == "$":
            return r"(?= [^ ]*\.cl\.|$)"
        if part.startswith("!") and len(part) > 1:
            return f"(?!{self._either(part[1:])})"
        return self._either(part)

    def _either(self, part: str) -> str:
        options = [self._option(option) for option in part.split("|")]
        return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"

    def _option(self, option: str) -> str:
        if option.startswith("<"):
            name, _, tags = option[1:].partition(">")
            members = self._classes.get(name)
            if not members:
                raise BrokenPattern(f"{self._pattern!r}: there is no class <{name}>")
            read = [_Reader(f"{member}{tags}", self._classes).read() for member in members]
            return f"(?:{'|'.join(read)})"
        if option.startswith("@"):
            lemma, *tags_ = option.split(".")
            key = fold_text(lemma.replace(ZWNJ, ""))
            return f" [^/ ]*/{re.escape(key) if key != '@' else '@[^/ ]*'}/{_tags(tags_)}[^ ]*"
        word, *tags_ = option.split(".") if not option[0].isdigit() else [option]
        if word.startswith("="):
            return f" [^/ ]*/{re.escape(lemma_of(word[1:]))}/{_tags(tags_)}[^ ]*"
        if word.startswith("*") and len(word) > 1:
            return f" [^/ ]*{re.escape(_spelt(word[1:], ''))}/[^/ ]*/{_tags(tags_)}[^ ]*"
        return _literal(word, _tags(tags_))


def lemma_of(noun: str) -> str:
    """The term that the analyzer gives any form of `noun`."""
    spelt = _spelt(noun, "")
    return stem_english(spelt) if spelt.isascii() else spelt


def _spelt(word: str, zwnj: str) -> str:
    return _LETTERS.sub("", fold_text(word)).replace(ZWNJ, zwnj)


def _literal(word: str, tags: str) -> str:
    """A word as spelt; where it holds ZWNJ, also as words of their own."""
    starred = word.endswith("*")
    pieces = [re.escape(piece) for piece in _spelt(word.rstrip("*"), ZWNJ).split(ZWNJ)]
    rest = f"{'[^/ ]*' if starred else ''}/[^/ ]*/{tags}[^ ]*"
    joined = f" {''.join(pieces)}{rest}"
    if len(pieces) == 1:
        return joined
    # Affixes written apart are joined by the analyzer, other pieces are not: any cut is possible.
    loose = "(?:/[^ ]* )?".join(pieces)
    return f" {loose}{rest}"


def _tags(tags: Sequence[str]) -> str:
    looks = []
    for tag in tags:
        without = tag.startswith("!")
        looks.append(f"(?{'!' if without else '='}[^ ]*\\.{re.escape(tag.lstrip('!'))}\\.)")
    return "".join(looks)
