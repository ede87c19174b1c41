"""Reads a BEIR-like folder: corpus.jsonl, queries.jsonl, qrels.tsv, queries.noanswer.jsonl, answers.jsonl."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

_Member = TypeVar("_Member")


class BrokenDataset(Exception):
    """The folder cannot be measured with; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One query; `kind` is `meta.kind`, else `meta.split`, else "all"."""

    id: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a folder holds.

    Args:
        relevant: per query id, corpus ids with their grade (> 0).
        answers: per query id, accepted answer strings.
    """

    name: str
    corpus: tuple[Entry, ...]
    questions: tuple[Question, ...]
    relevant: Mapping[str, Mapping[str, int]]
    unanswerable: tuple[Question, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_dataset(
    folder: Path, *, corpus: str = "corpus.jsonl", queries: str = "queries.jsonl", kind: str | None = None
) -> Dataset:
    """The dataset in `folder`.

    Args:
        corpus, queries: file names in it.
        kind: only queries of this kind.
    Raises:
        BrokenDataset: a file is missing or a line is not what it should be.
    """
    entries = tuple(
        Entry(str(row["id"]), str(row.get("title") or ""), str(row["text"]))
        for row in read_rows(folder / corpus)
    )
    questions = tuple(_questions(folder / queries))
    known = {question.id for question in questions}
    relevant = {key: grades for key, grades in _qrels(folder / "qrels.tsv").items() if key in known}
    chosen = tuple(q for q in questions if q.id in relevant and (kind is None or q.kind == kind))
    if not chosen:
        raise BrokenDataset(
            f"{folder / queries}: no query{f' of kind {kind}' if kind else ''} has a judgement"
        )
    unanswerable = folder / "queries.noanswer.jsonl"
    answers = folder / "answers.jsonl"
    return Dataset(
        folder.name,
        entries,
        chosen,
        relevant,
        tuple(_questions(unanswerable)) if unanswerable.exists() else (),
        {str(row["id"]): tuple(row["answers"]) for row in read_rows(answers)} if answers.exists() else {},
    )


def spread(members: Sequence[_Member], limit: int | None) -> Sequence[_Member]:
    """At most `limit` of them, evenly spaced, in order."""
    if limit is None or len(members) <= limit:
        return members
    return [members[index * len(members) // limit] for index in range(limit)]


def _questions(path: Path) -> Iterator[Question]:
    for row in read_rows(path):
        meta = row.get("meta") or {}
        yield Question(str(row["id"]), str(row["text"]), str(meta.get("kind") or meta.get("split") or "all"))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file in its order, each with an "id".

    Raises:
        BrokenDataset: the file is missing or a line is something else.
    """
    if not path.exists():
        raise BrokenDataset(f"{path} does not exist")
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BrokenDataset(f"{path}:{number} is not JSON: {error}") from error
            if not isinstance(row, dict) or "id" not in row:
                raise BrokenDataset(f"{path}:{number} has no id")
            yield row


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    if not path.exists():
        raise BrokenDataset(f"{path} does not exist")
    relevant: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t"):
            if len(row) < 3 or row[0] == "query-id":
                continue
            if (grade := int(float(row[2]))) > 0:
                relevant.setdefault(row[0], {})[row[1]] = grade
    return relevant
