"""The content standard (KCS v6), as far as a machine can say: remarks on a draft with their places. Pure.

A machine finds what speaks against an item. Whether an article is unique, its links valid and its metadata
right is decided by that; whether it is complete and clear and its title fits is for a person to say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from codify.anchors import page_parser
from codify.elicitation.probe import language_of
from codify.hyperlinks import FoundLink, Verdict
from kb.vocabulary import ContentItem, Language
from search.analysis.analyzer import Analyzer
from search.analysis.fold import fold_text
from search.analysis.sentences import sentences
from search.plain import plain

LEAST_RESOLUTION_WORDS = 6
LONGEST_SENTENCE_WORDS = 40
LONGEST_PARAGRAPH_WORDS = 120
LONGEST_TITLE_CHARS = 90
#: so many signs of a next step in one paragraph make it a list
STEPS_OF_A_LIST = 3
#: of the title's words, so many must come in the article
LEAST_TITLE_SHARE = 0.5
#: fewer letters tell no language
_LETTERS_OF_A_LANGUAGE = 40

#: where nothing was found against them, they are met
DECIDED_BY_MACHINE = frozenset({ContentItem.UNIQUE, ContentItem.LINKS, ContentItem.METADATA})

_UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|TBD|XXX)\b|lorem ipsum|\?{3,}|؟{3,}|\[\s*(?:\.{2,}|…)\s*\]"
    r"|(?:بعداً|بعدا)\s+(?:تکمیل|کامل|اضافه)\s|(?:در دست|منتظر)\s+تکمیل|\(\s*تکمیل\s+شود\s*\)",
    re.IGNORECASE,
)
_STEP = {
    Language.PERSIAN: re.compile(
        r"(?<![\w\u200c])(?:سپس|بعد از آن|پس از آن|آن‌گاه|در مرحلهٔ بعد|در پایان|ابتدا|نخست)(?![\w\u200c])"
    ),
    Language.ENGLISH: re.compile(
        r"\b(?:then|next|after that|afterwards|finally|first of all|firstly|lastly)\b", re.IGNORECASE
    ),
}
#: titles that say nothing
_GENERIC_TITLES = (
    "راهنما|سؤال|سوال|سؤالات|سوالات|پرسش|مشکل|خطا|اطلاعات|توضیحات|متفرقه|بدون عنوان"
    "|help|guide|question|questions|faq|issue|problem|error|info|information|untitled|misc"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article's words as they would be released, and what belongs to it as a whole."""

    language: Language
    title: str
    resolution: str
    environment: str
    cause: str
    issue: tuple[str, ...]
    has_owner: bool
    has_topic: bool
    is_verified_again: bool

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The Markdown fields by name, in the order they are read."""
        return ("resolution", self.resolution), ("cause", self.cause), ("environment", self.environment)


@dataclass(frozen=True, slots=True)
class Remark:
    """What speaks against an item: `field[start:end]`, in code points; None where it is about the whole."""

    code: str
    fa: str
    en: str
    field: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class TriedLink:
    """A link of a field with what came of it; `fa` and `en` say that in words."""

    field: str
    link: FoundLink
    verdict: Verdict
    fa: str
    en: str


def remarks_on(
    draft: Draft, *, analyzer: Analyzer, twins: Sequence[str], links: Sequence[TriedLink]
) -> dict[ContentItem, list[Remark]]:
    """What speaks against each item; every item is there.

    Args:
        twins: titles of what says the same (`codify.duplicates`).
        links: of its Markdown fields, each with what came of it.
    """
    return {
        ContentItem.UNIQUE: [_twin(title) for title in twins],
        ContentItem.COMPLETE: list(_incomplete(draft)),
        ContentItem.CLEAR: [
            remark for field, text in draft.fields for remark in _unclear(draft, field, text)
        ],
        ContentItem.TITLE: list(_title(draft, analyzer)),
        ContentItem.LINKS: [_broken(one) for one in links if one.verdict.is_broken],
        ContentItem.METADATA: list(_metadata(draft)),
    }


def _twin(title: str) -> Remark:
    return Remark("twin", f"«{title}» همین را می‌گوید.", f"“{title}” says the same.")


def _broken(one: TriedLink) -> Remark:
    return Remark("broken_link", one.fa, one.en, one.field, one.link.start, one.link.end)


def _incomplete(draft: Draft) -> Iterator[Remark]:
    if len(plain(draft.resolution).text.split()) < LEAST_RESOLUTION_WORDS:
        yield Remark(
            "short_resolution",
            "راه‌حل نوشته نشده یا بسیار کوتاه است.",
            "The resolution is missing or very short.",
            "resolution",
        )
    if not draft.issue:
        yield Remark(
            "no_issue",
            "هیچ پرسشی به زبان پرسنده نوشته نشده است.",
            "There is no question in a requester’s words.",
            "issue",
        )
    for field, text in (("title", draft.title), *draft.fields):
        for match in _UNFINISHED.finditer(text):
            yield Remark(
                "unfinished",
                "این‌جا هنوز تمام نشده است.",
                "This place is not finished.",
                field,
                match.start(),
                match.end(),
            )


def _unclear(draft: Draft, field: str, text: str) -> Iterator[Remark]:
    for start, end, is_item in _paragraphs(text):
        block = text[start:end]
        for left, right in sentences(block):
            count = len(block[left:right].split())
            if count > LONGEST_SENTENCE_WORDS:
                yield Remark(
                    "long_sentence",
                    f"این جمله {count} کلمه دارد؛ در دو یا سه جمله بگویید.",
                    f"This sentence has {count} words; say it in two or three.",
                    field,
                    start + left,
                    start + right,
                )
        if len(block.split()) > LONGEST_PARAGRAPH_WORDS:
            yield Remark(
                "long_paragraph",
                "این بند بلند است؛ آن را بخش‌بخش یا فهرست کنید.",
                "This paragraph is long; part it, or make it a list.",
                field,
                start,
                end,
            )
        elif not is_item and len(_STEP[draft.language].findall(block)) >= STEPS_OF_A_LIST:
            yield Remark(
                "steps_in_prose",
                "این‌ها گام‌های پشت سر هم‌اند؛ شماره‌دار بنویسیدشان.",
                "These are steps; number them.",
                field,
                start,
                end,
            )


def _title(draft: Draft, analyzer: Analyzer) -> Iterator[Remark]:
    title = draft.title
    if len(title) > LONGEST_TITLE_CHARS:
        yield Remark(
            "long_title",
            f"عنوان {len(title)} نویسه دارد؛ کوتاه‌ترش کنید.",
            f"The title has {len(title)} characters; make it shorter.",
            "title",
            LONGEST_TITLE_CHARS,
            len(title),
        )
    if (
        "".join(c for c in fold_text(title).replace("\u200c", "") if c.isalnum() or c == " ").strip()
        in _GENERIC
    ):
        yield Remark(
            "generic_title",
            "عنوان نمی‌گوید دربارهٔ چیست.",
            "The title does not say what it is about.",
            "title",
        )
        return
    there = set(
        analyzer.passage_terms("\n".join([*draft.issue, *(plain(text).text for _, text in draft.fields)]))
    )
    words = [word for word in title.split() if analyzer.passage_terms(word)]
    missing = [word for word in words if not set(analyzer.passage_terms(word)) & there]
    if words and there and len(missing) > len(words) * (1 - LEAST_TITLE_SHARE):
        named = "، ".join(missing), ", ".join(missing)
        yield Remark(
            "title_elsewhere",
            f"متن از این کلمه‌های عنوان چیزی نمی‌گوید: {named[0]}.",
            f"The text says nothing of these words of the title: {named[1]}.",
            "title",
        )


def _metadata(draft: Draft) -> Iterator[Remark]:
    words = "\n".join(plain(text).text for _, text in draft.fields)
    if sum(c.isalpha() for c in words) >= _LETTERS_OF_A_LANGUAGE:
        written = language_of(words, draft.language)
        if written is not draft.language:
            yield Remark(
                "language",
                "زبان متن با زبان ثبت‌شدهٔ مقاله یکی نیست.",
                "The text is not in the language that the article is said to be in.",
            )
    if not draft.has_owner:
        yield Remark("no_owner", "کسی مسئول این مقاله نیست.", "Nobody owns this article.")
    if not draft.has_topic:
        yield Remark("no_topic", "نه برچسبی دارد و نه محصولی.", "It has neither a tag nor a product.")
    if not draft.is_verified_again:
        yield Remark(
            "never_verified_again",
            "هیچ‌گاه برای بازبینی یادآوری نمی‌شود.",
            "Nobody is ever reminded to verify it again.",
        )


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Spans of the blocks of running text, and whether each is in a list; headings and tables are none."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    tokens = page_parser().parse(text)
    for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        if token.type == "inline" and before.type == "paragraph_open" and token.map is not None:
            start, end = starts[token.map[0]], min(starts[min(token.map[1], len(starts) - 1)], len(text))
            yield start, end, token.level > 1


def _key(title: str) -> str:
    """Equal for all spellings of a title."""
    return "".join(c for c in fold_text(title) if c.isalnum())


_GENERIC = frozenset(_key(title) for title in _GENERIC_TITLES.split("|"))
