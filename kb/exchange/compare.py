"""What a file would change in what is here: pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.article.diff import WORD_FIELDS
from kb.article.words import clean_group, clean_words, joined_issue
from kb.exchange.image import ArticleImage, AttachmentImage, NoteImage, RevisionImage, TemplateImage
from kb.exchange.roster import Roster
from kb.text import (
    LINE_LIMIT_CHARS,
    TEXT_LIMIT_CHARS,
    clean_line,
    clean_products,
    clean_segments,
    clean_tags,
    clean_text,
)

_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "tags": lambda value: tuple(clean_tags(value)),
    "products": lambda value: tuple(clean_products(value)),
    "segments": lambda value: tuple(clean_segments(value)),
    "translation_group": clean_group,
}
#: of an article as a whole, in the order in which differences are shown
_ARTICLE_FIELDS = (
    "language",
    "audience",
    "state",
    "governance",
    "tags",
    "products",
    "segments",
    "translation_group",
    "translates",
    "translates_number",
    "merged_into",
    "verify_every_days",
    "release_at",
    "archive_at",
    "released",
)
_NOTE_FIELDS = ("language", "audience", "state", "tags", "products", "segments")
_TEMPLATE_FIELDS = ("name", "language", "title", "environment", "resolution", "cause", "tags")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; `field` is the file's name of it (`working.title`)."""

    field: str
    before: Any
    after: Any


def article_changes(image: ArticleImage, current: ArticleImage, roster: Roster) -> tuple[FieldChange, ...]:
    """What the fields that `image` states would change; nothing for what only the record says.

    Raises:
        EmptyText, TextTooLong, InvalidInput: a field that could not be kept; names it.
    """
    found = _plain_changes(image, current, _ARTICLE_FIELDS)
    if "owner" in image.given:
        found += _change("owner", current.owner, roster.owner(image.owner))
    if "team" in image.given:
        found += _change("team", current.team, roster.team(image.team))
    if "issue" in image.given:
        # Without a version here the file does not know which lines came since: they stay.
        present = current.issue if image.version is None else ()
        found += _change("issue", current.issue, tuple(joined_issue(present, image.issue)))
    found += _word_changes("", image.words, current.words, given=image.given | {"title", "resolution"})
    if image.working is not None:
        found += _word_changes(
            "working.", image.working, current.working or current.words, given=frozenset(WORD_FIELDS)
        )
    if "attachments" in image.given:
        found += _change("attachments", _files_of(current), _files_of(image))
    return tuple(found)


def refusals(image: ArticleImage, current: ArticleImage, changes: tuple[FieldChange, ...]) -> list[str]:
    """Why some of these changes cannot be made: the record never loses what was served or asked."""
    reasons: list[str] = []
    for change in changes:
        match change.field:
            case "language" | "governance":
                reasons.append(f"{change.field} of an article that is here stays {change.before.value}")
            case "released" if current.released:
                reasons.append("what was released is archived, not taken back: set state to archived")
            case "issue" if not set(change.before) <= set(change.after):
                lost = next(line for line in change.before if line not in change.after)
                reasons.append(f"lines of issue are only ever added, and this one is missing: {lost}")
            case "attachments" if not set(change.before) <= set(change.after):
                reasons.append("attachments that are here cannot be changed or left out by an import")
    hides_working = image.working is None and current.working is not None and image.version is not None
    if hides_working and any(change.field in WORD_FIELDS for change in changes):
        reasons.append("a working revision waits here that the file does not have")
    return reasons


def note_changes(image: NoteImage, current: NoteImage) -> tuple[FieldChange, ...]:
    """What a note's file would change.

    Raises:
        EmptyText, TextTooLong, InvalidInput.
    """
    found = _change("text", current.text, clean_text("text", image.text, TEXT_LIMIT_CHARS))
    found += _plain_changes(image, current, _NOTE_FIELDS)
    if "answers" in image.given:
        found += _change("answers", _said(current), _said(image))
    return tuple(found)


def template_changes(image: TemplateImage, current: TemplateImage) -> tuple[FieldChange, ...]:
    """What a template's file would change."""
    return tuple(_plain_changes(image, current, _TEMPLATE_FIELDS))


def clean_words_of(revision: RevisionImage) -> dict[str, str]:
    """A revision's words as the record would keep them."""
    return clean_words({field: getattr(revision, field) for field in WORD_FIELDS}, TEXT_LIMIT_CHARS)


def _plain_changes(image: Any, current: Any, names: tuple[str, ...]) -> list[FieldChange]:
    found: list[FieldChange] = []
    for name in names:
        if name in image.given:
            after = _CLEANERS.get(name, lambda value: value)(getattr(image, name))
            found += _change(name, getattr(current, name), after)
    return found


def _word_changes(
    prefix: str, image: RevisionImage, current: RevisionImage, *, given: frozenset[str]
) -> list[FieldChange]:
    found: list[FieldChange] = []
    words = clean_words_of(image)
    for field in WORD_FIELDS:
        if field in given:
            found += _change(prefix + field, getattr(current, field), words[field])
    return found


def shown_file(image: AttachmentImage) -> str:
    """An attachment in a comparison: the same content under the same name is the same."""
    return f"{image.filename} {image.sha256}"


def _files_of(image: ArticleImage) -> tuple[str, ...]:
    return tuple(sorted(map(shown_file, image.attachments)))


def _said(image: NoteImage) -> tuple[tuple[str, str, str | None], ...]:
    return tuple(
        (
            one.element.value,
            clean_line("probe", one.probe, LINE_LIMIT_CHARS),
            None if one.text is None else clean_text("text", one.text, TEXT_LIMIT_CHARS),
        )
        for one in sorted(image.answers, key=lambda answer: answer.number)
    )


def _change(field: str, before: Any, after: Any) -> list[FieldChange]:
    return [] if before == after else [FieldChange(field, before, after)]
