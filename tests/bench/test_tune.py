"""Tuning: what is learnt tells clauses apart, and the service reads it as PyTorch does."""

from pathlib import Path

import pytest

from bench.elicitation import tune as tuning
from bench.elicitation.fit import fit
from bench.elicitation.notes import LabelledNote
from codify.elicitation.detect import detect_in, observe
from codify.elicitation.element import Element
from kb.vocabulary import Language
from search.embedding import E5Embedder

pytest.importorskip("torch", reason="of the extra sentence-transformers; fitting alone needs it")


SEEN = ("The lamp was red there.", "Steam came out of the valve.", "The needle stood at zero.")


def labelled_note(number: int) -> LabelledNote:
    seen = SEEN[number % 3]
    text = f"{seen} Bananas are on offer until Friday. See you at lunch."
    spans = {element: ((0, len(seen) - 1),) if element is Element.CUE else () for element in Element}
    return LabelledNote(str(number), Language.ENGLISH, "formal", text, spans, dict.fromkeys(Element))


def test_a_tuned_model_finds_what_was_labelled_and_keeps_its_adapter(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "BATCH", 2)
    embedder = E5Embedder(models_directory=models_dir)
    fitted = fit([labelled_note(number) for number in range(24)], embedder=embedder)
    assert fitted.held_out[Element.CUE].f1 == 1.0
    meaning = fitted.model.meaning
    assert meaning is not None
    assert meaning.adapter is not None
    assert any(up.any() for _, up in meaning.adapter.changes.values())
    assert {f"{one.text}." for one in meaning.exemplars} <= set(SEEN)
    text = "The gauge stood at zero. Bananas are on offer until Friday. See you at lunch."
    detection = detect_in(observe(text, embedder=embedder, adapter=meaning.adapter), fitted.model)
    assert [one.cut(text) for one in detection.evidence] == ["The gauge stood at zero"]
