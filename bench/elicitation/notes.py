"""Reads labelled notes: JSON lines with text, spans of elements, and what the author would answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.dataset import BrokenDataset, read_rows
from codify.elicitation.element import Element
from kb.vocabulary import Language

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """One note as people labelled it.

    Attributes:
        register: such as formal, informal, dictated.
        spans: code points of `text`, half-open, for every element; none where it is absent.
        answers: what the author answers when an element is asked for; None is a skip.
    """

    id: str
    language: Language
    register: str
    text: str
    spans: Mapping[Element, tuple[Span, ...]]
    answers: Mapping[Element, str | None]

    @property
    def present(self) -> frozenset[Element]:
        return frozenset(element for element, spans in self.spans.items() if spans)


def read_notes(path: Path) -> tuple[LabelledNote, ...]:
    """The notes of a file `{"id", "language", "register", "text", "elements", "answers"}`, in its order.

    Raises:
        BrokenDataset: the file is missing, empty, or a line is not what it should be; names file and note.
    """
    notes = tuple(_note(path, row) for row in read_rows(path))
    if not notes:
        raise BrokenDataset(f"{path} holds no note")
    return notes


def _note(path: Path, row: dict[str, Any]) -> LabelledNote:
    try:
        text = str(row["text"])
        return LabelledNote(
            id=str(row["id"]),
            language=Language(row["language"]),
            register=str(row.get("register") or "all"),
            text=text,
            spans={
                element: tuple(_span(text, span) for span in row["elements"].get(element.value) or ())
                for element in Element
            },
            answers={element: row["answers"].get(element.value) for element in Element},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenDataset(f"{path}: note {row['id']} cannot be used: {error!r}") from error


def _span(text: str, span: Any) -> Span:
    start, end = int(span[0]), int(span[1])
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {start}..{end} lies outside its text of {len(text)}")
    return start, end
