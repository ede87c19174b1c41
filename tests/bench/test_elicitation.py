"""`kb bench elicitation`: figures by hand, simulated authors, fitting, clear errors."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.command import app
from bench.dataset import BrokenDataset
from bench.elicitation import command
from bench.elicitation.fit import fit, labelled
from bench.elicitation.measure import Counts, measure
from bench.elicitation.notes import LabelledNote, read_notes
from bench.elicitation.simulate import interview, reached
from codify.elicitation.element import Detection, Element, Evidence
from codify.elicitation.model import LABELS
from kb.vocabulary import Language

TEXT = "A customer called because her line was dead. I restarted the modem first."
SITUATION, ACTION = [0, 43], [45, 72]


def row(**changes: Any) -> dict[str, Any]:
    elements = {"situation": [SITUATION], "action": [ACTION], "cue": []}
    answers = {
        "cue": "the light was blinking",
        "reason": None,
        "boundary": "fibre lines",
        "novice_error": "they wait",
    }
    return {
        "id": "n1", "language": "en", "register": "formal", "text": TEXT,
        "elements": elements, "answers": answers, **changes,
    }  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    rows = [row(), row(id="n2", language="fa", register="informal", text="سلام", elements={}, answers={})]
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows), encoding="utf-8")
    return path


def note(file: Path) -> LabelledNote:
    return read_notes(file)[0]


def test_notes_are_read_with_absent_elements_empty(file: Path) -> None:
    first, second = read_notes(file)
    assert first.language is Language.ENGLISH
    assert first.present == {Element.SITUATION, Element.ACTION}
    assert first.spans[Element.REASON] == ()
    assert first.answers[Element.REASON] is None
    assert second.present == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "de"},
        {"elements": {"cue": [[5, 5]]}},
        {"elements": {"cue": [[0, 999]]}},
        {"answers": None},
    ],
)
def test_a_broken_note_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(json.dumps(row(**changes)))
    with pytest.raises(BrokenDataset, match="note n1"):
        read_notes(path)
    path.write_text("")
    with pytest.raises(BrokenDataset, match="holds no note"):
        read_notes(path)


def test_figures_are_those_of_a_pocket_calculator(file: Path) -> None:
    def detector(text: str) -> Detection:
        def evidence(element: Element, start: int, end: int) -> Evidence:
            return Evidence(element, start, end, ("x",), 1.0, (start, end))

        if text != TEXT:
            return Detection((evidence(Element.CUE, 0, 4),))
        return Detection((evidence(Element.SITUATION, 0, 20), evidence(Element.ACTION, 0, 10)))

    figures = measure(read_notes(file), detector)
    assert figures[Element.SITUATION].present == Counts(1, 0, 0)
    assert figures[Element.SITUATION].overlap == pytest.approx(20 / 43)
    assert figures[Element.ACTION].present.f1 == 1.0
    assert figures[Element.ACTION].located == Counts(0, 1, 1)  # told, but not there
    assert figures[Element.ACTION].spans == Counts(0, 1, 1)
    assert figures[Element.CUE].present == Counts(0, 1, 0)
    assert figures[Element.REASON].present.f1 == 0.0
    assert Counts(3, 1, 2).precision == 0.75
    assert Counts(3, 1, 2).recall == 0.6
    assert Counts(3, 1, 2).f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


def test_a_simulated_author_is_asked_until_nothing_is_left(file: Path) -> None:
    done = interview(note(file))
    assert (done.probes, done.told, done.believed, done.needless) == (4, 4, 4, 0)  # the reason is skipped
    assert interview(note(file), most=2).told is None


def test_the_median_counts_interviews_that_never_got_there_as_longest() -> None:
    assert reached([0, 2, None]).median == 2
    assert reached([0, None, None]).median is None
    assert reached([1, 1, 3]).after == {1: 2, 3: 1}


def test_a_clause_has_the_label_that_covers_most_of_it(file: Path) -> None:
    assert LABELS[labelled(note(file), (0, 43))] is Element.SITUATION
    assert LABELS[labelled(note(file), (30, 72))] is Element.ACTION
    assert LABELS[labelled(note(file), (43, 45))] is None


def test_fitting_learns_what_the_labels_say(file: Path) -> None:
    odd = [
        LabelledNote(
            str(number), Language.ENGLISH, "formal", "Bananas are yellow. Nothing else here.",
            {element: ((0, 19),) if element is Element.CUE else () for element in Element},
            dict.fromkeys(Element),
        )
        for number in range(18)
    ]  # fmt: skip
    fitted = fit(odd)
    assert fitted.held_out[Element.CUE].f1 == 1.0
    assert fitted.as_json("x")["weights"]["form.yellow"]["cue"] > 0.1
    assert json.loads(json.dumps(fitted.as_json("x"))) == fitted.as_json("x")


def test_fitting_says_what_it_needs_where_that_is_not_installed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    refused = CliRunner().invoke(app, ["bench", "elicitation", "--notes", str(file), "--fit"])
    assert refused.exit_code == 2
    assert "PyTorch" in refused.output


def test_the_command_prints_tables_and_stable_json(file: Path) -> None:
    run = CliRunner()
    table = run.invoke(app, ["bench", "elicitation", "--notes", str(file), "--rules-only"])
    assert table.exit_code == 0, table.output
    assert "novice_error" in table.output
    assert "probes to five of six told" in table.output
    arguments = ["bench", "elicitation", "--notes", str(file), "--rules-only", "--json"]
    figures = json.loads(run.invoke(app, arguments).stdout)
    assert set(figures) == {"groups", "probes"}
    assert set(figures["groups"]) == {"all", "en", "fa", "formal", "informal"}
    assert set(figures["groups"]["all"]["elements"]["cue"]) == {"present", "located", "spans", "overlap"}
    assert set(figures["probes"]) == {"told", "believed", "put", "needless"}


def test_a_missing_file_and_a_lone_write_are_clear_errors(tmp_path: Path, file: Path) -> None:
    run = CliRunner()
    gone = run.invoke(app, ["bench", "elicitation", "--notes", str(tmp_path / "gone.jsonl")])
    assert gone.exit_code == 2
    # Lines are broken wherever the path before it ends.
    assert "gone.jsonldoesnotexist" in "".join(gone.output.split())
    assert run.invoke(app, ["bench", "elicitation", "--notes", str(file), "--write"]).exit_code == 2
