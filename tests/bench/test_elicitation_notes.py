"""The labelled experience notes are valid, and their halves alike: a figure on one speaks for the other."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "bench" / "elicitation"
ELEMENTS = ("situation", "cue", "action", "reason", "boundary", "novice_error")


def _notes(half: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"notes.{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _letters(note: dict[str, Any]) -> str:
    return "".join(re.findall(r"\w", note["text"].casefold()))


#: measured on, never fitted on, without answers
FRESH = _notes("fresh")
HALVES = {half: _notes(half) for half in ("dev", "held")}
NOTES = [note for notes in HALVES.values() for note in notes]
each_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note["id"])
each_half = pytest.mark.parametrize("half", HALVES)


@each_note
def test_a_note_has_the_documented_fields(note: dict[str, Any]) -> None:
    assert list(note) == ["id", "language", "register", "text", "elements", "answers"]
    assert re.fullmatch(note["language"] + r"-\d{3}", note["id"])
    assert note["language"] in {"fa", "en"}
    assert note["register"] in {"formal", "informal"}
    assert note["text"] == note["text"].strip()
    assert 15 <= len(note["text"].split()) <= 180


@each_note
def test_spans_lie_inside_the_text_in_order_and_hold_words(note: dict[str, Any]) -> None:
    assert tuple(note["elements"]) == ELEMENTS
    for spans in note["elements"].values():
        for start, end in spans:
            assert 0 <= start < end <= len(note["text"])
            shown = note["text"][start:end]
            assert shown == shown.strip()
            assert len(shown.split()) >= 2
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("note", FRESH, ids=lambda note: note["id"])
def test_a_fresh_note_has_the_same_fields_and_sound_spans(note: dict[str, Any]) -> None:
    assert list(note) == ["id", "language", "register", "text", "elements", "answers"]
    assert tuple(note["elements"]) == ELEMENTS
    assert note["text"] == note["text"].strip()
    for spans in note["elements"].values():
        assert all(note["text"][start:end].strip() for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_fresh_notes_are_half_persian_and_a_third_informal() -> None:
    assert 0.45 <= sum(note["language"] == "fa" for note in FRESH) / len(FRESH) <= 0.55
    assert sum(note["register"] == "informal" for note in FRESH) >= len(FRESH) / 3


def test_nothing_is_fitted_on_what_is_measured_on() -> None:
    fitted = [*HALVES["dev"], *_notes("more"), *_notes("train")]
    known = {_letters(note) for note in fitted}
    assert not known & {_letters(note) for note in [*HALVES["held"], *FRESH]}


@each_note
def test_an_author_has_an_answer_for_every_element_the_note_holds(note: dict[str, Any]) -> None:
    assert tuple(note["answers"]) == ELEMENTS
    for element, answer in note["answers"].items():
        assert answer is not None or note["elements"][element] == []
        assert answer is None or answer.strip() == answer != ""


def test_authors_have_no_answer_for_about_one_in_twelve_absent_elements() -> None:
    answers = [
        note["answers"][element] for note in NOTES for element in ELEMENTS if not note["elements"][element]
    ]
    assert 0.05 <= answers.count(None) / len(answers) <= 0.11


def test_there_are_enough_notes_half_persian_and_a_third_informal() -> None:
    assert len(NOTES) >= 144
    assert 2 * sum(note["language"] == "fa" for note in NOTES) == len(NOTES)
    assert sum(note["register"] == "informal" for note in NOTES) >= len(NOTES) / 3


def test_no_note_is_there_twice() -> None:
    assert len({note["id"] for note in NOTES}) == len(NOTES)
    assert len({_letters(note) for note in NOTES}) == len(NOTES)


def test_both_halves_have_the_same_languages_and_registers() -> None:
    dev, held = (Counter((note["language"], note["register"]) for note in notes) for notes in HALVES.values())
    assert dev == held


@each_half
@pytest.mark.parametrize("element", ELEMENTS)
def test_each_half_has_an_element_often_enough_present_and_absent(half: str, element: str) -> None:
    present = sum(bool(note["elements"][element]) for note in HALVES[half])
    assert 0.35 <= present / len(HALVES[half]) <= 0.7


@each_half
def test_each_half_has_notes_with_none_to_six_elements(half: str) -> None:
    sizes = {sum(bool(spans) for spans in note["elements"].values()) for note in HALVES[half]}
    assert sizes == set(range(7))
