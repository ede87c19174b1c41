"""Do two spellings of one query find the same first hit? For pairs that people wrote, and for made ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.dataset import BrokenDataset, Entry, Question, read_rows
from search.analysis.variants import spelling_variants


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spellings of one query; `kind` is "pairs" or the name of the variant."""

    kind: str
    standard: str
    other: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """`share` of the pairs of a kind whose two forms have the same first hit; in [0, 1]."""

    kind: str
    pairs: int
    share: float

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "pairs": self.pairs, "same_first_hit": round(self.share, 4)}


def read_pairs(folder: Path) -> list[Pair]:
    """The pairs of `pairs.jsonl`: {id, noisy, standard} a line.

    Raises:
        BrokenDataset: the file is missing or a line lacks a form.
    """
    path = folder / "pairs.jsonl"
    pairs = []
    for row in read_rows(path):
        if "noisy" not in row or "standard" not in row:
            raise BrokenDataset(f"{path}: {row['id']} has not both forms")
        pairs.append(Pair("pairs", str(row["standard"]), str(row["noisy"])))
    return pairs


def make_variants(questions: Sequence[Question], *, seed: int) -> list[Pair]:
    """Every generated spelling of the queries that differs from the query."""
    return [
        Pair(name, question.text, variant)
        for number, question in enumerate(questions)
        for name, variant in spelling_variants(question.text, seed + number).items()
        if variant != question.text
    ]


def measure_agreement(
    first_hit: Callable[[str], str | None],
    corpus: Sequence[Entry],
    pairs: Sequence[Pair],
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Agreement, ...]:
    """The share of same first hits per kind of pair; "variants" sums up the made ones.

    Args:
        first_hit: the corpus id that a search for a text finds first; None where it finds nothing.

    Entries of the same title and text are one hit: either is as good. A form that finds nothing agrees
    with nothing.
    """
    content = {entry.id: (entry.title.strip(), entry.text.strip()) for entry in corpus}
    found: dict[str, tuple[str, str] | None] = {}

    def first(text: str) -> tuple[str, str] | None:
        if text not in found:
            id = first_hit(text)
            found[text] = None if id is None else content[id]
        return found[text]

    same: dict[str, list[bool]] = {}
    for done, pair in enumerate(pairs, start=1):
        standard, other = first(pair.standard), first(pair.other)
        same.setdefault(pair.kind, []).append(standard is not None and standard == other)
        if done % 50 == 0 or done == len(pairs):
            progress(done, len(pairs))
    made = [agreed for kind, kept in same.items() if kind != "pairs" for agreed in kept]
    if made:
        same["variants"] = made
    return tuple(Agreement(kind, len(kept), sum(kept) / len(kept)) for kind, kept in same.items())
