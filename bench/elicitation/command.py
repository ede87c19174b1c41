"""`kb bench elicitation`."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.dataset import BrokenDataset
from bench.elicitation.fit import fit, write
from bench.elicitation.measure import ElementFigures, groups, measure
from bench.elicitation.notes import LabelledNote, read_notes
from bench.elicitation.simulate import Interview, interview, reached
from codify.elicitation.detect import Detector, detect, detector_with
from codify.elicitation.element import Element
from kb.settings import Settings
from search.embedding import E5Embedder
from search.embedding.protocol import Embedder
from search.open import open_embedder

NOTES = Path(__file__).with_name("notes.dev.jsonl")


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that the command prints."""

    groups: Mapping[str, tuple[int, dict[Element, ElementFigures]]]
    interviews: tuple[Interview, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "groups": {
                name: {"notes": count, "elements": {one.value: _as_json(f) for one, f in figures.items()}}
                for name, (count, figures) in self.groups.items()
            },
            "probes": {
                "told": reached([one.told for one in self.interviews]).as_json(),
                "believed": reached([one.believed for one in self.interviews]).as_json(),
                "put": sum(one.probes for one in self.interviews),
                "needless": sum(one.needless for one in self.interviews),
            },
        }


def elicitation(
    notes: Annotated[
        list[Path] | None, typer.Option(help="Labelled notes, JSON lines; several times for several files.")
    ] = None,
    fitting: Annotated[
        bool,
        typer.Option("--fit", help="Fit the weights of features on these notes; says how well held out."),
    ] = False,
    replace: Annotated[bool, typer.Option("--write", help="With --fit: put them into the package.")] = False,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="As where no embedder is at hand that reads clauses.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """How well the elements of labelled notes are found, and how many probes an interview takes."""
    try:
        files = notes or [NOTES]
        labelled = [note for file in files for note in read_notes(file)]
    except BrokenDataset as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(2) from error
    if replace and not fitting:
        raise typer.BadParameter("--write needs --fit")
    embedder = None if rules_only else open_embedder(Settings())
    if fitting:
        _fit(labelled, files, embedder, replace=replace, as_json=as_json)
        return
    measured = measure_all(labelled, detector_with(embedder))
    if as_json:
        print(json.dumps(measured.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(measured)


def measure_all(notes: Sequence[LabelledNote], detector: Detector = detect) -> Measured:
    """The figures of all notes and of each language and register, and an interview of every author."""
    parts = {name: (len(some), measure(some, detector)) for name, some in groups(notes).items()}
    return Measured(parts, tuple(interview(note, detector=detector) for note in notes))


def _fit(
    labelled: Sequence[LabelledNote],
    files: Sequence[Path],
    embedder: Embedder | None,
    *,
    replace: bool,
    as_json: bool,
) -> None:
    tuned = embedder if isinstance(embedder, E5Embedder) else None
    if tuned is not None and find_spec("torch") is None:
        raise typer.BadParameter(
            "--fit tunes the embedder with PyTorch, which is not installed: add the extra "
            "'sentence-transformers', or fit with --rules-only"
        )
    fitted = fit(labelled, embedder=tuned)
    named = " ".join(f"--notes {file.name}" for file in files)
    if as_json:
        print(json.dumps(fitted.as_json(named), ensure_ascii=False, indent=2))
    else:
        for element, counts in fitted.held_out.items():
            print(f"{element:<13} held out: F1 {counts.f1:.4f} ({counts.precision:.3f} {counts.recall:.3f})")
    if replace:
        write(fitted, named)


def _as_json(figures: ElementFigures) -> dict[str, Any]:
    return {
        "present": figures.present.as_json(),
        "located": figures.located.as_json(),
        "spans": figures.spans.as_json(),
        "overlap": round(figures.overlap, 4),
    }


def _print(measured: Measured) -> None:
    out = Console(width=None if sys.stdout.isatty() else 120)
    count, figures = measured.groups["all"]
    table = Table(title=f"{count} notes")
    for name in ("element", "precision", "recall", "F1", "F1 in place", "F1 of spans", "overlap"):
        table.add_column(name, justify="left" if name == "element" else "right")
    for element, f in figures.items():
        values = (f.present.precision, f.present.recall, f.present.f1, f.located.f1, f.spans.f1, f.overlap)
        table.add_row(element.value, *(f"{value:.4f}" for value in values))
    out.print(table)
    table = Table(title="F1 by language and register")
    table.add_column("element")
    for name, (some, _) in measured.groups.items():
        table.add_column(f"{name} ({some})", justify="right")
    for element in Element:
        row = [f"{figures[element].present.f1:.4f}" for _, figures in measured.groups.values()]
        table.add_row(element.value, *row)
    out.print(table)
    _print_probes(measured.interviews)


def _print_probes(interviews: Sequence[Interview]) -> None:
    for what, counts in (
        ("told, by the labels", [one.told for one in interviews]),
        ("believed by the service", [one.believed for one in interviews]),
    ):
        found = reached(counts)
        spread = ", ".join(f"{probes}: {number}" for probes, number in found.after.items())
        median = "never" if found.median is None else f"{found.median:g}"
        print(f"probes to five of six {what}: median {median} ({spread}; never: {found.never})")
    put, needless = sum(one.probes for one in interviews), sum(one.needless for one in interviews)
    print(f"probes put: {put}; for what the note told already: {needless}")
