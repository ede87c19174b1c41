"""`kb bench confidence`."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.calibrate import fit_confidence, observe, write
from bench.dataset import BrokenDataset, read_dataset
from bench.measures import plot_reliability
from bench.options import progress_bar, report_to


def calibrate(
    directories: Annotated[
        list[Path], typer.Argument(help="Question sets; at least one with queries.noanswer.jsonl.")
    ],
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many questions of a kind, spread evenly.")
    ] = None,
    replace: Annotated[bool, typer.Option("--write", help="Put the fitted curve into the package.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Fit the confidence curve on question sets: held-out calibration error, AUROC, reliability plot."""
    screen = Console(stderr=True)
    names = [directory.name for directory in directories]
    with progress_bar(screen) as bar:
        report = report_to(bar)
        try:
            observed = [
                observe(read_dataset(directory), limit=limit, progress=partial(report, directory.name))
                for directory in directories
            ]
        except BrokenDataset as error:
            screen.print(str(error), markup=False, highlight=False)
            raise typer.Exit(2) from error
    if not any(one.has_unanswerable for one in observed):
        raise typer.BadParameter("none of these sets has unanswerable questions (queries.noanswer.jsonl)")
    fitted = fit_confidence(observed)
    if as_json:
        print(json.dumps(fitted.as_json(names, limit), indent=2))
    else:
        for name, figures in fitted.per_set.items():
            print(name, ", ".join(f"{key} {value}" for key, value in figures.items() if value is not None))
        print(f"all, held out: expected calibration error {fitted.calibration_error:.4f}")
        print(plot_reliability(fitted.held_out))
    if replace:
        write(fitted, names, limit)
